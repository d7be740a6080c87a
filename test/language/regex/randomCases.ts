// Random patterns, right and wrong ones, with texts that have a chance to match: the same for the same seed.
import { createRandom, type Random } from '../seededRandom';

export interface RandomCase {
  readonly pattern: string;
  readonly flags: string;
  readonly text: string;
}

const plainLetters = ['a', 'b', 'c', 'A', 'B', '1', '2', '_', ' ', '-', 'ab', 'k', 's', 'i'];
const rareLetters = [
  'é',
  'É',
  'ſ',
  'İ',
  'ı',
  'K',
  'ß',
  'ẞ',
  'Σ',
  'ς',
  'µ',
  '😀',
  '𐐀',
  '𐐨',
  '٣',
  '²',
  '\u0345',
  'ǅ',
  '\n',
];
const escapes = [
  '\\d',
  '\\w',
  '\\s',
  '\\D',
  '\\W',
  '\\S',
  '\\.',
  '\\n',
  '\\x61',
  '\\u00e9',
  '\\t',
  '\\-',
  '\\101',
  '\\0',
  '\\N{BULLET}',
  '\\N{LATIN SMALL LETTER E WITH ACUTE}',
  '\\U0001F600',
  '\\a',
  '\\f',
  '\\r',
  '\\v',
  '\\\\',
  '\\x0a',
  '\\/',
  '\\ ',
  '\\#',
  '\\é',
];
const places = ['^', '$', '\\b', '\\B', '\\A', '\\Z', '(?#note)', '(?:)', '()'];
const quantifiers = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '*+',
  '++',
  '?+',
  '{2}',
  '{1,2}',
  '{0,2}',
  '{,2}',
  '{1,}',
  '{2}?',
  '{0,2}?',
  '{1,2}+',
  '{0}',
  '{0,}',
  '{,1}',
  '{0,0}',
  '{3,}?',
  '{2,3}+',
  '{,}',
  '{ 1}',
];
const setMembers = [
  'a',
  'b-d',
  'a-z',
  '0-9',
  '\\d',
  '\\w',
  '\\s',
  '\\W',
  'A-Z',
  'é',
  '.',
  '\\n',
  '\\]',
  'K',
  'α-ω',
  '😀',
  '𐐀-𐐧',
  'ſ',
  '[',
  '&&',
  '\\b',
  'Z-a',
  '\\D',
  '\\S',
  '^',
  '\\x00-\\x1f',
  '\\u0370-\\u03ff',
  '\\N{BULLET}',
  'µ',
  'İ',
  'ß',
  '\\\\',
  '\\-',
  '#',
  ' ',
  '\\0',
  '\\101',
  'à-ÿ',
  'i',
  's',
];
const junk = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '*',
  '+',
  '?',
  '\\',
  '|',
  '(?',
  '(?P<',
  '(?P=',
  '(?<',
  '(?(',
  ')?',
  '{1',
  '{3,1}',
  '\\q',
  '\\x1',
  '\\9',
  '[z-a]',
  '(?i',
  '(?-',
  '(?#',
  '\\400',
  '(?P<1>',
  'a**',
  '(?aL:',
  '(?u-x',
  '\\N{',
  '(?P>',
  '(?i-i:',
  '(?<=a+)',
  '(?(9)',
  '(?(a)',
  '\\u12',
  '\\U00110000',
  '(?P<é>',
];
const moreJunk: readonly string[] = [
  '(?P<n',
  '(?P<n>',
  '(?P<n1>x)',
  '(?P=zz)',
  '(?P=n1',
  '(?(n1)a|b)',
  '(?(1)a|b|c)',
  '(?(1',
  '(?(n9)a)',
  '(?(01)a)',
  '(?(+1)a)',
  '(?<=',
  '(?<!a|bc)',
  '(?i)x',
  '(?s)',
  '(?z)',
  '(?x',
  '(?-i)',
  '(?L)',
  '(?L:a)',
  '(?au)',
  '(?a-u:b)',
  '(?i-:a)',
  '(?-:a)',
  '(?ii:a)',
  '{99999999999}',
  '{65536}',
  '[a',
  '[]',
  '[^]',
  '[]a]',
  '[^]a]',
  '[a-\\d]',
  '[\\d-z]',
  '[[:alpha:]]',
  '[a--b]',
  '[a||b]',
  '\\Q',
  '\\N',
  '\\N{NOPE}',
  '\\N{bullet}',
  '\\x',
  '\\uD83D',
  '\\g<1>',
  '\\8',
  '\\08',
  '\\100',
  '\\377',
  '(?P<a b>)',
  '(?P<>)',
  '(?<n>',
  '***',
  '??+',
  '{1}{2}',
  'x{2}{3}',
  '+{2}',
  '^*',
  '$+',
  '\\b+',
  '\\B?',
  '\\A{2}',
  '(?=a)*',
  '(?!b)+',
  '(?<=a){2}',
  '(?#',
  '(?:a',
  '(?>a',
  '|*',
  '(|a)+',
  '(?:)*',
  '()*',
  '((a)|b)*',
  '(?i:ſ)',
  '(?i:İ)',
  '(?P=1)',
  '(?P<n2>(?P=n2))',
  '(?<=(a))',
  '(?<=(?P<q>a)\\1)',
  '(?<=\\1)',
  '\\1',
  '(?:a{,3}){2}',
  'a{2,1}',
  'a{1,2',
  'a{x}',
  '}',
  ']',
  '(?!)',
  '(?=)',
  '(?<=)',
  '(?<!)',
  '(?P',
  '(?P>x)',
  '(?P!',
  '(?&n)',
  '(?R)',
  '(?',
  'a)',
  '\\z',
  '\\Z',
  '\\G',
  '\\K',
  '\\p{L}',
  '\\h',
  '\\e',
  '\\cA',
  '[\\b-\\n]',
  '[\\Z]',
  '[\\8]',
  '[\\1]',
  '[\\x4]',
  '[^\\W\\d_]',
  '.{2}',
  '.*?',
  '.++',
  '(?>.*)b',
  '(?x: a # c\n b)',
  '(?x:a\\ b)',
  '(?x:[ #])',
  ' # c\nb',
  '(?#a)b*',
  'a(?#a)*',
];
const words = [
  'a',
  'b',
  'aa',
  'ab',
  'abc',
  'ba',
  'c',
  '1',
  '12',
  '_',
  ' ',
  '\n',
  'A',
  'B',
  'AB',
  'k',
  's',
  'i',
  '-',
  'aab',
];
const rareWords = [
  'é',
  'É',
  'ſ',
  'S',
  'İ',
  'I',
  'ı',
  'K',
  'ß',
  'ẞ',
  'σ',
  'ς',
  'Σ',
  'μ',
  'µ',
  '😀',
  '𐐀',
  '𐐨',
  '٣',
  '²',
  '\r',
  '\u2028',
  '\u0085',
  '\u001f',
  '\u00a0',
  'ǆ',
  'ǅ',
  'Ǆ',
  '\u0345',
  'ι',
  '\ud83d',
];

