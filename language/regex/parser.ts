// Python's regular expressions: grammar, messages and positions of CPython 3.11 (`re._parser`), into a tree with spans.
import { reprText } from '../pythonText';
import type { Parsed } from '../text';
import { literal, parseEscape, parseSetEscape } from './escapes';
import { parseInlineFlags } from './inlineFlags';
import { lengthOf, PatternError, PatternSource } from './source';
import {
  widthOf,
  type Flags,
  type Node,
  type ParsedPattern,
  type Sequence,
  type SetItem,
  type Width,
} from './tree';

export interface PatternProblem {
  readonly code: 'bad-regex' | 'unsupported-regex';
  /** CPython's message. */
  readonly message: string;
  /** UTF-16 offset in the pattern. */
  readonly offset: number;
}

/** `flags` among `M I S X A U`, as letters. */
export function parsePattern(source: string, flags = 'M'): Parsed<ParsedPattern | undefined, PatternProblem> {
  try {
    return { value: new Parser(source, flags).parse(), problems: [] };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const offset = [...source].slice(0, error.position).join('').length;
    const code = error.unsupported ? 'unsupported-regex' : 'bad-regex';
    return { value: undefined, problems: [{ code, message: error.message, offset }] };
  }
}

const maxRepeat = 4294967295;
const maxGroups = 1073741823;
/** Deeper than Python itself can go. */
const maxDepth = 200;
const identifier = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

class Parser {
  private readonly source: PatternSource;
  private flags: Flags;
  private groupCount = 0;
  private readonly groupNames = new Map<string, number>();
  private readonly groupWidths = new Map<number, Width>();
  private readonly conditionals = new Map<number, number>();
  private lookbehindGroups: number | undefined;

  constructor(
    private readonly text: string,
    letters: string,
  ) {
    this.source = new PatternSource(text);
    this.flags = {
      ignoreCase: letters.includes('I'),
      multiline: letters.includes('M'),
      dotAll: letters.includes('S'),
      verbose: letters.includes('X'),
      ascii: letters.includes('A'),
    };
  }

  parse(): ParsedPattern {
    const body = this.parseBranches(undefined, 0);
    if (this.source.next !== undefined) throw this.source.error('unbalanced parenthesis');
    for (const [group, position] of this.conditionals) {
      if (group > this.groupCount) throw new PatternError(`invalid group reference ${group}`, position);
    }
    return {
      source: this.text,
      body,
      groupCount: this.groupCount,
      groupNames: this.groupNames,
      groupWidths: this.groupWidths,
    };
  }

  /** `flags` undefined: the pattern's own, which `(?i)` at its start may still change. */
  private parseBranches(flags: Flags | undefined, depth: number): Sequence {
    if (depth > maxDepth) throw new PatternError('too many nested groups', this.source.tell(), true);
    const start = this.source.tell();
    const branches: Sequence[] = [];
    do branches.push(this.parseSequence(flags, depth, depth === 0 && branches.length === 0));
    while (this.source.match('|'));
    const [only] = branches;
    if (only && branches.length === 1) return only;
    return [{ op: 'branch', branches, ...this.from(start, flags ?? this.flags) }];
  }

  private from(start: number, flags: Flags): { span: { start: number; end: number }; flags: Flags } {
    return {
      span: { start: this.source.toOffset(start), end: this.source.toOffset(this.source.tell()) },
      flags,
    };
  }

  private parseSequence(given: Flags | undefined, depth: number, first: boolean): Sequence {
    const { source } = this;
    const nodes: Node[] = [];
    for (;;) {
      const flags = given ?? this.flags;
      const token = source.next;
      if (token === undefined || token === '|' || token === ')') return nodes;
      const start = source.tell();
      source.get();
      if (flags.verbose && this.skipVerbose(token)) continue;
      if (token === '(') {
        const node = this.parseParenthesis({ flags, depth, start, mayBeGlobal: first && nodes.length === 0 });
        if (node) nodes.push(node);
      } else if (token === '*' || token === '+' || token === '?' || token === '{') {
        const repeat = this.parseRepeat(token, start, nodes, flags);
        if (repeat) nodes.splice(-1, 1, repeat);
        else nodes.push({ op: 'set', negate: false, items: [literal(0x7b)], ...this.from(start, flags) });
      } else nodes.push(this.parseAtom(token, start, flags));
    }
  }

