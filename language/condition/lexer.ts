// Python's tokens, as far as conditions have them, with the tokenizer's rules for numbers and strings.
import { findCharacter } from '../regex/characterNames';
import { isKnownLetter } from './unicodeText';

export interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'keyword' | 'operator' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Of a number or string. */
  readonly value?: bigint | number | string;
}

/** A condition that is no supported expression; offset in UTF-16 units. */
export class ConditionSyntaxError extends Error {
  constructor(
    message: string,
    readonly offset: number,
    readonly details: { readonly positional?: true; readonly remedy?: string } = {},
  ) {
    super(message);
  }
}

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
/** Words that Python keeps for itself: no condition can use them as names. */
export const isKeyword = (text: string): boolean => keywords.has(text);

const quoted = /(?:[rRuUbBfF]|[bBfF][rR]|[rR][bBfF])?("""|'''|"|')/y;
const operator = /\*\*|\/\/|==|!=|<<|>>|<=|>=|[-+*/%&|^~()[\],:<>.=]/y;
const name = /[\p{XID_Start}_]\p{XID_Continue}*/uy;
/** A name of ASCII alone, which is what nearly all are. */
const plainName = /[A-Za-z_]\w*(?!\w|[^\0-\x7f])/y;
const numberStart = /\.?[0-9]/y;
const number =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\.?)(?:[eE][-+]?[0-9](?:_?[0-9])*)?/y;
const notAscii = /[^\0-\x7f]/;
const plainInt = /^(?:0|[1-9][0-9]*)$/;
const nameGoesOn = /^[\p{XID_Continue}]/u;
/** A number may stand right before these words. */
const mayFollowNumber = /(?:and|else|for|if|in|is|not|or)/y;
const maxLength = 10_000;

export function readTokens(source: string): readonly Token[] {
  if (source.length > maxLength)
    throw new ConditionSyntaxError(`a condition has at most ${maxLength} characters`, maxLength);
  const surrogate = notAscii.test(source) ? source.search(/\p{Surrogate}/u) : -1;
  if (surrogate >= 0)
    throw new ConditionSyntaxError('half of a character cannot stand in a condition', surrogate);
  const tokens: Token[] = [];
  let depth = 0;
  let at = 0;
  while (at < source.length) {
    const character = source[at] ?? '';
    if (character === ' ' || character === '\t' || character === '\f') at += 1;
    else if (character === '#') at = findLineEnd(source, at);
    else if (character === '\n' || character === '\r') {
      if (depth === 0 && tokens.length > 0 && goesOn(source, at))
        throw new ConditionSyntaxError('a condition is one line', at);
      blanks.lastIndex = at;
      blanks.test(source);
      at = blanks.lastIndex;
    } else {
      const token = readToken(source, at);
      if (token.kind === 'operator') {
        if (token.text === '(' || token.text === '[') depth += 1;
        else if (token.text === ')' || token.text === ']') depth -= 1;
      }
      tokens.push(token);
      at = token.end;
    }
  }
  tokens.push({ kind: 'end', text: '', start: source.length, end: source.length });
  return tokens;
}

const blanks = /[ \t\f\r\n]*/y;
const nextLine = /\s*[^\s#]/y;

/** Whether more than blanks and comments follows. */
function goesOn(source: string, at: number): boolean {
  nextLine.lastIndex = at;
  return nextLine.test(source);
}

/** Where a comment ends. */
function findLineEnd(source: string, from: number): number {
  const length = source.slice(from).search(/[\r\n]/);
  return length === -1 ? source.length : from + length;
}

function readToken(source: string, at: number): Token {
  plainName.lastIndex = at;
  const end = plainName.test(source) ? plainName.lastIndex : at;
  // The name may be the prefix of a string.
  if (source[end] === '"' || source[end] === "'") {
    quoted.lastIndex = at;
    const opening = quoted.exec(source);
    if (opening) return readString(source, at, opening);
  }
  if (end > at) {
    const text = source.slice(at, end);
    return { kind: keywords.has(text) ? 'keyword' : 'name', text, start: at, end };
  }
  operator.lastIndex = at;
  if (source[at] !== '.' && operator.test(source)) {
    const text = source.slice(at, operator.lastIndex);
    return { kind: 'operator', text, start: at, end: at + text.length };
  }
  numberStart.lastIndex = at;
  if (numberStart.test(source)) return readNumber(source, at);
  name.lastIndex = at;
  const word = name.exec(source)?.[0];
  if (word !== undefined && [...word].every(isKnownLetter)) {
    const text = word.normalize('NFKC');
    return { kind: keywords.has(text) ? 'keyword' : 'name', text, start: at, end: at + word.length };
  }
  if (source[at] === '.') return { kind: 'operator', text: '.', start: at, end: at + 1 };
  if (source[at] === '$')
    throw new ConditionSyntaxError(explainDollar(source.slice(at)), at, { positional: true });
  throw new ConditionSyntaxError(
    `"${String.fromCodePoint(source.codePointAt(at) ?? 0)}" cannot stand in a condition`,
    at,
  );
}

function explainDollar(rest: string): string {
  const variable = /^\$\{?(\w+)/.exec(rest)?.[1] ?? '';
  if (/^\d+$/.test(variable))
    return `a condition cannot use $${variable}: name the group in captures and use the name`;
  return variable === ''
    ? '"$" cannot stand in a condition'
    : `in a condition, captures are written without "$": ${variable}`;
}

function readNumber(source: string, at: number): Token {
  number.lastIndex = at;
  const text = number.test(source) ? source.slice(at, number.lastIndex) : '';
  const end = at + text.length;
  const bad = (): ConditionSyntaxError => new ConditionSyntaxError('this is not a number in Python', at);
  if (text === '' || (text === '0' && /^[xXoObB]/.test(source.slice(end)))) throw bad();
  mayFollowNumber.lastIndex = end;
  if (end < source.length && nameGoesOn.test(source.slice(end, end + 2)) && !mayFollowNumber.test(source))
    throw bad();
  if (plainInt.test(text)) return { kind: 'number', text, start: at, end, value: BigInt(text) };
  const plain = text.replaceAll('_', '');
  const isInt = /^0[xXoObB]/.test(plain) || /^[0-9]+$/.test(plain);
  // A decimal integer begins with 0 only if it is zero.
  if (isInt && /^0[0-9]*[1-9]/.test(plain)) throw bad();
  return { kind: 'number', text, start: at, end, value: isInt ? BigInt(plain) : Number(plain) };
}

function readString(source: string, at: number, opening: RegExpExecArray): Token {
  const quote = opening[1] ?? '';
  const prefix = opening[0].slice(0, -quote.length).toLowerCase();
  if (!['', 'r', 'u'].includes(prefix))
    throw new ConditionSyntaxError(`${prefix}-strings cannot stand in a condition`, at);
  let end = at + opening[0].length;
  const start = end;
  for (; !source.startsWith(quote, end); end++) {
    if (end >= source.length || (quote.length === 1 && source[end] === '\n'))
      throw new ConditionSyntaxError('the string is not closed', at);
    if (source[end] === '\\') end += 1;
  }
  const raw = source.slice(start, end);
  const value = prefix === 'r' ? raw : raw.replace(/\r\n?/g, '\n');
  return {
    kind: 'string',
    text: raw,
    start: at,
    end: end + quote.length,
    value: prefix === 'r' ? value : unescape(value, start),
  };
}

const escapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescape(text: string, offset: number): string {
  return text.replace(
    /\\(?:N\{([^}]*)\}|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([^]))/gu,
    (whole, named: string | undefined, ...rest: (string | number | undefined)[]) => {
      const [x, u, wide, octal, other] = rest.slice(0, 5) as (string | undefined)[];
      const at = offset + (rest[5] as number);
      if (named !== undefined) {
        const code = findCharacter(named);
        if (code === undefined) throw new ConditionSyntaxError('unknown character name', at);
        return String.fromCodePoint(code);
      }
      const hex = x ?? u ?? wide;
      if (hex !== undefined || octal !== undefined) {
        const code = parseInt(hex ?? octal ?? '', hex === undefined ? 8 : 16);
        if (code > 0x10ffff) throw new ConditionSyntaxError('there is no such character', at);
        return String.fromCodePoint(code);
      }
      if (other !== undefined && 'xuUN'.includes(other))
        throw new ConditionSyntaxError('the escape is not complete', at);
      return escapes[other ?? ''] ?? whole;
    },
  );
}
