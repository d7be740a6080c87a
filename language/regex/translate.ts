// Translation of a Python pattern to JavaScript: exact, or undefined. What is not exact runs on the own matcher.
import { findCaseClass, toLower } from './caseFold';
import { categorySource } from './characters';
import { widthOf, type Flags, type Node, type ParsedPattern, type Sequence, type SetItem } from './tree';

export interface Translation {
  readonly source: string;
  /** Flags without `g` and `d`. */
  readonly flags: '' | 'u';
}

/** `ascii`: for text that is ASCII, where plain classes do; otherwise for any text. */
export function translatePattern(pattern: ParsedPattern, ascii: boolean): Translation | undefined {
  // An empty match makes the search go on differently in Python.
  if (widthOf(pattern.body, pattern.groupWidths).low === 0) return undefined;
  const source = new Translator(ascii).sequence(pattern.body);
  return source === undefined ? undefined : { source, flags: ascii ? '' : 'u' };
}

type Classes = (typeof categorySource)[keyof typeof categorySource];

class Translator {
  constructor(private readonly ascii: boolean) {}

  sequence(nodes: Sequence): string | undefined {
    let result = '';
    for (const node of nodes) {
      const piece = this.node(node);
      if (piece === undefined) return undefined;
      result += piece;
    }
    return result;
  }

  private node(node: Node): string | undefined {
    switch (node.op) {
      case 'set':
        return this.set(node.items, node.negate, node.flags);
      case 'any':
        return node.flags.dotAll ? '[^]' : '[^\\n]';
      case 'anchor':
        return this.anchor(node);
      case 'group':
        return wrap('(', this.sequence(node.body), ')');
      case 'scope':
        return wrap('(?:', this.sequence(node.body), ')');
      case 'branch':
        return this.branch(node.branches);
      case 'repeat':
        return this.repeat(node);
      case 'look':
        if (hasGroup(node.body)) return undefined;
        return wrap(`(?${node.behind ? '<' : ''}${node.negate ? '!' : '='}`, this.sequence(node.body), ')');
      case 'atomic':
      case 'reference':
      case 'conditional':
        return undefined;
    }
  }

  private branch(branches: readonly Sequence[]): string | undefined {
    const pieces = branches.map((branch) => this.sequence(branch));
    return pieces.includes(undefined) ? undefined : `(?:${pieces.join('|')})`;
  }

  private repeat({ min, max, mode, body }: Extract<Node, { op: 'repeat' }>): string | undefined {
    if (mode === 'possessive') return undefined;
    // JavaScript forgets the groups of the round before and refuses empty rounds; Python does neither.
    const [only] = body;
    const inner = only?.op === 'group' && body.length === 1 ? only.body : body;
    if (hasGroup(inner)) return undefined;
    if (hasGroup(body) && widthOf(body, new Map()).low === 0) return undefined;
    const piece = this.sequence(body);
    if (piece === undefined || max > 0xffffffff !== (max === Infinity)) return undefined;
    const bounds = max === Infinity ? `{${min},}` : `{${min},${max}}`;
    return `(?:${piece})${bounds}${mode === 'lazy' ? '?' : ''}`;
  }

  private anchor({ anchor, flags }: Extract<Node, { op: 'anchor' }>): string {
    switch (anchor) {
      case 'textStart':
        return '(?<![^])';
      case 'textEnd':
        return '(?![^])';
      case 'lineStart':
        return flags.multiline ? '(?<![^\\n])' : '(?<![^])';
      case 'lineEnd':
        return flags.multiline ? '(?![^\\n])' : '(?![^\\n])(?!\\n[^])';
      case 'boundary':
      case 'nonBoundary': {
        const word = `[${this.classes(flags).word}]`;
        const negate = anchor === 'nonBoundary';
        const [same, other] = [
          `(?<=${word})(?${negate ? '=' : '!'}${word})`,
          `(?<!${word})(?${negate ? '!' : '='}${word})`,
        ];
        // Neither holds in an empty text.
        return negate ? `(?:(?:${same}|${other})(?:(?<=[^])|(?=[^])))` : `(?:${same}|${other})`;
      }
    }
  }

