import type { Source } from '../sources/source.ts';
import type { Uplink } from './uplink.ts';

/**
 * The fields of an uplink about what a network server has decoded. Where no mapping says what its values mean, it is
 * somebody's script, and nobody's business.
 */
export function decodedFields(
  decoded: unknown,
  source: Source | undefined,
): Pick<Uplink, 'decoded' | 'mapping'> {
  const mapping = source?.decoded;
  if (mapping === undefined || decoded === undefined || decoded === null) return {};
  return { decoded, mapping };
}

/** Whether there is something decoded, and somebody has said where its values stand: then a frame needs no bytes. */
export function isMapped({ mapping }: Pick<Uplink, 'mapping'>): boolean {
  return mapping !== undefined;
}
