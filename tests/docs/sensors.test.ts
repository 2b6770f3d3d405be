import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CODECS } from '../../ingest/codecs/registry.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/sensors.md'), 'utf8');
const STATES = { vectors: 'vector-tested', layout: 'layout only' };

test('docs/sensors.md lists every model with its state, and no other', () => {
  const rows = [
    ...page.matchAll(/^\| `([a-z0-9-]+\/[a-z0-9-]+)` +\|.*\| (vector-tested|layout only) *\|$/gm),
  ];
  expect(rows.map(([, model, state]) => [model, state])).toEqual(
    CODECS.map(({ model, evidence }) => [model, STATES[evidence]]),
  );
});
