import { describe, expect, test } from 'vitest';
import { SETTABLE_HELP, toCommandRequest } from './command-request.ts';

function ask(what: string, value: string, fPort?: number) {
  return toCommandRequest({ what, value, fPort });
}

describe('what is asked for on the command line', () => {
  test.each([
    ['set-interval', '900', { kind: 'set-report-interval', seconds: 900 }],
    ['set-measure-interval', '600', { kind: 'set-measure-interval', seconds: 600 }],
    ['set-full-threshold', '300', { kind: 'set-full-threshold', distanceMm: 300 }],
    ['set-fire-threshold', '70', { kind: 'set-fire-threshold', temperatureC: 70 }],
    ['set-tilt-threshold', '45', { kind: 'set-tilt-threshold', degrees: 45 }],
    ['set-height', '1200', { kind: 'set-empty-distance', distanceMm: 1_200 }],
    ['set-blind-zone', '50', { kind: 'set-blind-zone', distanceMm: 50 }],
  ])('%s %s', (what, value, request) => {
    expect(ask(what, value)).toEqual(request);
    expect(SETTABLE_HELP).toContain(`  ${what} `);
  });

  test('raw bytes, with a port or without', () => {
    const bytes = Buffer.from('ff10ff', 'hex');
    expect(ask('raw', 'FF10ff', 85)).toEqual({ kind: 'raw', fPort: 85, bytes });
    expect(ask('raw', 'ff10ff')).toEqual({ kind: 'raw', bytes });
  });

  test.each([
    [
      'set-intervall',
      '900',
      undefined,
      /there is no command set-intervall; there are set-interval/,
    ],
    ['toString', '900', undefined, /there is no command toString/],
    ['set-interval', 'often', undefined, /whole number \(seconds between reports\), not often/],
    ['set-interval', '-5', undefined, /whole number/],
    ['set-interval', '900', 85, /--fport is for raw bytes/],
    ['raw', 'xyz', 85, /bytes in hexadecimal/],
    ['raw', 'ff1', 85, /bytes in hexadecimal/],
    ['raw', '', 85, /bytes in hexadecimal/],
  ])('%s %j with the port %s makes no sense', (what, value, fPort, message) => {
    expect(() => ask(what, value, fPort)).toThrow(message);
  });
});
