import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseSources } from '../../cli/settings/sources-file.ts';
import { decodeUplink } from '../../ingest/decode-uplink.ts';
import { READERS } from '../../ingest/envelopes/readers.ts';
import { readMessage } from '../../ingest/read-message.ts';
import { PERCENT_SCALES } from '../../ingest/sources/source.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/sensors.md'), 'utf8');

/** What files become is told where importing is. */
const OF_FILES = new Set(['imported-row', 'dtu-uplink']);

/** The JSON blocks under a heading, one after the other. */
function examplesUnder(heading: string): unknown[] {
  const section = page.split(/^#+ /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']): unknown =>
    JSON.parse(text),
  );
}

test.each(Object.keys(READERS).filter((name) => !OF_FILES.has(name)))(
  'docs/sensors.md has a row for the form %s',
  (name) => {
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'));
  },
);

test.each(PERCENT_SCALES)('docs/sensors.md says what the scale %s means', (scale) => {
  expect(page).toMatch(new RegExp(`^\\| \`${scale}\` +\\|`, 'm'));
});

test('the SenML of docs/sensors.md is a reading', () => {
  const [pack] = examplesUnder('SenML');
  const payload = Buffer.from(JSON.stringify(pack));
  expect(readMessage({ topic: 'bins/0024befffe804ff1/up', payload })).toMatchObject({
    ok: true,
    uplink: { measurements: [{ distanceMm: 620, batteryPercent: 92 }] },
  });
});

test('the mapping of docs/sensors.md gives what the page says', () => {
  const [example] = examplesUnder('Values that others have decoded');
  const parsed = parseSources([example], '/');
  if (!parsed.ok) throw new Error(parsed.mistakes.join('\n'));
  const told = /`(\{"level".*?\})` is then/.exec(page)?.[1] ?? '';
  const event = {
    deviceInfo: { devEui: '70b3d57ed0000001' },
    devAddr: '00189440',
    fPort: 1,
    object: z.record(z.string(), z.unknown()).parse(JSON.parse(told)),
  };
  const result = readMessage(
    { topic: 'a/b', door: 'source-old-network', payload: Buffer.from(JSON.stringify(event)) },
    parsed.sources,
  );
  if (!result.ok) throw new Error(result.detail);
  expect(decodeUplink(result.uplink, null)).toMatchObject({
    measurements: [{ distanceMm: 620, fillPercent: 57, temperatureC: 4.5 }],
  });
});
