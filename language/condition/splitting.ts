// The string methods that take texts apart: at separators from either end, at white space, at line ends.
import { findLastText, findText, isSpace, spendOnUnit } from './characters';
import { spend } from './limits';
import {
  bindArguments,
  positional,
  toShortInt,
  toSize,
  toText,
  type Call,
  type TextMethod,
} from './methodArguments';
import { PyError } from './pyError';
import { toList, toTuple, type PyValue } from './values';

export const split: TextMethod = (text, call) => {
  const { sign, count } = readSplit('split', call);
  return toList(sign === undefined ? splitAtSpace(text, count) : splitAt(text, sign, count));
};

/** From the end. */
export const splitFromEnd: TextMethod = (text, call) => {
  const { sign, count } = readSplit('rsplit', call);
  const pieces = sign === undefined ? splitAtLastSpace(text, count) : splitAtLast(text, sign, count);
  return toList(pieces.reverse());
};

/** Without a sign, it is split at white space. */
function readSplit(name: string, call: Call): { readonly sign: string | undefined; readonly count: number } {
  const [separator, maximum] = bindArguments(name, call, ['sep', 'maxsplit'], 0);
  const most = maximum === undefined ? -1 : toSize(maximum);
  const count = most < 0 ? Infinity : most;
  if (separator === undefined || separator === null) return { sign: undefined, count };
  return { sign: toSeparator(separator), count };
}

function toSeparator(value: PyValue): string {
  const sign = toText(value, 'sep');
  if (sign === '') throw new PyError('ValueError', 'empty separator');
  return sign;
}

/** At most `count` times. */
export function splitAt(text: string, sign: string, count: number): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (pieces.length < count) {
    const at = findText(text, sign, from);
    if (at < 0) break;
    pieces.push(takePiece(text, from, at));
    from = at + sign.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** At most `count` times, the last piece first. */
function splitAtLast(text: string, sign: string, count: number): string[] {
  const pieces: string[] = [];
  let to = text.length;
  while (pieces.length < count) {
    const at = findLastText(text, sign, to);
    if (at < 0) break;
    pieces.push(takePiece(text, at + sign.length, to));
    to = at;
  }
  pieces.push(text.slice(0, to));
  return pieces;
}

export function takePiece(text: string, from: number, to: number): string {
  spend(50);
  return text.slice(from, to);
}

function splitAtSpace(text: string, count: number): string[] {
  const pieces: string[] = [];
  let at = skip(text, 0, true);
  while (at < text.length && pieces.length < count) {
    const end = skip(text, at, false);
    pieces.push(takePiece(text, at, end));
    at = skip(text, end, true);
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

/** Where what is or is not space ends. */
function skip(text: string, from: number, space: boolean): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at)) === space) {
    at += 1;
    spendOnUnit(at);
  }
  return at;
}

/** The last piece first. */
function splitAtLastSpace(text: string, count: number): string[] {
  const pieces: string[] = [];
  let to = skipBack(text, text.length, true);
  while (to > 0 && pieces.length < count) {
    const from = skipBack(text, to, false);
    pieces.push(takePiece(text, from, to));
    to = skipBack(text, from, true);
  }
  if (to > 0) pieces.push(text.slice(0, to));
  return pieces;
}

/** Where what is or is not space begins that ends there. */
function skipBack(text: string, to: number, space: boolean): number {
  let at = to;
  while (at > 0 && isSpace(text.charCodeAt(at - 1)) === space) {
    at -= 1;
    spendOnUnit(at);
  }
  return at;
}

export const partition: TextMethod = (text, call) => {
  const [separator = null] = positional('partition', call, 1);
  const sign = toSeparator(separator);
  const at = findText(text, sign, 0);
  return toTuple(at < 0 ? [text, '', ''] : [text.slice(0, at), sign, text.slice(at + sign.length)]);
};

export const partitionFromEnd: TextMethod = (text, call) => {
  const [separator = null] = positional('rpartition', call, 1);
  const sign = toSeparator(separator);
  const at = findLastText(text, sign, text.length);
  return toTuple(at < 0 ? ['', '', text] : [text.slice(0, at), sign, text.slice(at + sign.length)]);
};

export const splitLines: TextMethod = (text, call) => {
  const [keepEnds = false] = bindArguments('splitlines', call, ['keepends'], 0);
  return toList(readLines(text, toShortInt(keepEnds) !== 0));
};

const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

function readLines(text: string, keepEnds: boolean): string[] {
  spend(2 * text.length);
  const lines: string[] = [];
  let from = 0;
  lineEnd.lastIndex = 0;
  for (let found = lineEnd.exec(text); found; found = lineEnd.exec(text)) {
    spend(100);
    lines.push(takePiece(text, from, keepEnds ? lineEnd.lastIndex : found.index));
    from = lineEnd.lastIndex;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}
