// The string methods that conditions may call, with Python's arguments and results; what they touch is counted as work.
import { isPrintable } from '../pythonText';
import {
  countCharacters,
  findText,
  isSpace,
  sliceCharacters,
  spendOnUnit,
  toCharacters,
  trimCharacters,
  trimUnits,
} from './characters';
import { checkCount, checkSize, spend } from './limits';
import { PyError } from './pyError';
import { isAlphabetic, isEvery, toLowerCase, toTitle, toUpperCase } from './unicodeText';
import { isSequence, toInteger, toList, toNumber, typeName, type PyValue } from './values';

export interface Call {
  readonly args: readonly PyValue[];
  readonly named: ReadonlyMap<string, PyValue>;
}

type Method = (text: string, call: Call) => PyValue;

/** Checks number and names of arguments; gives them in the order of `names`, undefined where left out. */
export function bindArguments(
  name: string,
  { args, named }: Call,
  names: readonly string[],
  required = names.length,
): readonly (PyValue | undefined)[] {
  if (named.size === 0 && args.length === names.length) return args;
  if (args.length > names.length)
    throw new PyError('TypeError', `${name} expected at most ${names.length} arguments, got ${args.length}`);
  const bound: (PyValue | undefined)[] = names.map((_, index) => args[index]);
  for (const [key, value] of named) {
    const index = names.indexOf(key);
    if (key === '' || index < args.length)
      throw new PyError('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
    bound[index] = value;
  }
  if (bound.slice(0, required).includes(undefined))
    throw new PyError(
      'TypeError',
      `${name} expected at least ${required} argument${required === 1 ? '' : 's'}, got ${args.length}`,
    );
  return bound;
}

/** Arguments that have no names. */
const positional = (
  name: string,
  call: Call,
  count: number,
  required = count,
): readonly (PyValue | undefined)[] =>
  bindArguments(
    name,
    call,
    Array.from({ length: count }, () => ''),
    required,
  );

function toText(value: PyValue | undefined, what: string): string {
  if (typeof value === 'string') return value;
  throw new PyError('TypeError', `${what} must be str, not ${typeName(value ?? null)}`);
}

/** An argument that C holds as a size. */
function toSize(value: PyValue): number {
  const size = toInteger(value);
  if (BigInt.asIntN(64, size) !== size)
    throw new PyError('OverflowError', 'Python int too large to convert to C ssize_t');
  return Number(size);
}

function toIndex(value: PyValue | undefined, absent: number): number {
  if (value === undefined || value === null) return absent;
  const number = toNumber(value);
  if (typeof number !== 'bigint')
    throw new PyError('TypeError', 'slice indices must be integers or None or have an __index__ method');
  return Number(number);
}

/** The part of the characters that start and end name, with Python's rules for negative ones. */
function part(
  text: string,
  start: PyValue | undefined,
  end: PyValue | undefined,
): { readonly text: string; readonly start: number; readonly possible: boolean } {
  if (start === undefined && end === undefined) return { text, start: 0, possible: true };
  const length = countCharacters(text);
  const clamp = (index: number): number => (index < 0 ? Math.max(0, index + length) : index);
  const from = clamp(toIndex(start, 0));
  const to = Math.min(length, clamp(toIndex(end, length)));
  return { text: sliceCharacters(text, from, to), start: from, possible: from <= length && from <= to };
}

const strip =
  (name: string, left: boolean, right: boolean): Method =>
  (text, call) => {
    const [set] = positional(name, call, 1, 0);
    if (set === undefined || set === null) return trimUnits(text, isSpace, { left, right });
    const members = new Set(toCharacters(toText(set, `${name} arg`)));
    return trimCharacters(text, members, { left, right });
  };

const affix =
  (name: string, holds: (text: string, affix: string) => boolean): Method =>
  (text, call) => {
    const [candidates, start, end] = positional(name, call, 3, 1);
    const place = part(text, start, end);
    const isTuple = isSequence(candidates ?? null) && (candidates as { kind: string }).kind === 'tuple';
    const list = isTuple ? (candidates as { items: readonly PyValue[] }).items : [candidates];
    return list.some((candidate) => {
      spend(20 + (typeof candidate === 'string' ? candidate.length / 4 : 0));
      if (typeof candidate !== 'string')
        throw new PyError(
          'TypeError',
          `${name} first arg must be str or a tuple of str, not ${typeName(candidate ?? null)}`,
        );
      return place.possible && holds(place.text, candidate);
    });
  };

const every =
  (name: string, ascii: RegExp, isOf: (character: string) => boolean): Method =>
  (text, call) => {
    positional(name, call, 0);
    return isEvery(text, ascii, isOf);
  };

const isOf =
  (pattern: RegExp) =>
  (character: string): boolean =>
    pattern.test(character) && isPrintable(character);

const plain =
  (name: string, change: (text: string) => string): Method =>
  (text, call) => {
    positional(name, call, 0);
    return checkSize(change(text));
  };

const split: Method = (text, call) => {
  const [separator, maximum] = bindArguments('split', call, ['sep', 'maxsplit'], 0);
  const most = maximum === undefined ? -1 : toSize(maximum);
  const count = most < 0 ? Infinity : most;
  if (separator === undefined || separator === null) return toList(splitAtSpace(text, count));
  const sign = toText(separator, 'sep');
  if (sign === '') throw new PyError('ValueError', 'empty separator');
  return toList(splitAt(text, sign, count));
};

/** At most `count` times. */
function splitAt(text: string, sign: string, count: number): string[] {
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

function takePiece(text: string, from: number, to: number): string {
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

const replace: Method = (text, call) => {
  const [old, fresh, maximum] = positional('replace', call, 3, 2);
  const from = toText(old, 'replace() argument 1');
  const to = toText(fresh, 'replace() argument 2');
  const most = maximum === undefined ? -1 : toSize(maximum);
  const count = most < 0 ? Infinity : most;
  const pieces = from === '' ? splitCharacters(text, count) : splitAt(text, from, count);
  return joinTexts(pieces, to);
};

/** Before each character, and behind the last one. */
function splitCharacters(text: string, count: number): string[] {
  if (count === 0) return [text];
  const characters = toCharacters(text);
  if (count > characters.length) return ['', ...characters, ''];
  return ['', ...characters.slice(0, count - 1), characters.slice(count - 1).join('')];
}

function joinTexts(pieces: readonly string[], sign: string): string {
  let length = Math.max(0, pieces.length - 1) * sign.length;
  for (const piece of pieces) length += piece.length;
  checkCount(length);
  spend(20 * pieces.length + length / 2);
  return pieces.join(sign);
}

/** Offsets are code points. */
const find: Method = (text, call) => {
  const [wanted, start, end] = positional('find', call, 3, 1);
  const sub = toText(wanted, 'find() argument 1');
  const place = part(text, start, end);
  const at = place.possible ? findText(place.text, sub, 0) : -1;
  return BigInt(at === -1 ? -1 : place.start + countCharacters(place.text.slice(0, at)));
};

const count: Method = (text, call) => {
  const [wanted, start, end] = positional('count', call, 3, 1);
  const sub = toText(wanted, 'count() argument 1');
  const place = part(text, start, end);
  if (!place.possible) return 0n;
  if (sub === '') return BigInt(countCharacters(place.text) + 1);
  let times = 0;
  for (let at = findText(place.text, sub, 0); at >= 0; at = findText(place.text, sub, at + sub.length))
    times += 1;
  return BigInt(times);
};

const join: Method = (text, call) => {
  const [items] = positional('join', call, 1);
  if (typeof items !== 'string' && !isSequence(items ?? null))
    throw new PyError('TypeError', 'can only join an iterable');
  const list =
    typeof items === 'string' ? toCharacters(items) : (items as { items: readonly PyValue[] }).items;
  spend(20 * list.length);
  const pieces = list.map((item, index) => {
    if (typeof item === 'string') return item;
    throw new PyError('TypeError', `sequence item ${index}: expected str instance, ${typeName(item)} found`);
  });
  return joinTexts(pieces, text);
};

const splitLines: Method = (text, call) => {
  const [keepEnds = false] = bindArguments('splitlines', call, ['keepends'], 0);
  const flag = toInteger(keepEnds);
  if (BigInt.asIntN(32, flag) !== flag)
    throw new PyError('OverflowError', 'Python int too large to convert to C int');
  return toList(readLines(text, flag !== 0n));
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

/** Source: section 7 of the language. */
const methods = {
  lower: plain('lower', toLowerCase),
  upper: plain('upper', toUpperCase),
  title: plain('title', toTitle),
  strip: strip('strip', true, true),
  lstrip: strip('lstrip', true, false),
  rstrip: strip('rstrip', false, true),
  startswith: affix('startswith', (text, start) => text.startsWith(start)),
  endswith: affix('endswith', (text, end) => text.endsWith(end)),
  removeprefix: (text, call) => {
    const prefix = toText(positional('removeprefix', call, 1)[0], 'removeprefix() argument');
    spend(prefix.length / 4);
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  },
  removesuffix: (text, call) => {
    const suffix = toText(positional('removesuffix', call, 1)[0], 'removesuffix() argument');
    spend(suffix.length / 4);
    return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  },
  split,
  splitlines: splitLines,
  replace,
  find,
  count,
  join,
  isdigit: every(
    'isdigit',
    /^[0-9]+$/,
    isOf(
      /^[\p{Nd}\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]$/u,
    ),
  ),
  isalpha: every('isalpha', /^[A-Za-z]+$/, isAlphabetic),
  isnumeric: every(
    'isnumeric',
    /^[0-9]+$/,
    isOf(
      /^[\p{N}\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e5d\u4e8c\u4e94\u4e96\u4ebf\u4ec0\u4edf\u4ee8\u4f0d\u4f70\u5104\u5146\u5169\u516b\u516d\u5341\u5343-\u5345\u534c\u53c1-\u53c4\u56db\u58f1\u58f9\u5e7a\u5efe\u5eff\u5f0c-\u5f0e\u5f10\u62fe\u634c\u67d2\u6f06\u7396\u767e\u8086\u842c\u8cae\u8cb3\u8d30\u9621\u9646\u964c\u9678\u96f6\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3\uf9fd\u{20001}\u{20064}\u{200e2}\u{20121}\u{2092a}\u{20983}\u{2098c}\u{2099c}\u{20aea}\u{20afd}\u{20b19}\u{22390}\u{22998}\u{23b1b}\u{2626d}\u{2f890}]$/u,
    ),
  ),
} as const satisfies Record<string, Method>;

export const stringMethods: ReadonlyMap<string, Method> = new Map<string, Method>(Object.entries(methods));
