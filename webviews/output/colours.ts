// Colours of a terminal on the theme's background: each readable, whatever a job has chosen.
import { looks, trueColour, type Style } from './ansi';

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

export interface ThemeColours {
  readonly foreground: Rgb;
  readonly background: Rgb;
  /** The first sixteen. */
  readonly ansi: readonly Rgb[];
}

/** Undefined: the theme's own. */
export interface CellColours {
  readonly foreground: Rgb | undefined;
  readonly background: Rgb | undefined;
}

/** WCAG 2.2, 1.4.3. */
const leastContrast = 4.5;
const cubeSteps = [0, 95, 135, 175, 215, 255];

/** `#rgb`, `#rrggbb(aa)`, `rgb(…)`, as browsers give them; undefined for what else there may be. */
export function readCssColour(text: string): Rgb | undefined {
  const trimmed = text.trim();
  const hex = /^#([\da-f]{3,8})$/i.exec(trimmed)?.[1];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? []);
    const [red = 0, green = 0, blue = 0] = digits.map((pair) => parseInt(pair, 16));
    return [red, green, blue];
  }
  const [red, green, blue] =
    /^rgba?\(([^)]*)\)$/
      .exec(trimmed)?.[1]
      ?.match(/[\d.]+/g)
      ?.map(Number) ?? [];
  return red === undefined || green === undefined || blue === undefined ? undefined : [red, green, blue];
}

/** xterm's table beyond the first sixteen: a cube of 6 × 6 × 6, then greys. */
function fromTable(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const step = (divisor: number): number => cubeSteps[Math.floor((index - 16) / divisor) % 6] ?? 0;
  return [step(36), step(6), step(1)];
}

function toRgb(colour: number, { ansi }: ThemeColours): Rgb | undefined {
  if (colour < 0) return undefined;
  if (colour >= trueColour) return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
  return colour < 16 ? ansi[colour] : fromTable(colour);
}

/** WCAG 2.2, relative luminance. */
function luminanceOf([red, green, blue]: Rgb): number {
  const linear = (value: number): number => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

export function contrastOf(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const mix = (from: Rgb, to: Rgb, share: number): Rgb => {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
};

/** The colour, or the nearest on its way to black or white that can be read on the background. */
export function makeReadable(colour: Rgb, background: Rgb): Rgb {
  if (contrastOf(colour, background) >= leastContrast) return colour;
  const [black, white]: readonly [Rgb, Rgb] = [
    [0, 0, 0],
    [255, 255, 255],
  ];
  const target = contrastOf(white, background) >= contrastOf(black, background) ? white : black;
  for (let share = 0.1; share < 1; share += 0.1) {
    const mixed = mix(colour, target, share);
    if (contrastOf(mixed, background) >= leastContrast) return mixed;
  }
  return target;
}

/** Undefined where the theme's own colours are right. */
export function findColours(style: Style, theme: ThemeColours): CellColours {
  const isInverse = (style.look & looks.inverse) !== 0;
  const given = [toRgb(style.foreground, theme), toRgb(style.background, theme)];
  const [front, back] = isInverse
    ? [given[1] ?? theme.background, given[0] ?? theme.foreground]
    : [given[0], given[1]];
  const dimmed =
    (style.look & looks.dim) === 0 ? front : mix(front ?? theme.foreground, back ?? theme.background, 0.35);
  if (!dimmed && !back) return { foreground: undefined, background: undefined };
  const foreground = makeReadable(dimmed ?? theme.foreground, back ?? theme.background);
  return { foreground, background: back };
}
