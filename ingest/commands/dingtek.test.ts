import { describe, expect, test } from 'vitest';
import type { CommandRequest } from '../../domain/command.ts';
import { encodeCommand } from './encode-command.ts';
import { encodedHex } from './testing/encoded-hex.ts';

/** What the device reads. */
function text(model: string, command: CommandRequest): string {
  const result = encodeCommand(command, model);
  return result.ok ? `${result.fPort}:${Buffer.from(result.bytes).toString()}` : result.detail;
}

describe('commands for Dingtek waste sensors', () => {
  test.each<readonly [CommandRequest, string]>([
    [{ kind: 'set-report-interval', seconds: 14_400 }, '3:80029999010481'],
    [{ kind: 'set-report-interval', seconds: 255 * 3_600 }, '3:8002999901FF81'],
    [{ kind: 'set-measure-interval', seconds: 600 }, '3:80029999080A81'],
    [{ kind: 'set-full-threshold', distanceMm: 350 }, '3:80029999022381'],
    [{ kind: 'set-fire-threshold', temperatureC: 70 }, '3:80029999034681'],
    [{ kind: 'set-tilt-threshold', degrees: 45 }, '3:80029999042D81'],
  ])('%j is written as %s', (command, expected) => {
    expect(text('dingtek/df703', command)).toBe(expected);
    expect(text('dingtek/df702', command)).toBe(expected);
  });

  test('the laser sets what its parameters have, and nothing else', () => {
    const laser = 'dingtek/df701';
    expect(text(laser, { kind: 'set-report-interval', seconds: 14_400 })).toBe('3:80029999010481');
    expect(text(laser, { kind: 'set-full-threshold', distanceMm: 350 })).toBe('3:80029999022381');
    for (const command of [
      { kind: 'set-fire-threshold', temperatureC: 70 },
      { kind: 'set-tilt-threshold', degrees: 45 },
      { kind: 'set-measure-interval', seconds: 600 },
    ] as const) {
      expect(encodedHex(laser, command)).toMatch(/^unsupported: dingtek\/df701/);
    }
  });

  test.each<readonly [CommandRequest, string]>([
    [
      { kind: 'set-report-interval', seconds: 900 },
      'from 3600 to 918000 in steps of 3600, not 900',
    ],
    [{ kind: 'set-report-interval', seconds: 5_400 }, 'in steps of 3600, not 5400'],
    [{ kind: 'set-full-threshold', distanceMm: 355 }, 'in steps of 10, not 355'],
    [{ kind: 'set-full-threshold', distanceMm: 2_560 }, 'to 2550'],
    [{ kind: 'set-fire-threshold', temperatureC: 128 }, 'to 127'],
    [{ kind: 'set-tilt-threshold', degrees: 0 }, 'from 1'],
  ])('%j is refused: %s', (command, detail) => {
    const refusal = encodedHex('dingtek/df702', command);
    expect(refusal).toMatch(/^out-of-range: /);
    expect(refusal).toContain(detail);
  });

  test('there is no height of installation to set', () => {
    const height = { kind: 'set-empty-distance', distanceMm: 1_000 } as const;
    expect(encodedHex('dingtek/df702', height)).toMatch(/^unsupported/);
  });
});
