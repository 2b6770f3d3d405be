import { expect, expectTypeOf, test } from 'vitest';
import { fillPlaceholders, listPlaceholders } from './messages.ts';
import type { MessageArguments, PluralKey } from './messages.ts';

test('values take the places of their names, as often as a name comes', () => {
  expect(fillPlaceholders('{a} of {b}, {a}', { a: 1, b: 'two' })).toBe('1 of two, 1');
});

test('a place without a value stays visible, and a value without a place does nothing', () => {
  expect(fillPlaceholders('{a} of {b}', { a: 0, c: 3 })).toBe('0 of {b}');
});

test('a value is put in as it is, whatever it looks like', () => {
  expect(fillPlaceholders('About {name}', { name: '{name} $& $1 <b>' })).toBe(
    'About {name} $& $1 <b>',
  );
});

test('the placeholders of a text are listed in order, each once', () => {
  expect(listPlaceholders('({b} − {a}) / ({b} − {c})')).toEqual(['a', 'b', 'c']);
  expect(listPlaceholders('plain')).toEqual([]);
});

test('a key demands exactly the values its text has places for', () => {
  expectTypeOf<MessageArguments<'app.title'>>().toEqualTypeOf<[]>();
  expectTypeOf<MessageArguments<'mounting.fromTo'>>().toEqualTypeOf<
    [values: Readonly<Record<'from' | 'to', string | number>>]
  >();
  expectTypeOf<'summary.bins'>().toExtend<PluralKey>();
  expectTypeOf<'app.title'>().not.toExtend<PluralKey>();
});
