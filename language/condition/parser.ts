// Python expressions of conditions: a precedence parser; nothing but the listed grammar gets through.
import { findNearest } from '../nearest';
import type { Parsed } from '../text';
import { ConditionSyntaxError, readTokens, type Token } from './lexer';
import { stringMethods } from './methods';
import { insteadOfMethods } from './reference';
import {
  childrenOf,
  type ArithmeticOperator,
  type Argument,
  type BitOperator,
  type CompareOperator,
  type Condition,
  type Expression,
} from './tree';

export type { Condition } from './tree';

export interface ConditionProblem {
  readonly code: 'bad-condition' | 'positional-in-condition';
  readonly message: string;
  /** UTF-16 offset in the condition. */
  readonly offset: number;
  /** What to write instead, where that is known. */
  readonly remedy?: string;
}

export function parseCondition(source: string): Parsed<Condition | undefined, ConditionProblem> {
  try {
    const parser = new Parser(readTokens(source));
    const tree = parser.parse();
    return { value: { source, tree, names: parser.names }, problems: [] };
  } catch (error) {
    if (!(error instanceof ConditionSyntaxError)) throw error;
    const { message, offset, details } = error;
    const code = details.positional ? 'positional-in-condition' : 'bad-condition';
    const remedy = details.remedy === undefined ? {} : { remedy: details.remedy };
    return { value: undefined, problems: [{ code, message, offset, ...remedy }] };
  }
}

const constants: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };
const comparisons = new Set(['<', '<=', '>', '>=', '==', '!=']);
/** Deeper trees are refused: evaluation is recursive. */
const maxDepth = 200;
/** Chains within chains may add up to this many levels. */
const maxHeight = 1500;

/** Binding power of the operators on the left; `**` binds to the right and tighter than a sign before it. */
const powers: Readonly<Record<string, number>> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '//': 6,
  '%': 6,
};

const nothingLeft: Token = { kind: 'end', text: '', start: 0, end: 0 };

class Parser {
  private at = 0;
  private next: Token;
  private depth = 0;
  readonly names: { name: string; offset: number; called: boolean }[] = [];

  constructor(private readonly tokens: readonly Token[]) {
    this.next = tokens[0] ?? nothingLeft;
  }

  parse(): Expression {
    if (this.tokens.length === 1) throw new ConditionSyntaxError('the condition is empty', 0);
    const tree = this.tupleOr(this.expression(), (token) => token.kind === 'end');
    if (this.next.kind !== 'end') throw this.unexpected();
    if (this.tokens.length > maxHeight) checkHeight(tree);
    return tree;
  }

  private take(): Token {
    const token = this.next;
    this.at += 1;
    this.next = this.tokens[this.at] ?? nothingLeft;
    return token;
  }

  private is(text: string): boolean {
    const { next } = this;
    return next.text === text && (next.kind === 'operator' || next.kind === 'keyword');
  }

