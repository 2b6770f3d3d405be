import { expect, test } from 'vitest';
import { guessMaker } from './guess-maker.ts';
import { chirpStackUp, thingsStackUp } from './testing/network-documents.ts';

const FRAME = { counter: 1, distanceMm: 700, heardAtMs: Date.UTC(2026, 10, 24) };

function toMessage(
  { topic, payload }: { topic: string; payload: object },
  change = (t: string) => t,
) {
  return { topic, payload: Buffer.from(change(JSON.stringify(payload))) };
}

test('a maker is known by the model that the network server names', () => {
  expect(guessMaker(toMessage(thingsStackUp(FRAME)), [])).toBe('dingtek');
  // A device profile names the model alone.
  expect(guessMaker(toMessage(chirpStackUp(FRAME)), [])).toBe('milesight');
});

test('a maker of models that nobody reads is named as the network server does', () => {
  const acme = (text: string): string => text.replace('"dingtek"', '"ACME Corp."');
  expect(guessMaker(toMessage(thingsStackUp(FRAME), acme), [])).toBe('acme-corp');
});

test('what says nothing about a model has no maker', () => {
  const none = (text: string): string => text.replace('"EM400-MUD"', '"Bins of the town"');
  expect(guessMaker(toMessage(chirpStackUp(FRAME), none), [])).toBeUndefined();
  expect(guessMaker({ topic: 'bins/a/up', payload: Buffer.from('{"fillPercent":1}') }, [])).toBe(
    undefined,
  );
  expect(guessMaker({ topic: 'x', payload: Buffer.from('nonsense') }, [])).toBeUndefined();
});
