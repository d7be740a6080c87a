// The string methods that conditions may call, with Python's arguments and results; what they touch is counted as work.
import { isPrintable } from '../pythonText';
import { hasChar } from '../regex/charSet';
import { unicodeDigit, unicodeWord } from '../regex/unicode';
import { isSpace, toCharacters, trimCharacters, trimUnits } from './characters';
import {
  capitalize,
  foldCase,
  isLower,
  isTitle,
  isUpper,
  swapCase,
  toLowerCase,
  toTitle,
  toUpperCase,
} from './letterCase';
import { checkCount, checkSize, spend } from './limits';
import { part, positional, toSize, toText, type TextMethod } from './methodArguments';
import { alignLeft, alignRight, center, expandTabs, fillWithZeros } from './padding';
import { PyError } from './pyError';
import { count, finding, indexing } from './searching';
import { partition, partitionFromEnd, split, splitAt, splitFromEnd, splitLines } from './splitting';
import { codeOf, isAlphabetic, isAscii, isEvery, isNamePart, isNameStart } from './unicodeText';
import { isSequence, typeName, type PyValue } from './values';

const strip =
  (name: string, left: boolean, right: boolean): TextMethod =>
  (text, call) => {
    const [set] = positional(name, call, 1, 0);
    if (set === undefined || set === null) return trimUnits(text, isSpace, { left, right });
    const members = new Set(toCharacters(toText(set, `${name} arg`)));
    return trimCharacters(text, members, { left, right });
  };

const affix =
  (name: string, holds: (text: string, affix: string) => boolean): TextMethod =>
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
  (name: string, ascii: RegExp, isOf: (character: string) => boolean): TextMethod =>
  (text, call) => {
    positional(name, call, 0);
    return isEvery(text, ascii, isOf);
  };

const test =
  (name: string, holds: (text: string) => boolean): TextMethod =>
  (text, call) => {
    positional(name, call, 0);
    return holds(text);
  };

const isOf =
  (pattern: RegExp) =>
  (character: string): boolean =>
    pattern.test(character) && isPrintable(character);

const plain =
  (name: string, change: (text: string) => string): TextMethod =>
  (text, call) => {
    positional(name, call, 0);
    return checkSize(change(text));
  };

const replace: TextMethod = (text, call) => {
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

const join: TextMethod = (text, call) => {
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

/** Source: section 7 of the language. */
const methods = {
  lower: plain('lower', toLowerCase),
  upper: plain('upper', toUpperCase),
  title: plain('title', toTitle),
  capitalize: plain('capitalize', capitalize),
  swapcase: plain('swapcase', swapCase),
  casefold: plain('casefold', foldCase),
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
  rsplit: splitFromEnd,
  splitlines: splitLines,
  partition,
  rpartition: partitionFromEnd,
  replace,
  find: finding('find'),
  rfind: finding('rfind'),
  index: indexing('index'),
  rindex: indexing('rindex'),
  count,
  join,
  ljust: alignLeft,
  rjust: alignRight,
  center,
  zfill: fillWithZeros,
  expandtabs: expandTabs,
  isupper: test('isupper', isUpper),
  islower: test('islower', isLower),
  istitle: test('istitle', isTitle),
  isspace: every('isspace', /^[\t-\r\x1c-\x20]+$/, (character) => isSpace(codeOf(character))),
  isascii: test('isascii', (text) => {
    spend(text.length);
    return isAscii(text);
  }),
  isprintable: test('isprintable', (text) => text === '' || isEvery(text, /^[\x20-\x7e]+$/, isPrintable)),
  isidentifier: test('isidentifier', (text) =>
    isNameStart(String.fromCodePoint(codeOf(text))) && isEvery(text, /^\w+$/, isNamePart)),
  isdecimal: every('isdecimal', /^[0-9]+$/, (character) => hasChar(unicodeDigit(), codeOf(character))),
  isdigit: every(
    'isdigit',
    /^[0-9]+$/,
    isOf(
      /^[\p{Nd}\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]$/u,
    ),
  ),
  isalpha: every('isalpha', /^[A-Za-z]+$/, isAlphabetic),
  isalnum: every(
    'isalnum',
    /^[A-Za-z0-9]+$/,
    (character) => character !== '_' && hasChar(unicodeWord(), codeOf(character)),
  ),
  isnumeric: every(
    'isnumeric',
    /^[0-9]+$/,
    isOf(
      /^[\p{N}\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e5d\u4e8c\u4e94\u4e96\u4ebf\u4ec0\u4edf\u4ee8\u4f0d\u4f70\u5104\u5146\u5169\u516b\u516d\u5341\u5343-\u5345\u534c\u53c1-\u53c4\u56db\u58f1\u58f9\u5e7a\u5efe\u5eff\u5f0c-\u5f0e\u5f10\u62fe\u634c\u67d2\u6f06\u7396\u767e\u8086\u842c\u8cae\u8cb3\u8d30\u9621\u9646\u964c\u9678\u96f6\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3\uf9fd\u{20001}\u{20064}\u{200e2}\u{20121}\u{2092a}\u{20983}\u{2098c}\u{2099c}\u{20aea}\u{20afd}\u{20b19}\u{22390}\u{22998}\u{23b1b}\u{2626d}\u{2f890}]$/u,
    ),
  ),
} as const satisfies Record<string, TextMethod>;

export const stringMethods: ReadonlyMap<string, TextMethod> = new Map<string, TextMethod>(
  Object.entries(methods),
);
