import type { EnvelopeName } from '../envelopes/envelope-names.ts';
import type { ReadResult } from '../envelopes/uplink.ts';
import { readMessage } from '../read-message.ts';
import type { Source } from '../sources/source.ts';

/** When messages of these tests arrive. */
export const ARRIVED_AT_MS = Date.UTC(2026, 2, 1, 12);

/** A topic that says nothing about what is under it. */
export const SILENT_TOPIC = 'town/all';

/** Reads a message of a source that says its form: a text as it is, everything else as JSON. */
export function readAs(
  envelope: EnvelopeName,
  document: unknown,
  {
    topic = SILENT_TOPIC,
    ...source
  }: Partial<Omit<Source, 'name' | 'envelope'>> & { topic?: string } = {},
): ReadResult {
  const text = typeof document === 'string' ? document : (JSON.stringify(document) ?? '');
  return readMessage(
    { topic, payload: Buffer.from(text), door: 'source-town', receivedAtMs: ARRIVED_AT_MS },
    [{ ...source, name: 'town', envelope }],
  );
}