export function createCases(seed: number, count: number): RandomCase[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => createCase(random));
}

function createCase(random: Random): RandomCase {
  const writer = new PatternWriter(random, random(3) === 0);
  let pattern =
    (random(12) === 0
      ? writer.pick([
          '(?i)',
          '(?s)',
          '(?x)',
          '(?a)',
          '(?m)',
          '(?u)',
          '(?is)',
          '(?ia)',
          '(?imsx)',
          '(?i)(?s)',
          ' (?i)',
          '(?#c)(?i)',
        ])
      : '') + writer.alternation(3);
  if (random(5) === 0) {
    const at = random(pattern.length + 1);
    const piece = writer.pick(random(3) === 0 ? junk : moreJunk);
    pattern = pattern.slice(0, at) + piece + pattern.slice(at + random(2));
  }
  const flags =
    (random(4) === 0 ? '' : 'M') +
    (random(3) === 0 ? 'I' : '') +
    (random(6) === 0 ? 'S' : '') +
    (random(10) === 0 ? 'A' : '') +
    (random(12) === 0 ? 'X' : '') +
    (random(20) === 0 ? 'U' : '');
  const pool = writer.rare ? [...words, ...rareWords, ...rareWords] : words;
  const text = Array.from({ length: random(9) }, () => writer.pick(pool)).join('');
  return { pattern, flags, text };
}

