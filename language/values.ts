// Values of fields and parameters: quotes, durations, booleans, lists, JSON.
import type { Json } from './json/value';
import { mapOffsets, mapText, offsetIn, sliceText, trimText, type MappedText } from './mappedText';
import { skipBrackets, skipQuoted, splitAtCommas } from './scan';

/** The inside of a quoted text: before the delimiting quote a backslash is dropped, pairs are never split. */
export function unquote(value: MappedText): MappedText {
  const quote = value.text[0];
  if ((quote !== '"' && quote !== "'") || skipQuoted(value.text, 0) !== value.text.length) return value;
  const inside = sliceText(value, 1, value.text.length - 1);
  if (!inside.text.includes(`\\${quote}`)) return inside;
  let text = '';
  const offsets: number[] = [];
  for (let index = 0; index < inside.text.length; index++) {
    const [character, next] = [inside.text[index] ?? '', inside.text[index + 1]];
    if (character === '\\' && next === quote) index += 1;
    else if (character === '\\' && next === '\\') {
      text += character;
      offsets.push(offsetIn(inside, index));
      index += 1;
    }
    text += inside.text[index] ?? '';
    offsets.push(offsetIn(inside, index));
  }
  return mapOffsets(text, offsets, inside.end);
}

/** In double quotes if they can hold the text, else in single ones; undefined where neither can. */
export function quoteText(text: string): string | undefined {
  if (/[\n\r]/.test(text)) return undefined;
  const preferred = text.includes('"') && !text.includes("'") ? ["'", '"'] : ['"', "'"];
  return preferred
    .map(
      (quote) =>
        quote + text.replace(/\\[^]|["']/g, (found) => (found === quote ? `\\${quote}` : found)) + quote,
    )
    .find((quoted) => unquote(mapText(quoted, 0, quoted.length)).text === text);
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 };

/** Seconds, or undefined: `30`, `1.5`, `30s`, `5m`, `1.5h`, `2d`. */
export function parseDuration(text: string): number | undefined {
  const match = /^([-+]?(?:\d+(?:\.\d*)?|\.\d+))\s*([smhd]?)$/i.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1);
}

/** Seconds in the largest unit that is whole; shorter ways win. */
export function printDuration(seconds: number): string {
  const forms = [
    String(seconds),
    ...[['m', 60] as const, ['h', 3600] as const, ['d', 86400] as const].flatMap(([unit, size]) =>
      seconds > 0 && seconds % size === 0 ? [`${seconds / size}${unit}`] : [],
    ),
  ];
  return forms.reduce((best, form) => (form.length <= best.length ? form : best));
}

const booleans = new Map(
  Object.entries({
    true: true,
    yes: true,
    on: true,
    '1': true,
    false: false,
    no: false,
    off: false,
    '0': false,
  }),
);

export const parseBoolean = (text: string): boolean | undefined => booleans.get(text.trim().toLowerCase());

/**
 * The items of `[a, "b"]`, of `a, b`, of either in quotes, or of a single value. Empty ones keep their place, but for
 * those behind the last.
 */
export function parseList(value: MappedText): readonly MappedText[] {
  const whole = trimText(unquote(value));
  const inside =
    whole.text.startsWith('[') && skipBrackets(whole.text, 0) === whole.text.length
      ? sliceText(whole, 1, whole.text.length - 1)
      : whole;
  const items = [...listItems(inside)];
  while (items.at(-1)?.text === '') items.pop();
  return items.map(unquote);
}

/** The texts between top-level commas, without the empty ones. */
export const splitItems = (list: MappedText): readonly MappedText[] =>
  listItems(list).filter(({ text }) => text !== '');

const listItems = (list: MappedText): readonly MappedText[] =>
  splitAtCommas(list.text).map(({ start, end }) => trimText(sliceText(list, start, end)));

export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
