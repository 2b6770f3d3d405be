import { expect, test } from 'vitest';
import { Sensors } from './sensors.ts';

interface Message {
  readonly seq: number;
  readonly observedAt: number;
}

// Safe: the sensors write JSON with these two in it.
const read = (payload: string) => JSON.parse(payload) as Message;

test('a level on the page counts for every message of its bin that it outdid, and for no other', () => {
  const sensors = new Sensors();
  const [first, second, third] = [1, 2, 3].map(() => read(sensors.speak(7, true).payload));
  sensors.speak(8, true);
  expect(sensors.see('bin-7', second?.observedAt ?? 0)).toHaveLength(2);
  expect(sensors.see('bin-7', first?.observedAt ?? 0)).toEqual([]);
  expect(sensors.unseenCount).toBe(2);
  expect(sensors.see('bin-7', third?.observedAt ?? 0)).toHaveLength(1);
  expect(sensors.unseenCount).toBe(1);
});

test('no sensor says two levels of one millisecond, and no two messages are the same', () => {
  const sensors = new Sensors();
  const messages = Array.from({ length: 50 }, () => read(sensors.speak(3, true).payload));
  const times = messages.map(({ observedAt }) => observedAt);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  expect(new Set(messages.map(({ seq }) => seq)).size).toBe(50);
});
