import { expect, test } from 'vitest';
import type { MqttSource } from './mqtt-source.ts';
import { ONLY_WORKER, sourceJournal, workersPart } from './worker.ts';

function sourceOf(filters: readonly string[], rest: Partial<MqttSource['mqtt']> = {}): MqttSource {
  const topics = filters.map((filter) => ({ filter, qos: 1 as const }));
  const mqtt = { url: 'mqtt://broker', backfill: false, retained: false, states: false };
  return { name: 'city', mqtt: { ...mqtt, topics, ...rest } };
}

const filtersOf = (part: MqttSource | undefined): string[] =>
  (part?.mqtt.topics ?? []).map(({ filter }) => filter);

test('a worker alone fetches everything', () => {
  const source = sourceOf(['a/#', 'b/#'], { clientId: 'tunna' });
  expect(workersPart(source, ONLY_WORKER)).toEqual(source);
});

test('every filter is exactly one worker’s, and a worker without any fetches nothing', () => {
  const source = sourceOf(['a/#', 'b/#', 'c/#']);
  const parts = [1, 2, 3, 4].map((index) => workersPart(source, { index, count: 4 }));
  expect(parts.map(filtersOf)).toEqual([['a/#'], ['b/#'], ['c/#'], []]);
  expect(parts[3]).toBeUndefined();
  const two = [1, 2].map((index) => filtersOf(workersPart(source, { index, count: 2 })));
  expect(two).toEqual([['a/#', 'c/#'], ['b/#']]);
});

test('of a source with a share every worker subscribes to all filters, as one of the group', () => {
  const source = sourceOf(['bins/+/up'], { share: 'tunna' });
  const parts = [1, 2].map((index) => filtersOf(workersPart(source, { index, count: 2 })));
  expect(parts).toEqual([['$share/tunna/bins/+/up'], ['$share/tunna/bins/+/up']]);
});

test('workers have client ids and journals of their own, the first those it would have alone', () => {
  const source = sourceOf(['a/#'], { share: 'tunna', clientId: 'tunna' });
  const ids = [1, 2].map((index) => workersPart(source, { index, count: 2 })?.mqtt.clientId);
  expect(ids).toEqual(['tunna', 'tunna-2']);
  const journals = [1, 2].map((index) => sourceJournal('city', { index, count: 2 }));
  expect(journals).toEqual(['source-city', 'source-city.w2']);
});
