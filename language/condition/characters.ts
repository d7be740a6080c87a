// Texts by code points, as Python counts them, without an array of all of their characters; and what Python takes for space.
import { spend } from './limits';

const surrogate = /[\ud800-\udfff]/;

/** Whether each character is one unit of UTF-16. */
export function isPlain(text: string): boolean {
  spend(text.length / 4);
  return !surrogate.test(text);
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Where the character that begins at `at` ends. */
const endOf = (text: string, at: number): number =>
  isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1)) ? at + 2 : at + 1;

/** Where the character that ends at `end` begins. */
const startOf = (text: string, end: number): number =>
  isLow(text.charCodeAt(end - 1)) && isHigh(text.charCodeAt(end - 2)) ? end - 2 : end - 1;

/** len(). */
export function countCharacters(text: string): number {
  if (isPlain(text)) return text.length;
  spend(4 * text.length);
  let count = 0;
  for (let at = 0; at < text.length; at = endOf(text, at)) count += 1;
  return count;
}

/** The part from one character to before another, in order and within the text. */
export function sliceCharacters(text: string, from: number, to: number): string {
  if (from >= to) return '';
  if (isPlain(text)) return text.slice(from, to);
  spend(4 * text.length);
  let at = 0;
  for (let index = 0; index < from && at < text.length; index++) at = endOf(text, at);
  const start = at;
  for (let index = from; index < to && at < text.length; index++) at = endOf(text, at);
  return text.slice(start, at);
}

/** All characters, one by one. */
export function toCharacters(text: string): readonly string[] {
  spend(20 * text.length);
  return [...text];
}

/** str.isspace: what Python's split and strip take for white space. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x20);
  if (code === 0x85 || code === 0xa0) return true;
  if (code < 0x1680) return false;
  return (
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x1680 ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** In loops over single units: counted at some of them, for all. */
export function spendOnUnit(at: number): void {
  if (at % 256 === 0) spend(256 * 15);
}

/** Without what `isCut` takes at the ends; it is asked for single units of UTF-16. */
export function trimUnits(
  text: string,
  isCut: (code: number) => boolean,
  { left, right }: { readonly left: boolean; readonly right: boolean } = { left: true, right: true },
): string {
  let from = 0;
  let to = text.length;
  while (left && from < to && isCut(text.charCodeAt(from))) {
    from += 1;
    spendOnUnit(from);
  }
  while (right && to > from && isCut(text.charCodeAt(to - 1))) {
    to -= 1;
    spendOnUnit(to);
  }
  return text.slice(from, to);
}

/** Without these characters at the ends. */
export function trimCharacters(
  text: string,
  members: ReadonlySet<string>,
  { left, right }: { readonly left: boolean; readonly right: boolean },
): string {
  let from = 0;
  let to = text.length;
  const isMember = (start: number, end: number): boolean => {
    spend(60);
    return members.has(text.slice(start, end));
  };
  while (left && from < to && isMember(from, endOf(text, from))) from = endOf(text, from);
  while (right && to > from && isMember(startOf(text, to), to)) to = startOf(text, to);
  return text.slice(from, to);
}

/** What a comparison at each of the places of a long text may look at before it is counted by itself. */
const shortLength = 64;

/** Where `wanted` stands first, in units of UTF-16, or -1. The work is counted by the places that begin like it. */
export function findText(text: string, wanted: string, from: number): number {
  if (wanted.length <= 1) {
    const at = text.indexOf(wanted, from);
    spend(60 + ((at < 0 ? text.length : at) - from) / 10);
    return at;
  }
  const first = wanted.charAt(0);
  const last = wanted.charCodeAt(wanted.length - 1);
  for (let at = from; ; at++) {
    const next = text.indexOf(first, at);
    if (next < 0 || next + wanted.length > text.length) {
      spend(5 + (text.length - at) / 10);
      return -1;
    }
    spend(60 + (next - at) / 10);
    at = next;
    if (text.charCodeAt(at + wanted.length - 1) !== last) continue;
    if (wanted.length > shortLength) {
      if (!text.startsWith(wanted.slice(0, shortLength), at)) continue;
      spend(wanted.length / 4);
    }
    if (text.startsWith(wanted, at)) return at;
  }
}

/** Where `wanted` stands last, ending at `to` at the latest, or -1. The work is counted as that of findText. */
export function findLastText(text: string, wanted: string, to: number): number {
  if (wanted.length <= 1) {
    const at = to < wanted.length ? -1 : text.lastIndexOf(wanted, to - wanted.length);
    spend(60 + (to - Math.max(0, at)) / 10);
    return at;
  }
  const first = wanted.charCodeAt(0);
  const last = wanted.charAt(wanted.length - 1);
  for (let end = to; end >= wanted.length; end--) {
    const next = text.lastIndexOf(last, end - 1);
    spend(60 + (end - next) / 10);
    if (next + 1 < wanted.length) return -1;
    end = next + 1;
    const at = end - wanted.length;
    if (text.charCodeAt(at) !== first) continue;
    if (wanted.length > shortLength) {
      if (!text.startsWith(wanted.slice(0, shortLength), at)) continue;
      spend(wanted.length / 4);
    }
    if (text.startsWith(wanted, at)) return at;
  }
  return -1;
}

/** Whether they are equal, with its work counted. */
export function isSameText(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  if (left.length > shortLength) spend(left.length / 8);
  return left === right;
}

/** By code points, as Python does; units of UTF-16 differ beyond the BMP. */
export function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) {
    at += 1;
    spendOnUnit(at);
  }
  spend(20);
  if (at === length) return left.length - right.length;
  return codeAround(left, at) - codeAround(right, at);
}

/** The character at which two texts differ may have begun one unit before. */
function codeAround(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  const isSecond = isLow(unit) && at > 0 && isHigh(text.charCodeAt(at - 1));
  return text.codePointAt(isSecond ? at - 1 : at) ?? unit;
}
