import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommandRequest } from '../../domain/command.ts';
import { findCodec } from '../codecs/registry.ts';
import { readTestData } from '../testing/test-data.ts';
import { COMMAND_ENCODERS, encodeCommand } from './encode-command.ts';
import { encodedHex } from './testing/encoded-hex.ts';

describe('raw bytes', () => {
  const bytes = Uint8Array.of(0xff, 0x10, 0xff);

  test('go to any model, known or not', () => {
    for (const model of [null, 'milesight/em400-mud', 'acme/unheard-of']) {
      expect(encodedHex(model, { kind: 'raw', fPort: 85, bytes })).toBe('85:ff10ff');
    }
  });

  test('need a port that applications have, and some bytes, but not more than a frame takes', () => {
    for (const fPort of [undefined, 0, 224, 1.5]) {
      const command = { kind: 'raw', bytes, ...(fPort !== undefined && { fPort }) } as const;
      expect(encodedHex(null, command)).toMatch(/^out-of-range: .*fPort/);
    }
    for (const length of [0, 243]) {
      const command = { kind: 'raw', fPort: 1, bytes: new Uint8Array(length) } as const;
      expect(encodedHex(null, command)).toMatch(`must be 1 to 242, not ${length}`);
    }
  });
});

test('without a model nothing but raw bytes can be sent', () => {
  expect(encodedHex(null, { kind: 'set-report-interval', seconds: 900 })).toMatch(
    /^unsupported: the model of the device is not known/,
  );
});

test('each model has one encoder, and a codec that reads what it sends', () => {
  const models = COMMAND_ENCODERS.flatMap(({ models: some }) => some);
  expect(new Set(models).size).toBe(models.length);
  expect(models.filter((model) => findCodec(model) === undefined)).toEqual([]);
});

test('whatever is asked of whichever model gives a frame that fits, or a reason', () => {
  const value = fc.oneof(fc.integer({ min: -10, max: 100_000 }), fc.double());
  const command: fc.Arbitrary<CommandRequest> = fc.oneof(
    value.map((seconds) => ({ kind: 'set-report-interval', seconds }) as const),
    value.map((seconds) => ({ kind: 'set-measure-interval', seconds }) as const),
    value.map((distanceMm) => ({ kind: 'set-full-threshold', distanceMm }) as const),
    value.map((temperatureC) => ({ kind: 'set-fire-threshold', temperatureC }) as const),
    value.map((degrees) => ({ kind: 'set-tilt-threshold', degrees }) as const),
    value.map((distanceMm) => ({ kind: 'set-empty-distance', distanceMm }) as const),
    value.map((distanceMm) => ({ kind: 'set-blind-zone', distanceMm }) as const),
  );
  const model = fc.constantFrom(...COMMAND_ENCODERS.flatMap(({ models }) => models));
  fc.assert(
    fc.property(command, model, (asked, name) => {
      const result = encodeCommand(asked, name);
      if (!result.ok) return result.detail.length > 0;
      return result.fPort >= 1 && result.bytes.length > 0 && result.bytes.length <= 14;
    }),
  );
});

interface RecordedDownlink {
  readonly vendor: string;
  readonly model: string;
  readonly fPort: number;
  readonly bytesHex: string;
  readonly meaning: string;
}

/** What the meanings of the rows are called here; a row that none of these fits is not one of our commands. */
const MEANINGS: readonly (readonly [RegExp, (value: number) => CommandRequest])[] = [
  [/^uploadInterval=(\d+) hours/, (n) => ({ kind: 'set-report-interval', seconds: n * 3_600 })],
  [/^detectInterval=(\d+) minutes/, (n) => ({ kind: 'set-measure-interval', seconds: n * 60 })],
  [/^levelThreshold=(\d+) cm/, (n) => ({ kind: 'set-full-threshold', distanceMm: n * 10 })],
  [/^fireThreshold=(\d+) C/, (n) => ({ kind: 'set-fire-threshold', temperatureC: n })],
  [/^fallThreshold=(\d+) deg/, (n) => ({ kind: 'set-tilt-threshold', degrees: n })],
  [/^ConfigReportReq .*MaxTime=(\d+)s/, (n) => ({ kind: 'set-report-interval', seconds: n })],
  [/^SetOnDistanceThresholdReq (\d+) mm/, (n) => ({ kind: 'set-full-threshold', distanceMm: n })],
  [/^SetFillMaxDistanceReq (\d+) mm/, (n) => ({ kind: 'set-empty-distance', distanceMm: n })],
  [/^SetDeadZoneDistanceReq (\d+) mm/, (n) => ({ kind: 'set-blind-zone', distanceMm: n })],
  [/^set period (\d+) s/, (n) => ({ kind: 'set-report-interval', seconds: n })],
  [/^report_interval=(\d+) s/, (n) => ({ kind: 'set-report-interval', seconds: n })],
  [/^collection_interval=(\d+) s/, (n) => ({ kind: 'set-measure-interval', seconds: n })],
  [/^install_height=(\d+) mm/, (n) => ({ kind: 'set-empty-distance', distanceMm: n })],
];

/** Rows that are not among our commands: switches, queries, restarts. They can be sent as raw bytes. */
const OTHERS =
  /^(fallEnable|ultrasonic_range|Get|set ADR|working_mode|install_height_enable|tilt_linkage|tof_detection|recollection|query_device|reboot|sync_time)/;

function findCommand(row: RecordedDownlink): CommandRequest | undefined {
  for (const [pattern, toCommand] of MEANINGS) {
    const value = pattern.exec(row.meaning)?.[1];
    if (value !== undefined) return toCommand(Number(value));
  }
  return undefined;
}

const recorded = readTestData('sensor-downlinks.json');

describe.skipIf(recorded === undefined)(
  'recorded commands (skipped without sensor-downlinks.json, see TUNNA_TEST_DATA)',
  () => {
    // Safe: the file is a list of such rows; its README says so.
    const rows = (recorded ?? []) as readonly RecordedDownlink[];

    test('are each one of ours, or known not to be', () => {
      expect(rows.length).toBeGreaterThan(20);
      const strange = rows.filter(
        (row) => findCommand(row) === undefined && !OTHERS.test(row.meaning),
      );
      expect(strange.map(({ meaning }) => meaning)).toEqual([]);
      expect(rows.filter((row) => findCommand(row) !== undefined).length).toBeGreaterThan(14);
    });

    test.each(rows.map((row) => [`${row.vendor} ${row.model}`, row.meaning, row] as const))(
      '%s: %s, byte for byte',
      (_name, _meaning, row) => {
        const expected = `${row.fPort}:${row.bytesHex}`;
        for (const model of row.model.split('/')) {
          const id = `${row.vendor}/${model}`.toLowerCase();
          const bytes = Buffer.from(row.bytesHex, 'hex');
          const command = findCommand(row) ?? { kind: 'raw', fPort: row.fPort, bytes };
          expect(encodedHex(id, command)).toBe(expected);
        }
      },
    );
  },
);
