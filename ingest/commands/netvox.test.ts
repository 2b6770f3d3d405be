import { describe, expect, test } from 'vitest';
import type { CommandRequest } from '../../domain/command.ts';
import { encodedHex } from './testing/encoded-hex.ts';

describe('commands for the Netvox R718X', () => {
  test.each<readonly [CommandRequest, string]>([
    // At the soonest after half the time, when something has changed.
    [{ kind: 'set-report-interval', seconds: 1_800 }, '7:0134038407080100640005'],
    [{ kind: 'set-report-interval', seconds: 3_601 }, '7:013407080e110100640005'],
    [{ kind: 'set-full-threshold', distanceMm: 100 }, '7:0334006400000000000000'],
    [{ kind: 'set-empty-distance', distanceMm: 1_500 }, '7:053405dc00000000000000'],
    [{ kind: 'set-blind-zone', distanceMm: 50 }, '7:0b34003200000000000000'],
  ])('%j is written as %s', (command, hex) => {
    expect(encodedHex('netvox/r718x', command)).toBe(hex);
  });

  test.each<CommandRequest>([
    { kind: 'set-report-interval', seconds: 1 },
    { kind: 'set-report-interval', seconds: 65_536 },
    { kind: 'set-blind-zone', distanceMm: 0 },
    { kind: 'set-empty-distance', distanceMm: 65_536 },
  ])('%j is out of range', (command) => {
    expect(encodedHex('netvox/r718x', command)).toMatch(/^out-of-range/);
  });

  test('a tilt cannot be set, and its sister is not documented', () => {
    expect(encodedHex('netvox/r718x', { kind: 'set-tilt-threshold', degrees: 30 })).toMatch(
      /^unsupported/,
    );
    expect(encodedHex('netvox/r718pe', { kind: 'set-blind-zone', distanceMm: 50 })).toMatch(
      /^unsupported: netvox\/r718pe/,
    );
  });
});
