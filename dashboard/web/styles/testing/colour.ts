/** A colour of sRGB, each part 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number];
/** A colour of CIELAB under D65: lightness 0 to 100, and two axes. */
export type Lab = readonly [lightness: number, a: number, b: number];

/** Reads `#rrggbb`. */
export function parseHex(hex: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!match) throw new Error(`Expected a colour as #rrggbb, got ${hex}`);
  const [red = 0, green = 0, blue = 0] = match
    .slice(1)
    .map((part) => Number.parseInt(part, 16) / 255);
  return [red, green, blue];
}

/** IEC 61966-2-1. */
function toLinear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function fromLinear(part: number): number {
  const within = Math.min(1, Math.max(0, part));
  return within <= 0.0031308 ? within * 12.92 : 1.055 * within ** (1 / 2.4) - 0.055;
}

type Matrix = readonly [Rgb, Rgb, Rgb];

function multiply(matrix: Matrix, [x, y, z]: Rgb): Rgb {
  const row = ([a, b, c]: Rgb) => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it. */
export function luminanceOf([red, green, blue]: Rgb): number {
  return 0.2126 * toLinear(red) + 0.7152 * toLinear(green) + 0.0722 * toLinear(blue);
}

/** Contrast ratio of WCAG 2.2: 1 (the same) to 21 (black on white). */
export function contrastOf(a: Rgb, b: Rgb): number {
  const [darker = 0, lighter = 0] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

/** How colours look to those without one kind of cone: Machado, Oliveira, Fernandes 2009, severity 1, linear RGB. */
const BLINDNESS = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Record<string, Matrix>;

export const SIGHTS = ['normal', 'protan', 'deutan', 'tritan', 'grey'] as const;
export type Sight = (typeof SIGHTS)[number];

/** The colour as it looks to somebody, or in grey print. */
export function seenBy(sight: Sight, colour: Rgb): Rgb {
  if (sight === 'normal') return colour;
  const grey = fromLinear(luminanceOf(colour));
  if (sight === 'grey') return [grey, grey, grey];
  const [red, green, blue] = colour;
  const linear: Rgb = [toLinear(red), toLinear(green), toLinear(blue)];
  const [r, g, b] = multiply(BLINDNESS[sight], linear);
  return [fromLinear(r), fromLinear(g), fromLinear(b)];
}

const TO_XYZ: Matrix = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const WHITE_D65: Rgb = [0.95047, 1, 1.08883];

/** CIELAB under D65. */
export function labOf([red, green, blue]: Rgb): Lab {
  const xyz = multiply(TO_XYZ, [toLinear(red), toLinear(green), toLinear(blue)]);
  const [x = 0, y = 0, z = 0] = xyz.map((value, index) => {
    const share = value / (WHITE_D65[index] ?? 1);
    return share > (6 / 29) ** 3 ? Math.cbrt(share) : share / (3 * (6 / 29) ** 2) + 4 / 29;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
