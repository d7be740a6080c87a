// Parses what stands between `[` and `]`.
import { parseSetEscape } from './escapes';
import { lengthOf, type PatternScanner } from './patternScanner';
import type { SetItem } from './tree';

export interface ParsedSet {
  readonly items: readonly SetItem[];
  readonly negated: boolean;
}

export type Warn = (message: string, position: number) => void;

/** Reads a set whose `[` has been taken; `warn` gets what CPython announces as a FutureWarning. */
export function parseSet(scanner: PatternScanner, warn: Warn): ParsedSet {
  const here = scanner.tell() - 1;
  if (scanner.peek() === '[') warnOfSet(warn, 'nested set', scanner.tell());
  const negated = scanner.takeIf('^');
  const items: SetItem[] = [];
  const takeMember = (): string =>
    scanner.take() ?? scanner.fail('unterminated character set', scanner.tell() - here);
  for (;;) {
    const token = takeMember();
    if (token === ']' && items.length > 0) return { items: unique(items), negated };
    if (items.length > 0 && scanner.peek() === token) warnOfOperator(scanner, token, warn);
    const item = toItem(scanner, token);
    if (!scanner.takeIf('-')) {
      items.push(item);
      continue;
    }
    const end = takeMember();
    if (end === ']') {
      items.push(item, { kind: 'char', code: 0x2d });
      return { items: unique(items), negated };
    }
    if (end === '-') warnOfSet(warn, 'set difference', scanner.tell() - 2);
    items.push(toRange(scanner, [token, item], [end, toItem(scanner, end)]));
  }
}

function toItem(scanner: PatternScanner, token: string): SetItem {
  if (token.startsWith('\\')) return parseSetEscape(scanner, token);
  return { kind: 'char', code: token.codePointAt(0) ?? 0 };
}

function toRange(scanner: PatternScanner, from: [string, SetItem], to: [string, SetItem]): SetItem {
  const [[fromText, first], [toText, last]] = [from, to];
  if (first.kind === 'char' && last.kind === 'char' && first.code <= last.code) {
    return { kind: 'range', first: first.code, last: last.code };
  }
  const back = lengthOf(fromText) + 1 + lengthOf(toText);
  return scanner.fail(`bad character range ${fromText}-${toText}`, back);
}

const operators: Readonly<Record<string, string>> = {
  '-': 'set difference',
  '&': 'set intersection',
  '~': 'set symmetric difference',
  '|': 'set union',
};

function warnOfOperator(scanner: PatternScanner, token: string, warn: Warn): void {
  const operator = operators[token];
  if (operator !== undefined) warnOfSet(warn, operator, scanner.tell() - 1);
}

function warnOfSet(warn: Warn, what: string, position: number): void {
  warn(`Possible ${what} at position ${position}`, position);
}

/** `dict.fromkeys`: CPython drops repeated members before it looks whether one is left. */
export function unique(items: readonly SetItem[]): readonly SetItem[] {
  if (items.length < 2) return items;
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  return [...byKey.values()];
}

export function keyOf(item: SetItem): string {
  if (item.kind === 'char') return `c${item.code}`;
  if (item.kind === 'range') return `r${item.first}-${item.last}`;
  return `${item.negated ? 'not' : 'is'} ${item.name}`;
}
