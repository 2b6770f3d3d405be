import { parseDeviceId } from '../../domain/ids.ts';
import type { DeviceId } from '../../domain/ids.ts';

/** What a topic of a FIWARE IoT Agent says. */
export interface FiwareTopic {
  readonly device: string;
  /** Measures come on `attrs`; `cmd` is a command to the device and `cmdexe` its answer. */
  readonly kind: 'attrs' | 'cmd' | 'cmdexe';
  /** One attribute alone: its name is in the topic and its value is the payload. */
  readonly attribute: string | undefined;
}

/**
 * Takes apart `/{protocol}/{apikey}/{device}/attrs` and `.../attrs/{name}`; the first slash may be missing, and so may the
 * protocol, which is what the agents of one protocol were published to before.
 */
export function readFiwareTopic(topic: string): FiwareTopic | undefined {
  const levels = topic.replace(/^\//, '').split('/');
  const at = levels.findIndex((level, index) => index >= 2 && KINDS.some((kind) => kind === level));
  const kind = KINDS.find((one) => one === levels[at]);
  const [attribute, ...more] = levels.slice(at + 1);
  const device = levels[at - 1];
  if (kind === undefined || device === undefined || more.length > 0) return undefined;
  if (at !== 2 && !(at === 3 && PROTOCOLS.some((one) => one === levels[0]))) return undefined;
  if (attribute !== undefined && kind !== 'attrs') return undefined;
  return { device, kind, attribute };
}

const KINDS = ['attrs', 'cmd', 'cmdexe'] as const;
const PROTOCOLS = ['ul', 'json'] as const;

/** Whether a topic is of the agent of this protocol and of no other: it starts with the protocol's name. */
export function isFiwareTopic(levels: readonly string[], protocol: 'ul' | 'json'): boolean {
  if (levels[0] !== protocol && !(levels[0] === '' && levels[1] === protocol)) return false;
  return readFiwareTopic(levels.join('/')) !== undefined;
}

/** The device that a topic names. */
export function findFiwareDevice(topic: string): DeviceId | undefined {
  return parseDeviceId(readFiwareTopic(topic)?.device ?? '');
}
