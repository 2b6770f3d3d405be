import type { Lab } from './colour.ts';

const degrees = (radians: number): number => (radians * 180) / Math.PI;
const radians = (degree: number): number => (degree * Math.PI) / 180;
const cosOf = (degree: number): number => Math.cos(radians(degree));
const POWER_25_7 = 25 ** 7;

function hueOf(a: number, b: number): number {
  return a === 0 && b === 0 ? 0 : (degrees(Math.atan2(b, a)) + 360) % 360;
}

/**
 * How different two colours look: CIEDE2000, where about 2 is just noticed and 10 is seen at a glance.
 * After Sharma, Wu, Dalal 2005, doi:10.1002/col.20070; names as there.
 */
export function differenceOf([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const meanC = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(meanC ** 7 / (meanC ** 7 + POWER_25_7)));
  const [a1p, a2p] = [(1 + g) * a1, (1 + g) * a2];
  const [c1p, c2p] = [Math.hypot(a1p, b1), Math.hypot(a2p, b2)];
  const [h1p, h2p] = [hueOf(a1p, b1), hueOf(a2p, b2)];
  const hasHues = c1p * c2p !== 0;

  const turn = h2p - h1p;
  const deltaHue = !hasHues ? 0 : turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
  const deltaH = 2 * Math.sqrt(c1p * c2p) * Math.sin(radians(deltaHue / 2));
  const [deltaL, deltaC] = [l2 - l1, c2p - c1p];

  const [meanL, meanCp] = [(l1 + l2) / 2, (c1p + c2p) / 2];
  const sumH = h1p + h2p;
  const meanH = !hasHues
    ? sumH
    : Math.abs(turn) <= 180
      ? sumH / 2
      : (sumH + (sumH < 360 ? 360 : -360)) / 2;

  const t =
    1 -
    0.17 * cosOf(meanH - 30) +
    0.24 * cosOf(2 * meanH) +
    0.32 * cosOf(3 * meanH + 6) -
    0.2 * cosOf(4 * meanH - 63);
  const fromMiddle = (meanL - 50) ** 2;
  const sL = 1 + (0.015 * fromMiddle) / Math.sqrt(20 + fromMiddle);
  const sC = 1 + 0.045 * meanCp;
  const sH = 1 + 0.015 * meanCp * t;
  const rotation = 30 * Math.exp(-(((meanH - 275) / 25) ** 2));
  const rC = 2 * Math.sqrt(meanCp ** 7 / (meanCp ** 7 + POWER_25_7));
  const rT = -Math.sin(radians(2 * rotation)) * rC;
  const [x, y, z] = [deltaL / sL, deltaC / sC, deltaH / sH];
  return Math.sqrt(x ** 2 + y ** 2 + z ** 2 + rT * y * z);
}
