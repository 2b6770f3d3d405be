import { describe, expect, test } from 'vitest';
import type { CommandRequest } from '../../domain/command.ts';
import { echoedCommand } from './milesight.ts';
import { encodedHex } from './testing/encoded-hex.ts';

const MUD = 'milesight/em400-mud';

describe('commands for Milesight sensors', () => {
  test.each<readonly [CommandRequest, string]>([
    [{ kind: 'set-report-interval', seconds: 1_200 }, '85:ff03b004'],
    [{ kind: 'set-report-interval', seconds: 64_800 }, '85:ff0320fd'],
    [{ kind: 'set-measure-interval', seconds: 60 }, '85:ff023c00'],
    [{ kind: 'set-empty-distance', distanceMm: 4_500 }, '85:ff779411'],
    // Condition "below" (1), bin mode (2 << 3), told when over (1 << 7), 300 mm, no upper bound, nothing.
    [{ kind: 'set-full-threshold', distanceMm: 300 }, '85:ff06912c01000000000000'],
  ])('%j is written as %s', (command, hex) => {
    expect(encodedHex(MUD, command)).toBe(hex);
  });

  test('are known by what a network server calls the model, too', () => {
    const command = { kind: 'set-report-interval', seconds: 1_200 } as const;
    expect(encodedHex('milesight-iot/em400-mud', command)).toBe('85:ff03b004');
  });

  test.each<readonly [string, CommandRequest, string]>([
    [MUD, { kind: 'set-report-interval', seconds: 59 }, 'the interval in seconds must be from 60'],
    [MUD, { kind: 'set-report-interval', seconds: 64_801 }, 'to 64800, not 64801'],
    [MUD, { kind: 'set-report-interval', seconds: 90.5 }, 'not 90.5'],
    [MUD, { kind: 'set-report-interval', seconds: Number.NaN }, 'not NaN'],
    [MUD, { kind: 'set-empty-distance', distanceMm: 29 }, 'the distance in mm must be from 30'],
    [MUD, { kind: 'set-full-threshold', distanceMm: 5_000 }, 'to 4500, not 5000'],
  ])('of %s refuse %j: %s', (model, command, detail) => {
    const refusal = encodedHex(model, command);
    expect(refusal).toMatch(/^out-of-range: /);
    expect(refusal).toContain(detail);
  });

  test('name what a model cannot do', () => {
    const fire = { kind: 'set-fire-threshold', temperatureC: 70 } as const;
    expect(encodedHex(MUD, fire)).toBe(
      'unsupported: milesight/em400-mud has no documented way to set-fire-threshold; raw bytes can be sent',
    );
    const height = { kind: 'set-empty-distance', distanceMm: 1_000 } as const;
    expect(encodedHex('milesight/em400-tld', height)).toMatch(/^unsupported/);
    expect(encodedHex('milesight/em310-udl', height)).toMatch(/^unsupported/);
  });
});

test('the answer of a Milesight sensor is the command itself, begun with FE or FF', () => {
  const command = Buffer.from('ff03b004', 'hex');
  for (const frame of ['ff03b004', 'fe03b004']) {
    const echoed = echoedCommand(Buffer.from(frame, 'hex'));
    expect(Buffer.from(echoed ?? []).equals(command)).toBe(true);
  }
  for (const frame of ['', 'ff', 'ff03', '0175ff03b004', '03b004']) {
    expect(echoedCommand(Buffer.from(frame, 'hex')), frame).toBeUndefined();
  }
});
