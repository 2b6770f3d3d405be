import { describe, expect, it } from 'vitest';
import { fuzzDocuments } from '../testing/fuzz-document.ts';
import { readAs } from '../testing/read-as.ts';

const MESSAGE = {
  DEVID: 'bin-7',
  DevType: 'SMARTCLEAN#BIN',
  unixT: 1_772_366_400,
  v: { p: 46, d: 159 },
};
const read = (change: object = {}) => readAs('smartclean', { ...MESSAGE, ...change });

describe('a SmartClean bin', () => {
  it('says how empty it is, and how far the waste is', () => {
    expect(read()).toMatchObject({
      ok: true,
      uplink: {
        envelope: 'smartclean',
        kind: 'reading',
        deviceId: 'bin-7',
        observedAtMs: 1_772_366_400_000,
        measurements: [{ fillPercent: 54, distanceMm: 159 }],
      },
    });
  });

  it.each([
    ['no-level', { v: {} }],
    ['wrong-type', { v: { p: '46' } }],
    ['wrong-type', { v: 46 }],
    ['unknown-format', { DevType: 'SMARTCLEAN#AIR' }],
    ['bad-id', { DEVID: 'a b' }],
    ['clock', { unixT: 1e300 }],
  ])('is refused as %s: %j', (reason, change) => {
    expect(read(change)).toMatchObject({ ok: false, reason });
  });

  it('never throws, and never refuses without a name', () => {
    fuzzDocuments((document) => readAs('smartclean', document), [MESSAGE]);
  });
});
