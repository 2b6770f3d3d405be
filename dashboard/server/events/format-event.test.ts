import { expect, test } from 'vitest';
import { formatEvent } from './format-event.ts';

test('an event is four lines, whatever is in its data', () => {
  const text = formatEvent(7, 'bins', { bins: ['a\r\nevent: reset\n\ndata: x', '\u2028'] });
  const lines = text.split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[0]).toBe('id: 7');
  expect(lines[1]).toBe('event: bins');
  expect(text).not.toContain('\r');
  expect(JSON.parse(lines[2]?.slice('data: '.length) ?? '')).toEqual({
    bins: ['a\r\nevent: reset\n\ndata: x', '\u2028'],
  });
});

test('an id that is no whole number is a mistake of ours', () => {
  expect(() => formatEvent(Number.NaN, 'hello', {})).toThrow();
  expect(() => formatEvent(1.5, 'hello', {})).toThrow();
});