  private match(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  private expect(text: string): Token {
    if (!this.is(text)) throw this.unexpected(`"${text}" is missing`);
    return this.take();
  }

  private unexpected(hint?: string): ConditionSyntaxError {
    const { kind, text, start } = this.next;
    if (hint !== undefined) return new ConditionSyntaxError(hint, start);
    if (kind === 'end') return new ConditionSyntaxError('the condition ends too early', start);
    if (text === '=') return new ConditionSyntaxError('"=" assigns; to compare, write "=="', start);
    return new ConditionSyntaxError(`"${text}" cannot stand here`, start);
  }

  /** Before what may hold itself; `depth` goes down again behind it. */
  private goDeeper(): void {
    this.depth += 1;
    if (this.depth > maxDepth)
      throw new ConditionSyntaxError('the condition is nested too deep', this.next.start);
  }

  /** `a, b`: a tuple where commas follow. */
  private tupleOr(first: Expression, isEnd: (token: Token) => boolean): Expression {
    if (!this.is(',')) return first;
    const items = [first];
    while (this.match(',') && !isEnd(this.next)) items.push(this.expression());
    return { op: 'tuple', items, start: first.start, end: this.tokens[this.at - 1]?.end ?? first.end };
  }

  private expression(): Expression {
    this.goDeeper();
    const expression = this.choice();
    this.depth -= 1;
    return expression;
  }

  private choice(): Expression {
    const yes = this.or();
    if (!this.match('if')) return yes;
    const test = this.or();
    this.expect('else');
    const no = this.expression();
    return { op: 'choice', test, yes, no, start: yes.start, end: no.end };
  }

  private or(): Expression {
    let left = this.and();
    for (let length = 0; this.match('or'); length++) left = this.join('or', left, this.and(), length);
    return left;
  }

  private and(): Expression {
    let left = this.not();
    for (let length = 0; this.match('and'); length++) left = this.join('and', left, this.not(), length);
    return left;
  }

  private join(op: 'and' | 'or', left: Expression, right: Expression, length: number): Expression {
    this.checkLength(length);
    return { op, left, right, start: left.start, end: right.end };
  }

  /** Chains of operators nest to the left: they are bounded too. */
  private checkLength(length: number): void {
    if (length > 5 * maxDepth) throw new ConditionSyntaxError('the condition is too long', this.next.start);
  }

  private not(): Expression {
    const { start } = this.next;
    if (!this.match('not')) return this.comparison();
    this.goDeeper();
    const operand = this.not();
    this.depth -= 1;
    return { op: 'not', operand, start, end: operand.end };
  }

  private comparison(): Expression {
    const first = this.arithmetic(1);
    let sign = this.takeComparison();
    if (sign === undefined) return first;
    const rest: { sign: CompareOperator; operand: Expression }[] = [];
    let last = first;
    for (; sign !== undefined; sign = this.takeComparison()) {
      last = this.arithmetic(1);
      rest.push({ sign, operand: last });
    }
    return { op: 'compare', first, rest, start: first.start, end: last.end };
  }

  private takeComparison(): CompareOperator | undefined {
    if (this.next.kind === 'operator')
      return comparisons.has(this.next.text) ? (this.take().text as CompareOperator) : undefined;
    if (this.next.kind !== 'keyword') return undefined;
    if (this.match('in')) return 'in';
    if (this.match('is')) return this.match('not') ? 'is not' : 'is';
    if (!this.is('not')) return undefined;
    this.take();
    this.expect('in');
    return 'not in';
  }

  private arithmetic(least: number): Expression {
    let left = this.unary();
    for (let length = 0; ; length++) {
      const power = this.next.kind === 'operator' ? powers[this.next.text] : undefined;
      if (power === undefined || power < least) return left;
      this.checkLength(length);
      const { start } = this.next;
      const sign = this.take().text as ArithmeticOperator | BitOperator;
      if ((sign === '&' || sign === '|') && this.is(sign)) throw toJunctionError(sign, start);
      const right = this.arithmetic(power + 1);
      left = { op: 'arithmetic', sign, left, right, start: left.start, end: right.end };
    }
  }

  private unary(): Expression {
    const { start, text } = this.next;
    if (!this.is('-') && !this.is('+') && !this.is('~')) return this.power();
    this.take();
    this.goDeeper();
    const operand = this.unary();
    this.depth -= 1;
    return { op: 'unary', sign: text as '+' | '-' | '~', operand, start, end: operand.end };
  }

  private power(): Expression {
    const left = this.postfix();
    if (!this.match('**')) return left;
    this.goDeeper();
    const right = this.unary();
    this.depth -= 1;
    return { op: 'arithmetic', sign: '**', left, right, start: left.start, end: right.end };
  }

  private postfix(): Expression {
    let target = this.atom();
    for (let length = 0; ; length++) {
      this.checkLength(length);
      if (this.next.kind !== 'operator') return target;
      if (this.is('(')) target = this.call(target, undefined);
      else if (this.match('[')) target = this.subscript(target);
      else if (this.match('.')) target = this.method(target);
      else return target;
    }
  }

  private method(target: Expression): Expression {
    const name = this.take();
    if (name.kind !== 'name' || !stringMethods.has(name.text) || !this.is('(')) throw toMethodError(name);
    return this.call(target, name.text);
  }

  private call(target: Expression, method: string | undefined): Expression {
    const used = this.names.at(-1);
    if (method === undefined && target.op === 'name' && used?.offset === target.start) used.called = true;
    this.expect('(');
    const args: Argument[] = [];
    while (!this.is(')')) {
      const named =
        this.next.kind === 'name' &&
        this.tokens[this.at + 1]?.text === '=' &&
        this.tokens[this.at + 1]?.kind === 'operator';
      const { start } = this.next;
      const name = named ? this.take().text : undefined;
      if (named && args.some((argument) => argument.name === name))
        throw new ConditionSyntaxError(`the argument "${name}" is repeated`, start);
      if (named) this.take();
      else if (args.some((argument) => argument.name !== undefined))
        throw this.unexpected('positional arguments stand before named ones');
      args.push({ name, value: this.expression() });
      if (!this.match(',')) break;
    }
    const { end } = this.expect(')');
    return { op: 'call', target, method, args, start: target.start, end };
  }

  private subscript(target: Expression): Expression {
    const bounds: (Expression | undefined)[] = [undefined];
    let colons = 0;
    while (!this.is(']')) {
      if (this.is(':')) {
        colons += 1;
        if (colons > 2) throw this.unexpected();
        this.take();
        bounds.push(undefined);
      } else if (bounds.at(-1) === undefined) {
        const bound = this.expression();
        bounds[bounds.length - 1] = colons === 0 ? this.tupleOr(bound, (token) => token.text === ']') : bound;
      } else throw this.unexpected();
    }
    const { end } = this.expect(']');
    const [index] = bounds;
    if (colons > 0) return { op: 'slice', target, bounds, start: target.start, end };
    if (index === undefined) throw new ConditionSyntaxError('the index is missing', end - 1);
    return { op: 'index', target, index, start: target.start, end };
  }

  private atom(): Expression {
    const token = this.next;
    const { kind, text, start, end } = token;
    if (kind === 'number' || kind === 'string' || kind === 'name') this.take();
    if (kind === 'number') return { op: 'literal', value: token.value ?? 0n, start, end };
    if (kind === 'string') return this.strings(token);
    if (kind === 'keyword' && text in constants) {
      this.take();
      return { op: 'literal', value: constants[text] ?? null, start, end };
    }
    if (kind === 'name') {
      this.names.push({ name: text, offset: start, called: false });
      return { op: 'name', name: text, start, end };
    }
    if (kind !== 'operator' || (text !== '(' && text !== '[')) throw this.unexpected();
    this.take();
    this.goDeeper();
    const inside = text === '(' ? this.parenthesis(start) : this.list(start);
    this.depth -= 1;
    return inside;
  }

  private strings(first: Token): Expression {
    let value = String(first.value ?? '');
    let { end } = first;
    while (this.next.kind === 'string') {
      const token = this.take();
      value += String(token.value ?? '');
      ({ end } = token);
    }
    return { op: 'literal', value, start: first.start, end };
  }

  private parenthesis(start: number): Expression {
    if (this.is(')')) return { op: 'tuple', items: [], start, end: this.take().end };
    const inside = this.tupleOr(this.expression(), (token) => token.text === ')');
    const { end } = this.expect(')');
    return { ...inside, start, end };
  }

  private list(start: number): Expression {
    const items: Expression[] = [];
    while (!this.is(']')) {
      items.push(this.expression());
      if (!this.match(',')) break;
    }
    return { op: 'list', items, start, end: this.expect(']').end };
  }
}

function toMethodError({ text, start }: Token): ConditionSyntaxError {
  if (stringMethods.has(text))
    return new ConditionSyntaxError(`".${text}" is a method, which is called`, start, {
      remedy: `Write .${text}().`,
    });
  const nearest = findNearest(text, [...stringMethods.keys()]);
  const instead = insteadOfMethods.get(text) ?? (nearest === undefined ? undefined : `Write .${nearest}().`);
  return new ConditionSyntaxError(
    `".${text}" cannot stand in a condition; methods of texts and lists are called, such as .lower()`,
    start,
    instead === undefined ? {} : { remedy: instead },
  );
}

/** Of other languages. */
function toJunctionError(sign: '&' | '|', start: number): ConditionSyntaxError {
  const word = sign === '&' ? 'and' : 'or';
  return new ConditionSyntaxError(`"${sign}${sign}" cannot stand in a condition`, start, {
    remedy: `Write ${word}.`,
  });
}

function checkHeight(tree: Expression): void {
  let level: readonly Expression[] = [tree];
  for (let height = 0; level.length > 0; height++) {
    if (height > maxHeight) throw new ConditionSyntaxError('the condition is nested too deep', tree.start);
    level = level.flatMap(childrenOf);
  }
}
