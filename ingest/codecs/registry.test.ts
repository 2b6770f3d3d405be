import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasLevel } from '../../domain/measurement.ts';
import { codecForAlias, CODECS, findCodec, normaliseAlias } from './registry.ts';

describe('the registry of codecs', () => {
  it.each([
    ['milesight-iot/em400-mud', 'milesight/em400-mud'],
    ['EM400-MUD', 'milesight/em400-mud'],
    ['Milesight EM310_UDL', 'milesight/em310-udl'],
    ['dingtek/df703', 'dingtek/df703'],
    [' Netvox R718X ', 'netvox/r718x'],
  ])('knows %s as %s', (alias, model) => {
    expect(codecForAlias(alias)?.model).toBe(model);
  });

  it.each(['', 'em400', 'EM400-MUD and EM310-UDL', '__proto__', 'constructor'])(
    'does not guess what "%s" may be',
    (alias) => {
      expect(codecForAlias(alias)).toBeUndefined();
      expect(findCodec(alias)).toBeUndefined();
    },
  );

  it('has one codec for every model and every alias', () => {
    const models = CODECS.map((codec) => codec.model);
    const aliases = CODECS.flatMap((codec) => codec.aliases);
    expect(new Set(models).size).toBe(models.length);
    expect(new Set(aliases).size).toBe(aliases.length);
    expect(aliases.map(normaliseAlias)).toEqual(aliases);
    for (const codec of CODECS) expect(findCodec(codec.model)).toBe(codec);
  });
});

/** A whole frame of every family, and the port it comes on. */
const WHOLE_FRAMES = [
  ['milesight/em400-mud', 85, '01755c0367010104824408050001'],
  ['milesight/em400-mud', 85, '8367e800018482410601'],
  ['milesight/em400-mud', 85, 'ff0bffff0101ff166329c42503920003ff090100ff0a0101ff0f00'],
  ['milesight/em310-udl', 85, '01755c03824408040001'],
  ['dingtek/df702', 3, '800001021106a400160000000000010081'],
  ['dingtek/df703', 3, '800001011907d001cd03e942ef272042190000000000010081'],
  ['netvox/r718x', 6, '0134012401012c0107320a'],
  ['adnexo/ax-dist', 100, 'd204ceff800c'],
  ['adnexo/ax-opto', 100, 'd204d004d104d204d304d404d504d604d704d8040000ceff800c'],
  ['aiut/alevel-v1', 3, '71c0aa00fb00'],
  ['aiut/alevel-v2', 3, '8107fbc171c0'],
  ['decentlab/dl-mbx', 1, '0200010003060e00050c80'],
  ['elv/elv-lw-omo', 10, '960102101e0105'],
  ['enginko/egk-lw20w00', 2, '140127796e5c1f0c0000d204320cfe5f'],
  ['pipiot/levelsense', undefined, '3000000269d701d2fb069d02'],
  ['radio-bridge/rbs306-us', undefined, '17100004d2'],
  ['sentinum/apollon-q', 1, '112007157c7b0004d2'],
  ['terabee/lora-lm-xl', 1, '04d2320d4800'],
  ['vega/vegapuls-air', undefined, '083fc000002d5affce2007'],
] as const;

describe('every codec', () => {
  it.each(WHOLE_FRAMES)(
    '%s on port %s never reads a wrong level from a piece of %s',
    (...frame) => {
      const [model, fPort, hex] = frame;
      const codec = findCodec(model);
      if (codec === undefined) throw new Error(`no codec for ${model}`);
      const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
      const whole = codec.decode(bytes, fPort);
      if (!whole.ok) throw new Error(whole.reason);
      for (let length = 0; length < bytes.length; length++) {
        const piece = codec.decode(bytes.subarray(0, length), fPort);
        if (!piece.ok) {
          expect(piece.reason).not.toBe('');
          continue;
        }
        // Only Milesight's items may end at any item: what is read then is part of what the whole says.
        expect(model).toMatch(/^milesight\//);
        const { alarms, ...values } = piece.measurements[0] ?? {};
        if (piece.measurements.length > 0) expect(whole.measurements[0]).toMatchObject(values);
        expect(whole.measurements[0]?.alarms ?? []).toEqual(
          expect.arrayContaining([...(alarms ?? [])]),
        );
      }
    },
  );

  it.each(WHOLE_FRAMES)('%s on port %s refuses %s with garbage after it', (...frame) => {
    const [model, fPort, hex] = frame;
    const result = findCodec(model)?.decode(new Uint8Array(Buffer.from(`${hex}00`, 'hex')), fPort);
    expect(result).toMatchObject({ ok: false });
  });

  it.each(CODECS)('$name never throws, and gives numbers or a reason for any bytes', (codec) => {
    const own = WHOLE_FRAMES.filter(([model]) => model === codec.model);
    const known = own.length > 0 ? own : WHOLE_FRAMES;
    const starts = known.map(([, , hex]) => Buffer.from(hex, 'hex'));
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(fc.constantFrom(...starts), fc.nat(30), fc.uint8Array({ maxLength: 12 }))
        .map(([start, keep, rest]) => Uint8Array.from([...start.subarray(0, keep), ...rest])),
    );
    const fPort = fc.oneof(fc.constantFrom(...known.map(([, fPort]) => fPort)), fc.nat(255));
    fc.assert(
      fc.property(payload, fPort, (bytes, port) => {
        const result = codec.decode(bytes, port);
        if (!result.ok) {
          expect(result.reason).not.toBe('');
          return;
        }
        for (const measurement of result.measurements) {
          const values = Object.values({ ...measurement, ...measurement.extras });
          for (const value of values) {
            if (typeof value === 'number') expect(value).not.toBeNaN();
          }
          if (measurement.sensorFault !== undefined) expect(hasLevel(measurement)).toBe(false);
        }
      }),
    );
  });
});
