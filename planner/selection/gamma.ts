/** Coefficients of Lanczos' approximation for g = 5, n = 6; relative error below 2e-10 (Numerical Recipes, 3rd ed., 6.1). */
const LANCZOS = [
  76.18009172947146, -86.5053203294168, 24.01409824083091, -1.231739572450155,
  0.1208650973866179e-2, -0.5395239384953e-5,
] as const;
const ROUNDS = 1000;
const PRECISION = 1e-12;
const TINY = 1e-300;

/** Natural logarithm of the gamma function, for x > 0. */
export function lnGamma(x: number): number {
  const base = x + 5.5;
  let series = 1.000000000190015;
  LANCZOS.forEach((coefficient, index) => {
    series += coefficient / (x + 1 + index);
  });
  return (x + 0.5) * Math.log(base) - base + Math.log((2.506628274631 * series) / x);
}

/**
 * Regularised upper incomplete gamma function Q(shape, x): the chance that a gamma variable of this shape and scale 1 exceeds
 * x (DLMF 8.2.4). `shape` above 0 and below about 10,000.
 */
export function upperGamma(shape: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(shape * Math.log(x) - x - lnGamma(shape));
  if (x < shape + 1) return Math.max(0, 1 - front * lowerSeries(shape, x));
  return Math.min(1, front * upperFraction(shape, x));
}

/** DLMF 8.11.4, without its front factor. */
function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < ROUNDS && term > sum * PRECISION; n += 1) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** DLMF 8.9.2 as a continued fraction by Lentz' method, without its front factor. */
function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < ROUNDS; n += 1) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / (a * d + b || TINY);
    c = b + a / c || TINY;
    value *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return value;
}

/** The chance that a standard normal variable exceeds z. */
export function normalTail(z: number): number {
  const half = 0.5 * upperGamma(0.5, (z * z) / 2);
  return z >= 0 ? half : 1 - half;
}
