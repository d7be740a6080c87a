// The colours of lines: those of the theme for charts, then others made from them; each line has a pattern of dashes beside its colour.

export interface Palette {
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly lines: readonly string[];
  /** Colours alone do not tell lines apart. */
  readonly hasHighContrast: boolean;
  readonly font: string;
  readonly fontSize: number;
}

type Rgb = readonly [red: number, green: number, blue: number];

const white: Rgb = [255, 255, 255];

/** `#rgb`, `#rrggbb` and `rgb(…)`, with or without alpha, which is left out: a line must be seen. Undefined for anything else. */
export function readColour(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const digits = hex.length < 6 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const [red, green, blue] = [0, 2, 4].map((at) => parseInt(digits.slice(at, at + 2), 16));
    return [red ?? 0, green ?? 0, blue ?? 0];
  }
  const numbers = /^rgba?\(([^)]+)\)$/i
    .exec(text.trim())?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  const [red, green, blue] = numbers ?? [];
  return red === undefined ||
    green === undefined ||
    blue === undefined ||
    [red, green, blue].some(Number.isNaN)
    ? undefined
    : [red, green, blue];
}

/** `part` of the other one. */
export const mix = (one: Rgb, other: Rgb, part: number): Rgb => [
  Math.round(one[0] + (other[0] - one[0]) * part),
  Math.round(one[1] + (other[1] - one[1]) * part),
  Math.round(one[2] + (other[2] - one[2]) * part),
];

export const printColour = ([red, green, blue]: Rgb): string => `rgb(${red}, ${green}, ${blue})`;

/** Source: WCAG 2.2, relative luminance and contrast ratio. */
function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** WCAG 2.2, criterion 1.4.11: what is needed to understand graphics. */
const leastContrast = 3;

/** The colour, brought nearer to that of text until it can be seen on the background. */
export function makeVisible(colour: Rgb, background: Rgb, foreground: Rgb): Rgb {
  for (let part = 0; part < 1; part += 0.1) {
    const tried = mix(colour, foreground, part);
    if (contrast(tried, background) >= leastContrast) return tried;
  }
  return foreground;
}

const names = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'] as const;
/** If a theme has none: those of VS Code's dark theme. */
const otherwise: Readonly<Record<(typeof names)[number], Rgb>> = {
  blue: [89, 164, 249],
  orange: [209, 134, 22],
  green: [137, 209, 133],
  purple: [177, 128, 215],
  red: [241, 76, 76],
  yellow: [204, 167, 0],
};

export interface Look {
  /** Of a variable of the theme; empty if it has none. */
  readonly valueOf: (variable: string) => string;
  readonly hasHighContrast: boolean;
}

export function toPalette({ valueOf, hasHighContrast }: Look): Palette {
  const background = readColour(valueOf('--vscode-editor-background')) ?? [31, 31, 31];
  const foreground = readColour(valueOf('--vscode-foreground')) ?? white;
  const own = names.map((name) => readColour(valueOf(`--vscode-charts-${name}`)) ?? otherwise[name]);
  const derived = [...own.map((colour) => mix(colour, foreground, 0.45))];
  return {
    background: printColour(background),
    foreground: printColour(foreground),
    muted: valueOf('--vscode-descriptionForeground') || printColour(foreground),
    grid: printColour(mix(background, foreground, hasHighContrast ? 0.35 : 0.14)),
    lines: [...own, ...derived].map((colour) => printColour(makeVisible(colour, background, foreground))),
    hasHighContrast,
    font: valueOf('--vscode-font-family') || 'sans-serif',
    fontSize: parseFloat(valueOf('--vscode-font-size')) || 13,
  };
}

const patterns: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 4],
  [5, 2, 2, 2, 2, 2],
];

/** Where colours are all alike, each line has another pattern than those beside it; else each round of colours has. */
export function dashOf(slot: number, { hasHighContrast, lines }: Palette): readonly number[] {
  const round = Math.floor(slot / lines.length);
  return patterns[(hasHighContrast ? slot + round : round) % patterns.length] ?? [];
}

export const colourOf = (slot: number, { lines, foreground }: Palette): string =>
  lines[slot % lines.length] ?? foreground;

/** The least slot that no line has. */
export function findSlot(taken: readonly number[]): number {
  const known = new Set(taken);
  let slot = 0;
  while (known.has(slot)) slot++;
  return slot;
}