  private classes(flags: Flags): Classes {
    if (flags.ascii) return categorySource.ascii;
    return this.ascii ? categorySource.unicodeOnAscii : categorySource.unicode;
  }

  private set(items: readonly SetItem[], negate: boolean, flags: Flags): string | undefined {
    let inside = '';
    for (const item of items) {
      const piece = this.item(item, flags);
      if (piece === undefined) return undefined;
      inside += piece;
    }
    const [only] = items;
    const single = only?.kind === 'range' && only.low === only.high && items.length === 1;
    if (single && !negate && !flags.ignoreCase && inside !== '') return toLiteral(only.low, this.ascii);
    return `[${negate ? '^' : ''}${inside}]`;
  }

  /** What stands for the item inside of brackets; undefined where that is not known exactly. */
  private item(item: SetItem, flags: Flags): string | undefined {
    if (item.kind === 'category') return this.category(item, flags);
    const { low, high } = item;
    if (!flags.ignoreCase) return this.range(low, high);
    if (high > 0x7f) return undefined;
    let result = '';
    for (let code = low; code <= high; code++) {
      for (const member of findCaseClass(toLower(code, flags.ascii), flags.ascii)) {
        for (const variant of caseVariants(member, flags.ascii)) result += this.range(variant, variant);
      }
    }
    return result;
  }

  private category(
    { category, negate }: Extract<SetItem, { kind: 'category' }>,
    flags: Flags,
  ): string | undefined {
    const inside = this.classes(flags)[category];
    if (!negate) return inside;
    const simple: Readonly<Record<string, string>> = {
      '0-9': '\\D',
      'a-zA-Z0-9_': '\\W',
      '\\p{Nd}': '\\P{Nd}',
    };
    if (simple[inside] !== undefined) return simple[inside];
    if (inside === categorySource.unicodeOnAscii.space) return '\\x00-\\x08\\x0e-\\x1b\\x21-\\x7f';
    if (inside === categorySource.ascii.space)
      return `\\x00-\\x08\\x0e-\\x1f\\x21-${this.ascii ? '\\x7f' : '\\u{10ffff}'}`;
    // A negated class that is not the whole set has no name in JavaScript.
    return undefined;
  }

  private range(low: number, high: number): string {
    const top = this.ascii ? Math.min(high, 0x7f) : high;
    if (low > top) return '';
    return low === top
      ? escapeCode(low, this.ascii)
      : `${escapeCode(low, this.ascii)}-${escapeCode(top, this.ascii)}`;
  }
}

/** What has this lower case: the lower case itself, and its upper case where there is one. */
function caseVariants(lower: number, ascii: boolean): readonly number[] {
  const upper = String.fromCodePoint(lower).toUpperCase();
  const candidates = [
    lower,
    upper.codePointAt(0) ?? lower,
    ...(lower === 0x69 ? [0x130] : []),
    ...(lower === 0x6b ? [0x212a] : []),
    ...(lower === 0xe5 ? [0x212b] : []),
  ];
  return [...new Set(candidates)].filter((code) => toLower(code, ascii) === lower);
}

const wrap = (before: string, inside: string | undefined, after: string): string | undefined =>
  inside === undefined ? undefined : before + inside + after;

function hasGroup(nodes: Sequence): boolean {
  return nodes.some((node) => {
    switch (node.op) {
      case 'group':
        return true;
      case 'scope':
      case 'look':
      case 'atomic':
      case 'repeat':
        return hasGroup(node.body);
      case 'branch':
        return node.branches.some(hasGroup);
      case 'conditional':
        return hasGroup(node.yes) || hasGroup(node.no ?? []);
      default:
        return false;
    }
  });
}

function escapeCode(code: number, ascii: boolean): string {
  if (/^[a-zA-Z0-9]$/.test(String.fromCharCode(code))) return String.fromCharCode(code);
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return ascii ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

function toLiteral(code: number, ascii: boolean): string {
  return code > 0x7f && ascii ? '[]' : escapeCode(code, ascii);
}
