import type { BinId, DeviceId } from '../../domain/ids.ts';
import { CODECS, codecForAlias, findCodec } from '../../ingest/codecs/registry.ts';
import { findBin } from '../../store/bins.ts';
import type { Store } from '../../store/database.ts';
import { findDevice, saveDevices } from '../../store/devices.ts';
import { mountDevice } from '../../store/mount-device.ts';
import { createToken, findPrincipal, savePrincipal } from '../../store/principals.ts';
import type { Principal, PrincipalKind } from '../../store/principals.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { print } from '../print.ts';
import { assertGeometryFits } from './assert-geometry-fits.ts';
import { toGeometry } from './geometry-options.ts';
import type { GeometryOptions } from './geometry-options.ts';

export interface DeviceOptions extends GeometryOptions {
  readonly kind: PrincipalKind;
  readonly model?: string;
  readonly interval?: number;
  readonly behindGateway: boolean;
  readonly bin?: BinId;
  readonly prefix?: readonly string[];
  readonly backfill: boolean;
}

/** Registers what connects, or a sensor that others speak for. Prints the token, which is not kept. */
export async function addDevice(
  store: Store,
  id: DeviceId,
  options: DeviceOptions,
  nowMs: number,
): Promise<void> {
  assertOptionsFit(options);
  const model = options.model === undefined ? null : modelName(options.model);
  const geometry = toGeometry(options);
  assertGeometryFits(geometry, model);
  await assertUnknown(store, id);
  if (options.bin !== undefined && (await findBin(store, options.bin)) === undefined) {
    throw new Refusal(EXIT.failure, `There is no bin ${options.bin}; add it first`);
  }
  if (options.kind === 'device') {
    await saveDevices(store, [{ id, model, reportIntervalSeconds: options.interval ?? null }]);
    if (options.bin !== undefined) {
      const mounted = await mountDevice(
        store,
        { deviceId: id, binId: options.bin, geometry },
        nowMs,
      );
      if (!mounted.ok) throw new Refusal(EXIT.failure, mounted.detail);
    }
  }
  if (options.behindGateway) return print(`${id} is registered; its gateway speaks for it`);
  const token = createToken();
  const { kind, prefix: prefixes = [], backfill } = options;
  await savePrincipal(store, { id, kind, prefixes, backfill }, token);
  printToken(id, token);
}

/** The only time a token is seen: it is stored hashed. */
export function printToken(id: string, token: string): void {
  print(`user name: ${id}\ntoken:     ${token}\nThe token is not shown again.`);
}

/** The id of the codec that a person or a network server means. Throws a {@link Refusal} when there is none. */
export function modelName(text: string): string {
  const codec = findCodec(text) ?? codecForAlias(text);
  if (codec !== undefined) return codec.model;
  const known = CODECS.map(({ model }) => model).join(', ');
  throw new Refusal(EXIT.usage, `There is no codec for the model ${text}; there are ${known}`);
}

/** Throws a {@link Refusal} for an option that would be passed over in silence. */
function assertOptionsFit(options: DeviceOptions): void {
  const { kind, prefix, behindGateway, backfill, bin } = options;
  if (kind === 'gateway' && prefix === undefined) {
    throw new Refusal(EXIT.usage, 'a gateway needs at least one --prefix, such as "v3/#"');
  }
  if (kind !== 'gateway' && prefix !== undefined) {
    throw new Refusal(EXIT.usage, '--prefix is for gateways');
  }
  if (backfill && (kind === 'reader' || kind === 'operator' || behindGateway)) {
    throw new Refusal(EXIT.usage, '--backfill is for what publishes with a token of its own');
  }
  const hasGeometry = toGeometry(options) !== null;
  if (kind === 'device') {
    if (!hasGeometry || bin !== undefined) return;
    throw new Refusal(EXIT.usage, '--empty-mm and --full-mm belong to a bin: say --bin, too');
  }
  const { model, interval } = options;
  if (
    behindGateway ||
    model !== undefined ||
    interval !== undefined ||
    bin !== undefined ||
    hasGeometry
  ) {
    throw new Refusal(
      EXIT.usage,
      `--behind-gateway, --model, --interval, --bin and its geometry are for sensors, not for a ${kind}`,
    );
  }
}

async function assertUnknown(store: Store, id: DeviceId): Promise<void> {
  const [device, principal] = await Promise.all([findDevice(store, id), findPrincipal(store, id)]);
  if (device === undefined && principal === undefined) return;
  throw new Refusal(EXIT.failure, `${id} is registered already${adviceFor(id, principal)}`);
}

function adviceFor(id: DeviceId, principal: Principal | undefined): string {
  // A gateway speaks for it.
  if (principal === undefined) return '';
  if (principal.revokedAtMs === null) return `; "tunna device rotate ${id}" gives it a new token`;
  return ' and was revoked, which is for good; register it under another id';
}
