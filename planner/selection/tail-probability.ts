import { normalTail, upperGamma } from './gamma.ts';

/** What is known of a quantity that is not certain. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
  /** Third central moment: 0 when values far above the mean are as likely as values far below. */
  readonly third: number;
}

/** Less skewed than this, the first term of Edgeworth's series is as exact (error about the skewness squared), and cheaper. */
const LEAST_SKEWNESS = 0.03;

/** The moments of a sum of independent quantities. */
export function addMoments(...parts: readonly Moments[]): Moments {
  return {
    mean: parts.reduce((sum, { mean }) => sum + mean, 0),
    variance: parts.reduce((sum, { variance }) => sum + variance, 0),
    third: parts.reduce((sum, { third }) => sum + third, 0),
  };
}

/**
 * The chance that a quantity exceeds a limit, taken as a gamma distribution moved so that mean, variance and skewness agree
 * (Pearson type III). It is exact for a gamma and for a normal distribution; the sum of both, waste and the error of a
 * sensor, lies between. Negative skewness counts as none.
 */
export function chanceAbove({ mean, variance, third }: Moments, limit: number): number {
  if (variance <= 0) return mean > limit ? 1 : 0;
  const deviation = Math.sqrt(variance);
  const skewness = Math.max(0, third / (variance * deviation));
  if (skewness < LEAST_SKEWNESS) return edgeworthTail((limit - mean) / deviation, skewness);
  const shape = 4 / (skewness * skewness);
  const scale = (deviation * skewness) / 2;
  return upperGamma(shape, (limit - mean) / scale + shape);
}

function edgeworthTail(z: number, skewness: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const tail = normalTail(z) + (skewness / 6) * (z * z - 1) * density;
  return Math.min(1, Math.max(0, tail));
}
