// Which characters a piece of one character accepts: classes, negation and the cases of CPython's compiler.
import {
  type CharSet,
  complement,
  everyChar,
  intersection,
  lastCodePoint,
  toCharSet,
  union,
  without,
} from './charSet';
import { keyOf } from './setParser';
import type { AnyNode, CaseFlags, ClassName, SetItem, UnitNode } from './tree';
import * as unicode from './unicode';

const allButNewline: CharSet = complement([0x0a, 0x0a]);
const basicPlane: CharSet = [0, 0xffff];
const astralPlanes: CharSet = [0x10000, lastCodePoint];

const known = new WeakMap<UnitNode, CharSet>();
/** Sets such as `[\d.]` are written over and over, and are long where they hold a class. */
const byItems = new Map<string, CharSet>();
const byItemsLimit = 1000;

/** The one character that a piece accepts, where it is written as itself. */
export function plainCharOf({ items, negated, ignoreCase }: UnitNode): number | undefined {
  if (items.length !== 1 || negated || ignoreCase) return undefined;
  const only = items[0];
  return only?.kind === 'char' ? only.code : undefined;
}

export function charsOf(node: UnitNode | AnyNode): CharSet {
  if (node.kind === 'any') return node.dotAll ? everyChar : allButNewline;
  const plain = plainCharOf(node);
  if (plain !== undefined) return [plain, plain];
  const [only, second] = node.items;
  if (only?.kind === 'class' && !second && !node.negated) return classChars(only, node.ascii);
  let chars = known.get(node);
  if (chars === undefined) known.set(node, (chars = findChars(node)));
  return chars;
}

function findChars(node: UnitNode): CharSet {
  const key = `${node.negated}${node.ignoreCase}${node.ascii}${node.items.map(keyOf).join()}`;
  let chars = byItems.get(key);
  if (chars === undefined) {
    const members = charsOfItems(node.items, node);
    chars = node.negated ? complement(members) : members;
    if (byItems.size >= byItemsLimit) byItems.clear();
    byItems.set(key, chars);
  }
  return chars;
}

/** The members of a set that is not negated. A lone character folds differently from several, as in CPython. */
export function charsOfItems(items: readonly SetItem[], flags: CaseFlags): CharSet {
  const [only] = items;
  if (only !== undefined && items.length === 1) {
    if (only.kind === 'class') return classChars(only, flags.ascii);
    if (!flags.ignoreCase) return only.kind === 'char' ? [only.code, only.code] : [only.first, only.last];
  }
  const classes = items.filter((item) => item.kind === 'class').map((item) => classChars(item, flags.ascii));
  const chars = toCharSet(items.flatMap(rangeOf));
  if (!flags.ignoreCase) return union(chars, ...classes);
  if (flags.ascii) return union(asciiFold(chars), ...classes);
  const folded = items.length === 1 && items[0]?.kind === 'char' ? foldChar(items[0].code) : foldItems(items);
  return union(unicode.charsWithLowerIn(folded), ...classes);
}

const rangeOf = (item: SetItem): [number, number][] =>
  item.kind === 'class' ? [] : item.kind === 'char' ? [[item.code, item.code]] : [[item.first, item.last]];

const classTable: Record<ClassName, { ascii: () => CharSet; unicode: () => CharSet }> = {
  digit: { ascii: () => unicode.asciiDigit, unicode: unicode.unicodeDigit },
  space: { ascii: () => unicode.asciiSpace, unicode: () => unicode.unicodeSpace },
  word: { ascii: () => unicode.asciiWord, unicode: unicode.unicodeWord },
};

export function wordChars(ascii: boolean): CharSet {
  return ascii ? classTable.word.ascii() : classTable.word.unicode();
}

const negatedClasses = new Map<CharSet, CharSet>();

function classChars(item: Extract<SetItem, { kind: 'class' }>, ascii: boolean): CharSet {
  const chars = classTable[item.name][ascii ? 'ascii' : 'unicode']();
  if (!item.negated) return chars;
  let negated = negatedClasses.get(chars);
  if (negated === undefined) negatedClasses.set(chars, (negated = complement(chars)));
  return negated;
}

function asciiFold(chars: CharSet): CharSet {
  const shifted = (letters: CharSet, distance: number): CharSet =>
    intersection(chars, letters).map((code) => code + distance);
  return union(chars, shifted([0x41, 0x5a], 0x20), shifted([0x61, 0x7a], -0x20));
}

function foldChar(code: number): CharSet {
  const lower = unicode.toLower(code);
  return toCharSet([lower, ...unicode.sameUpper(lower)].map((one) => [one, one]));
}

/** Above the basic plane CPython keeps a character of a set as it is written, and compares ranges in both cases. */
function foldItems(items: readonly SetItem[]): CharSet {
  const ranges = toCharSet(items.filter((item) => item.kind === 'range').flatMap(rangeOf));
  const chars = toCharSet(items.filter((item) => item.kind === 'char').flatMap(rangeOf));
  return union(
    unicode.foldSet(intersection(union(ranges, chars), basicPlane)),
    without(chars, basicPlane),
    intersection(ranges, astralPlanes),
    unicode.astralLowersOf(ranges),
  );
}