  private skipVerbose(token: string): boolean {
    if (/^[ \t\n\r\v\f]$/.test(token)) return true;
    if (token !== '#') return false;
    for (let skipped = this.source.get(); skipped !== undefined && skipped !== '\n';)
      skipped = this.source.get();
    return true;
  }

  private parseAtom(token: string, start: number, flags: Flags): Node {
    if (token.startsWith('\\')) return this.parseEscaped(token, start, flags);
    if (token === '[') return this.parseSet(start, flags);
    if (token === '.') return { op: 'any', ...this.from(start, flags) };
    if (token === '^') return { op: 'anchor', anchor: 'lineStart', ...this.from(start, flags) };
    if (token === '$') return { op: 'anchor', anchor: 'lineEnd', ...this.from(start, flags) };
    return {
      op: 'set',
      negate: false,
      items: [literal(token.codePointAt(0) ?? 0)],
      ...this.from(start, flags),
    };
  }

  private parseEscaped(token: string, start: number, flags: Flags): Node {
    const escape = parseEscape(this.source, token);
    if (escape.kind === 'item')
      return { op: 'set', negate: false, items: [escape.item], ...this.from(start, flags) };
    if (escape.kind === 'anchor') return { op: 'anchor', anchor: escape.anchor, ...this.from(start, flags) };
    const { group, text } = escape;
    if (group > this.groupCount) throw this.source.error(`invalid group reference ${group}`, text.length - 1);
    if (!this.isClosed(group)) throw this.source.error('cannot refer to an open group', text.length);
    this.checkLookbehindGroup(group);
    return { op: 'reference', group, ...this.from(start, flags) };
  }

  private parseSet(start: number, flags: Flags): Node {
    const { source } = this;
    const unterminated = (): PatternError => new PatternError('unterminated character set', start);
    const items: SetItem[] = [];
    const negate = source.match('^');
    for (;;) {
      const token = source.get();
      if (token === undefined) throw unterminated();
      if (token === ']' && items.length > 0) break;
      const low = this.parseSetItem(token);
      if (!source.match('-')) {
        items.push(low);
        continue;
      }
      const until = source.get();
      if (until === undefined) throw unterminated();
      if (until === ']') {
        items.push(low, literal(0x2d));
        break;
      }
      items.push(this.toRange([token, low], [until, this.parseSetItem(until)]));
    }
    return { op: 'set', negate, items, ...this.from(start, flags) };
  }

  private parseSetItem(token: string): SetItem {
    return token.startsWith('\\') ? parseSetEscape(this.source, token) : literal(token.codePointAt(0) ?? 0);
  }

  private toRange([lowText, low]: [string, SetItem], [highText, high]: [string, SetItem]): SetItem {
    if (low.kind === 'range' && high.kind === 'range' && high.low >= low.low) {
      return { kind: 'range', low: low.low, high: high.low };
    }
    throw this.source.error(
      `bad character range ${lowText}-${highText}`,
      lengthOf(lowText) + 1 + lengthOf(highText),
    );
  }