class PatternWriter {
  #groups = 0;
  readonly #names: string[] = [];
  readonly #closed: number[] = [];

  constructor(
    readonly random: Random,
    readonly rare: boolean,
  ) {}

  pick(from: readonly string[]): string {
    return from[this.random(from.length)] ?? '';
  }

  alternation(depth: number): string {
    const count = 1 + (this.random(3) === 0 ? 1 + this.random(2) : 0);
    return Array.from({ length: count }, () => this.#sequence(depth)).join('|');
  }

  #sequence(depth: number): string {
    const count = this.random(6) === 0 ? 0 : 1 + this.random(3);
    return Array.from({ length: count }, () => this.#piece(depth)).join('');
  }

  #piece(depth: number): string {
    if (this.random(9) === 0) return this.pick(places);
    const atom = depth > 0 && this.random(2) === 0 ? this.#parentheses(depth - 1) : this.#single();
    return this.random(5) < 2 ? atom + this.pick(quantifiers) : atom;
  }

  #single(): string {
    const kind = this.random(12);
    if (kind < 5) return this.pick(this.rare && this.random(2) === 0 ? rareLetters : plainLetters);
    if (kind < 7) return this.pick(escapes);
    if (kind < 9) return '.';
    if (kind < 11) return this.#set();
    return this.#closed.length > 0 ? this.#reference() : 'a';
  }

  #set(): string {
    const members = Array.from({ length: 1 + this.random(3) }, () => this.pick(setMembers));
    return `[${this.random(4) === 0 ? '^' : ''}${members.join('')}]`;
  }

  #reference(): string {
    if (this.#names.length > 0 && this.random(3) === 0) return `(?P=${this.pick(this.#names)})`;
    return `\\${this.#someGroup()}`;
  }

  /** Mostly a closed group: references to open ones are errors. */
  #someGroup(): number {
    if (this.random(12) === 0) return 1 + this.random(this.#groups + 1);
    return this.#closed[this.random(this.#closed.length)] ?? 1;
  }

  #parentheses(depth: number): string {
    const kind = this.random(16);
    if (kind < 6) return this.#capture(depth);
    if (kind === 6 && this.#closed.length > 0) return this.#conditional(depth);
    if ((kind === 13 || kind === 14) && this.random(8) > 0) return this.#lookbehind(kind);
    return `(${this.#opening(kind)}${this.alternation(depth)})`;
  }

  /** Of one width, as Python demands. */
  #lookbehind(kind: number): string {
    const width = this.random(3);
    const branch = (): string => Array.from({ length: width }, () => this.#single()).join('');
    const body = this.random(3) === 0 ? `${branch()}|${branch()}` : branch();
    return `(${this.#opening(kind)}${body})`;
  }

  #opening(kind: number): string {
    if (kind < 10) return '?:';
    if (kind === 10)
      return this.pick([
        '?i:',
        '?s:',
        '?-i:',
        '?a:',
        '?m:',
        '?x:',
        '?i-s:',
        '?-m:',
        '?u:',
        '?ia:',
        '?ims:',
        '?-ims:',
        '?a-i:',
        '?x-i:',
      ]);
    return ['?=', '?!', '?<=', '?<!', '?>'][kind - 11] ?? '?:';
  }

  #capture(depth: number): string {
    const number = ++this.#groups;
    const body = this.alternation(depth);
    this.#closed.push(number);
    if (this.random(4) > 0) return `(${body})`;
    const name = `n${number}`;
    this.#names.push(name);
    return `(?P<${name}>${body})`;
  }

  #conditional(depth: number): string {
    const yes = this.#sequence(depth);
    const named = this.#names.length > 0 && this.random(3) === 0;
    const group = named ? this.pick(this.#names) : String(this.#someGroup());
    return `(?(${group})${yes}${this.random(2) === 0 ? `|${this.#sequence(depth)}` : ''})`;
  }
}
