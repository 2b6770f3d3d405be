import { expect, it } from 'vitest';
import type { Source } from './source.ts';
import { findTopicDevice } from './topic-device.ts';

const SOURCE: Source = {
  name: 'town',
  topics: ['depot/+/#', 'a/+/+'],
  mqtt: { topics: [{ filter: 'far/+/data' }] },
};

it.each([
  ['bins/bin-7/up', 'bin-7'],
  ['depot/70B3D57ED0000001/x', '70b3d57ed0000001'],
  ['far/bin-7/data', 'bin-7'],
  ['a/bin-7/data', undefined],
  ['depot/two words/x', undefined],
  ['other/bin-7', undefined],
])('the topic %s names the device %s', (topic, device) => {
  expect(findTopicDevice(topic, SOURCE)).toBe(device);
});

it('names none without a source but on a device own topic', () => {
  expect(findTopicDevice('depot/bin-7/x', undefined)).toBeUndefined();
  expect(findTopicDevice('bins/bin-7/up', undefined)).toBe('bin-7');
});