  /** The repetition of the last node, or undefined where `{` is itself. */
  private parseRepeat(token: string, start: number, nodes: readonly Node[], flags: Flags): Node | undefined {
    const { source } = this;
    const bounds =
      token === '{'
        ? this.parseBounds()
        : ({ '?': [0, 1], '*': [0, Infinity], '+': [1, Infinity] } as const)[token as '?'];
    if (!bounds) return undefined;
    const item = nodes.at(-1);
    if (!item || item.op === 'anchor') throw new PatternError('nothing to repeat', start);
    if (item.op === 'repeat') throw new PatternError('multiple repeat', start);
    const mode = source.match('?') ? 'lazy' : source.match('+') ? 'possessive' : 'greedy';
    const span = { start: item.span.start, end: source.toOffset(source.tell()) };
    return { op: 'repeat', min: bounds[0], max: bounds[1], mode, body: [item], span, flags };
  }

  private parseBounds(): readonly [number, number] | undefined {
    const { source } = this;
    const here = source.tell();
    if (source.next === '}') return undefined;
    const low = source.getWhile(Infinity, /^[0-9]$/);
    const high = source.match(',') ? source.getWhile(Infinity, /^[0-9]$/) : low;
    if (!source.match('}')) {
      source.seek(here);
      return undefined;
    }
    const min = low === '' ? 0 : Number(low);
    const max = high === '' ? Infinity : Number(high);
    if (min >= maxRepeat || (high !== '' && max >= maxRepeat))
      throw new PatternError('the repetition number is too large', here);
    if (max < min) throw new PatternError('min repeat greater than max repeat', here);
    return [min, max];
  }

  private parseParenthesis(at: {
    flags: Flags;
    depth: number;
    start: number;
    mayBeGlobal: boolean;
  }): Node | undefined {
    const { source } = this;
    const { flags, depth, start } = at;
    if (!source.match('?')) return this.parseGroup(null, at);
    const token = source.get();
    switch (token) {
      case undefined:
        throw source.error('unexpected end of pattern');
      case 'P':
        return this.parsePython(at);
      case ':':
        return { op: 'scope', body: this.parseBody(flags, depth, start), ...this.from(start, flags) };
      case '#':
        this.skipComment(start);
        return undefined;
      case '=':
      case '!':
        return {
          op: 'look',
          behind: false,
          negate: token === '!',
          body: this.parseBody(flags, depth, start),
          ...this.from(start, flags),
        };
      case '<':
        return this.parseLookbehind(at);
      case '(':
        return this.parseConditional(at);
      case '>':
        return { op: 'atomic', body: this.parseBody(flags, depth, start), ...this.from(start, flags) };
      default: {
        if (!/^[aiLmstux-]$/.test(token))
          throw source.error(`unknown extension ?${token}`, lengthOf(token) + 1);
        const inline = parseInlineFlags(source, token, flags);
        if (!inline.global) {
          return {
            op: 'scope',
            body: this.parseBody(inline.flags, depth, start),
            ...this.from(start, inline.flags),
          };
        }
        if (!at.mayBeGlobal) throw new PatternError('global flags not at the start of the expression', start);
        this.flags = inline.flags;
        return undefined;
      }
    }
  }

  /** What stands in the parentheses, and the closing one. */
  private parseBody(flags: Flags, depth: number, start: number): Sequence {
    const body = this.parseBranches(flags, depth + 1);
    this.close(start);
    return body;
  }

  private close(start: number): void {
    if (!this.source.match(')')) throw new PatternError('missing ), unterminated subpattern', start);
  }

  private skipComment(start: number): void {
    for (;;) {
      if (this.source.next === undefined) throw new PatternError('missing ), unterminated comment', start);
      if (this.source.get() === ')') return;
    }
  }

  private parsePython(at: { flags: Flags; depth: number; start: number }): Node {
    const { source } = this;
    if (source.match('<')) {
      const name = source.getUntil('>', 'group name');
      this.checkGroupName(name);
      return this.parseGroup(name, at);
    }
    if (source.match('=')) {
      const name = source.getUntil(')', 'group name');
      this.checkGroupName(name);
      const group = this.groupNames.get(name);
      if (group === undefined) throw source.error(`unknown group name ${reprText(name)}`, lengthOf(name) + 1);
      if (!this.isClosed(group)) throw source.error('cannot refer to an open group', lengthOf(name) + 1);
      this.checkLookbehindGroup(group);
      return { op: 'reference', group, ...this.from(at.start, at.flags) };
    }
    const token = source.get();
    if (token === undefined) throw source.error('unexpected end of pattern');
    throw source.error(`unknown extension ?P${token}`, lengthOf(token) + 2);
  }

