import { expect, test } from 'vitest';
import { contrastOf, labOf, parseHex, seenBy } from './colour.ts';
import { differenceOf } from './colour-difference.ts';

test('contrast is as WCAG has it', () => {
  expect(contrastOf(parseHex('#000000'), parseHex('#ffffff'))).toBeCloseTo(21, 10);
  expect(contrastOf(parseHex('#ffffff'), parseHex('#767676'))).toBeCloseTo(4.54, 2);
  expect(contrastOf(parseHex('#336699'), parseHex('#336699'))).toBe(1);
});

test('what is no colour is an error', () => {
  expect(() => parseHex('red')).toThrow('#rrggbb');
});

test('lightness and axes of known colours are those of CIELAB', () => {
  const [lightness, a, b] = labOf(parseHex('#ff0000'));
  expect(lightness).toBeCloseTo(53.24, 1);
  expect(a).toBeCloseTo(80.09, 1);
  expect(b).toBeCloseTo(67.2, 1);
  expect(labOf(parseHex('#ffffff'))[0]).toBeCloseTo(100, 3);
});

// From the supplementary data of Sharma, Wu, Dalal 2005, chosen where implementations go wrong.
test.each([
  [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
  [[50, 0, 0], [50, -1, 2], 2.3669],
  [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
  [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195],
  [[50, 2.5, 0], [58, 24, 15], 19.4535],
  [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
  [[90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447], 1.4441],
  [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
] as const)('the difference of %o and %o is %d, both ways', (one, other, difference) => {
  expect(differenceOf(one, other)).toBeCloseTo(difference, 4);
  expect(differenceOf(other, one)).toBeCloseTo(difference, 4);
});

test('red and green come close for those without green cones, and grey has no colour', () => {
  const [red, green] = [parseHex('#d32f2f'), parseHex('#2e7d32')];
  const apart = differenceOf(labOf(red), labOf(green));
  const seen = differenceOf(labOf(seenBy('deutan', red)), labOf(seenBy('deutan', green)));
  expect(seen).toBeLessThan(apart / 2);
  const [, a, b] = labOf(seenBy('grey', red));
  expect(Math.hypot(a, b)).toBeLessThan(0.01);
});
