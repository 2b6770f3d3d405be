import type { EnvelopeName } from './envelope-names.ts';
import type { EnvelopeReader } from './message.ts';
import { READERS } from './readers.ts';

const ALL: readonly EnvelopeReader[] = Object.values(READERS);

/** The reader of a form by its name, as a source is configured with. */
export function findReader(envelope: EnvelopeName): EnvelopeReader {
  return READERS[envelope];
}

/**
 * The reader of a message that no source gives a form: by its topic; where forms share a topic (versions of one network
 * server), by the document which of them; where the topic says nothing, by the document alone, if it can be only one.
 * @param readDocument asked only when it matters; `undefined` when the message is not JSON
 */
export function detectReader(
  topic: string,
  readDocument: () => unknown,
): EnvelopeReader | undefined {
  const levels = topic.split('/');
  const byTopic = ALL.filter(({ ownsTopic }) => ownsTopic?.(levels) === true);
  if (byTopic.length === 1) return byTopic[0];
  const candidates = byTopic.length === 0 ? ALL : byTopic;
  const document = readDocument();
  return candidates.find(({ fits }) => fits?.(document) === true) ?? byTopic[0];
}
