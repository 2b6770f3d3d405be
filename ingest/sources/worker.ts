import type { MqttSource } from './mqtt-source.ts';
import { sourceDoor } from './mqtt-source.ts';

/** Which of several ingest processes this is, counted from 1. */
export interface Worker {
  readonly index: number;
  readonly count: number;
}

/** One process does everything. */
export const ONLY_WORKER: Worker = { index: 1, count: 1 };

/**
 * What a worker fetches of a source. Of a source with a share the broker gives each worker a part of every filter's messages;
 * of others each filter is one worker's, by turns. `undefined` when there is no filter for this one. Pure.
 */
export function workersPart(
  { mqtt, ...source }: MqttSource,
  { index, count }: Worker,
): MqttSource | undefined {
  const { share, clientId } = mqtt;
  const topics =
    share === undefined
      ? mqtt.topics.filter((_, place) => place % count === index - 1)
      : mqtt.topics.map(({ filter, qos }) => ({ filter: `$share/${share}/${filter}`, qos }));
  if (topics.length === 0) return undefined;
  const own = clientId === undefined || index === 1 ? {} : { clientId: `${clientId}-${index}` };
  return { ...source, mqtt: { ...mqtt, ...own, topics } };
}

/**
 * The file, without its ending, in which a worker keeps what it has fetched of a source. Workers may share a folder; the door stays
 * the same. The first has the name it would have alone, so that a source may be shared out later.
 */
export function sourceJournal(source: string, { index }: Worker): string {
  return index === 1 ? sourceDoor(source) : `${sourceDoor(source)}.w${index}`;
}