  private checkGroupName(name: string): void {
    if (!identifier.test(name))
      throw this.source.error(`bad character in group name ${reprText(name)}`, lengthOf(name) + 1);
  }

  private parseGroup(
    name: string | null,
    { flags, depth, start }: { flags: Flags; depth: number; start: number },
  ): Node {
    const group = this.groupCount + 1;
    if (name !== null) {
      const former = this.groupNames.get(name);
      if (former !== undefined) {
        const message = `redefinition of group name ${reprText(name)} as group ${group}; was group ${former}`;
        throw this.source.error(message, lengthOf(name) + 1);
      }
      this.groupNames.set(name, group);
    }
    this.groupCount = group;
    const body = this.parseBody(flags, depth, start);
    this.groupWidths.set(group, widthOf(body, this.groupWidths));
    return { op: 'group', group, name, body, ...this.from(start, flags) };
  }

  private isClosed(group: number): boolean {
    return group === 0 || this.groupWidths.has(group);
  }

  private checkLookbehindGroup(group: number): void {
    if (this.lookbehindGroups === undefined) return;
    if (!this.isClosed(group)) throw this.source.error('cannot refer to an open group');
    if (group >= this.lookbehindGroups) {
      throw this.source.error('cannot refer to group defined in the same lookbehind subpattern');
    }
  }

  private parseLookbehind({ flags, depth, start }: { flags: Flags; depth: number; start: number }): Node {
    const { source } = this;
    const token = source.get();
    if (token === undefined) throw source.error('unexpected end of pattern');
    if (token !== '=' && token !== '!')
      throw source.error(`unknown extension ?<${token}`, lengthOf(token) + 2);
    const outer = this.lookbehindGroups;
    this.lookbehindGroups ??= this.groupCount + 1;
    const body = this.parseBranches(flags, depth + 1);
    this.lookbehindGroups = outer;
    this.close(start);
    const { low, high } = widthOf(body, this.groupWidths);
    if (low !== high) throw new PatternError('look-behind requires fixed-width pattern', start);
    return { op: 'look', behind: true, negate: token === '!', body, ...this.from(start, flags) };
  }

  private parseConditional({ flags, depth, start }: { flags: Flags; depth: number; start: number }): Node {
    const { source } = this;
    const name = source.getUntil(')', 'group name');
    const group = this.findConditionGroup(name);
    this.checkLookbehindGroup(group);
    const yes = this.parseSequence(flags, depth + 1, false);
    let no: Sequence | null = null;
    if (source.match('|')) {
      no = this.parseSequence(flags, depth + 1, false);
      if (source.next === '|') throw source.error('conditional backref with more than two branches');
    }
    this.close(start);
    return { op: 'conditional', group, yes, no, ...this.from(start, flags) };
  }

  private findConditionGroup(name: string): number {
    const { source } = this;
    const back = lengthOf(name) + 1;
    if (identifier.test(name)) {
      const group = this.groupNames.get(name);
      if (group === undefined) throw source.error(`unknown group name ${reprText(name)}`, back);
      return group;
    }
    if (!/^[+]?[0-9]+(_[0-9]+)*$/.test(name.trim()))
      throw source.error(`bad character in group name ${reprText(name)}`, back);
    const group = Number(name.trim().replaceAll('_', ''));
    if (group === 0) throw source.error('bad group number', back);
    if (group >= maxGroups) throw source.error(`invalid group reference ${group}`, back);
    if (!this.conditionals.has(group)) this.conditionals.set(group, source.tell() - back);
    return group;
  }
}
