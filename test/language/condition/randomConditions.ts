// Random conditions over a few variables, sensible and senseless ones: the same for the same seed.
import type { Random } from '../seededRandom';

export const variables: Readonly<Record<string, string | null>> = {
  loss: '0.5',
  step: '12',
  empty: '',
  word: 'Hello World',
  negative: '-3',
  spaced: ' 1e-3 ',
  big: '123456789012345678901234567890',
  nan: 'nan',
  inf: '-Infinity',
  none: null,
  list: 'a,b,,c, d',
  lines: 'one\ntwo\r\nthree\x0bfour\u2028five\n',
  fancy: 'ǆ ß İ ﬁ Σς 😀é',
  digits: '٣²1_000',
  grouped: '1_000',
  hex: '0x1F',
  zeros: '007',
  huge: '1e400',
  blanks: '\u00a0\x1c x \u3000',
  quotes: `it's "x"\\n`,
};

const names = Object.keys(variables);
const numbers =
  '0|1|2|3|-1|7|10|255|-7|0.5|1.5|2.5|2.675|-0.5|2.0|-0.0|1e3|1e-7|1e15|1e16|1e22|1e23|1e-5|0.0001|5e-324|1.7976931348623157e308|123456789.123|0.1|123456789012345678901|-123456789012345678901|9007199254740993|10**20|2**70|-2**63|0x1f|0b101|0o17|1_000|.5|5.|1e308|1E5|00|True|False'.split(
    '|',
  );
const texts =
  '"a"|\'abc\'|\'\'|"A b"|"12"|"é"|"\\n"|"ß"|"\\x41\\u00e9\\t"|"\\N{BULLET}"|r"\\d"|"""a"b"""|\'a\' "b"|"it\'s"|" x "|","|"0.5"|"-1"|"1e5"|"nan"|"aXbXc"|"😀"|"ŉ"|"aa"|"\\101"|"a\\\nb"|u"x"'.split(
    '|',
  );
const others =
  'None|[]|[1, 2]|(1,)|()|[1, "a"]|(1, 2.5)|["b", "a", "c"]|[[1], [0, 5]]|[3, 1.5, True]|("a", "b")'.split(
    '|',
  );
const functions = 'float int str len abs min max round bool sum any all sorted'.split(' ');
const methods =
  'lower upper strip lstrip rstrip startswith endswith split replace isdigit isalpha isnumeric find count join title splitlines removeprefix removesuffix casefold capitalize swapcase isalnum isascii isdecimal isidentifier islower isprintable isspace istitle isupper ljust rjust center zfill expandtabs partition rpartition rsplit rfind index rindex'.split(
    ' ',
  );
const arithmetic = ['+', '-', '*', '/', '//', '%', '%'];
const bitOperators = ['&', '|', '^', '<<', '>>'];
const ints =
  '0|1|-1|2|3|7|-8|64|65|255|-256|True|False|int(step)|int(negative)|int(big)|-int(big)|len(word)|2**70|-2**63|~0|10**30|None|1.5'.split(
    '|',
  );
/** Texts, and how methods with a width, a place or a separator are called on them. */
const widths = '0|1|2|5|9|12|13|20|21|-1|True|10**30|2.5|None|"5"|int(step)'.split('|');
const fills = '"."|"0"|"😀"|""|"ab"|"é"|0|None'.split('|');
const spread =
  'empty|word|spaced|list|lines|fancy|quotes|negative|"+5"|"-"|"+-1"|"a\\tb\\n\\tc\\r\\t"|"\\t\\t😀\\tx"|"abcabcab"|"aaaa"|"Éa Bc"|"a.b.c"|" a  b "|str(big)|"ǅa ΑΣ ΣΑΣ. x"'.split(
    '|',
  );
const separators = '"a"|"b"|"ab"|"aa"|","|" "|"\\t"|""|"😀"|"."|"bca"|None|1|"l"'.split('|');
const sequences =
  '[1, 2, 1]|(1, 2.0, True)|["a", "b", "a"]|("a", None)|[]|()|[[1], (1,), "x"]|list.split(",")|lines.splitlines()|word.partition(" ")|[0, False, 0.0]|[1, 2, 3] * 40'.split(
    '|',
  );
const comparisons = ['<', '<=', '>', '>=', '==', '!=', 'in', 'not in'];
const bounds = [
  '',
  '',
  '0',
  '1',
  '-1',
  '2',
  '-3',
  '100',
  '-100',
  'None',
  'int(step)',
  'True',
  '1.5',
  '10**30',
];
const formats =
  '%s|%d|%5d|%-5d|%05d|%+d|% d|%x|%#x|%#o|%08X|%i|%u|%.3d|%f|%.2f|%8.3f|%-9.1f|%+.0f|%e|%.0e|%.10E|%g|%.3g|%#g|%G|%c|%5c|%r|%a|%.2s|%10s|%-4s|%%|%5%|%*d|%.*f|%ld|%q|%|%(a)s|%05s|%.0f|%010.2f|%#.0f|%.17g|%s-%s|%d/%d'.split(
    '|',
  );
/** Arguments by name, with the functions and methods that may know them. */
const keywords =
  'tabsize=4|tabsize=0|width=5|sep=","|maxsplit=1|maxsplit=-1|sep=None|keepends=True|keepends=0|ndigits=1|ndigits=None|ndigits=-1|start=1|start=[]|reverse=True|reverse=0|default=0|base=16|base=0|key=None|x=1|object=1|number=2.5'.split(
    '|',
  );
const damage =
  '( ) [ ] { } , : . = == ** // % + - * < > ! & | ^ ~ @ $ ; ? \\ " \' # ` := -> ... lambda for in is not if else and or None 1 0x .5 1e 1_ _ f" b" r" \n \t é λ 😀 await yield print __class__ x.y'.split(
    ' ',
  );

export function createConditions(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => createCondition(random));
}

function createCondition(random: Random): string {
  const writer = new ConditionWriter(random);
  const condition = writer.expression(1 + random(3));
  return random(6) === 0 ? writer.damage(condition) : condition;
}

class ConditionWriter {
  constructor(private readonly random: Random) {}

  private pick(items: readonly string[]): string {
    return items[this.random(items.length)] ?? '';
  }

  /** Pieces put in, cut out, or doubled: mostly an error of grammar, which is an error in Python, too. */
  damage(text: string): string {
    const at = this.random(text.length + 1);
    const piece = this.random(3) === 0 ? text.slice(at, at + this.random(8)) : this.pick(damage);
    return text.slice(0, at) + piece + text.slice(at + this.random(3));
  }

  private atom(): string {
    const kind = this.random(10);
    if (kind < 4) return this.pick(names);
    if (kind < 7) return this.pick(numbers);
    return this.pick(kind < 9 ? texts : others);
  }

  /** An expression with at most so many levels. */
  expression(depth: number): string {
    if (depth <= 0 || this.random(9) === 0) return this.atom();
    const inner = (): string => this.expression(depth - 1);
    switch (this.random(22)) {
      case 0:
      case 1:
        return `(${inner()} ${this.pick(arithmetic)} ${inner()})`;
      case 2:
        // Without parentheses: precedence is at work.
        return `${inner()} ${this.pick([...arithmetic, ...bitOperators, '**', 'and', 'or', ...comparisons])} ${inner()}`;
      case 3:
        return `(${inner()} ${this.pick(comparisons)} ${inner()}${this.random(3) === 0 ? ` ${this.pick(comparisons)} ${inner()}` : ''})`;
      case 4:
        return `(${inner()} ${this.pick(['and', 'or'])} ${inner()})`;
      case 5:
        // Which equal values are the same one is CPython's own affair.
        return this.random(3) === 0
          ? `(${inner()} ${this.pick(['is', 'is not'])} None)`
          : `${this.pick(['not ', '(not ', 'not not '])}${inner()}`.replace(/^\(.*/, '$&)');
      case 6:
        return `(${inner()} if ${inner()} else ${inner()})`;
      case 7:
        return `${this.pick(['-', '+', '- -', '-+', '~', '~~', '-~'])}${inner()}`;
      case 8:
        return `${this.pick([...names, 'str(big)', '[1, 2, 3]', '("a", "b")'])}[${this.index(depth)}]`;
      case 9:
        return `(${this.pick(['2', '-2', '0.5', '10', '(-8)', 'float(loss)', '0', '1', 'True'])} ** ${this.pick(['0', '2', '-1', '0.5', '10', 'int(step)', '-2', '1e3', '(1/3)', '64', 'None'])})`;
      case 10:
      case 11:
      case 12:
        return `${this.pick(functions)}(${this.args(depth)})`;
      case 13:
        return `(${this.pick(formats.map((format) => `"${format}"`))} % ${this.formatted(depth)})`;
      case 14:
        return `${this.pick(['float', 'int', 'abs', 'len', 'round'])}(${this.pick(names)})`;
      case 15:
        return `(${this.bits(depth)} ${this.pick(bitOperators)} ${this.bits(depth)})`;
      case 16:
        // Without parentheses.
        return `${this.pick(ints)} ${this.pick([...bitOperators, '+', '*', '<', '=='])} ${this.pick(['', '~', '-'])}${this.pick(ints)} ${this.pick([...bitOperators, '-', '**', 'in', 'and', '!='])} ${this.pick(ints)}`;
      case 17:
        return this.spreadCall(depth);
      case 18:
        return this.sequenceCall(depth);
      default:
        return this.calls(depth);
    }
  }

  private bits(depth: number): string {
    return this.random(5) === 0 ? this.expression(depth - 1) : this.pick(ints);
  }

  /** A method with arguments of the kinds that it takes. */
  private spreadCall(depth: number): string {
    const text = this.random(4) === 0 ? this.expression(depth - 1) : this.pick(spread);
    const bound = (): string => this.pick(bounds) || '0';
    switch (this.random(5)) {
      case 0: {
        const fill = this.random(2) === 0 ? `, ${this.pick(fills)}` : '';
        return `(${text}).${this.pick(['ljust', 'rjust', 'center'])}(${this.pick(widths)}${fill})`;
      }
      case 1:
        return `(${text}).${this.pick(['zfill', 'expandtabs'])}(${this.pick(widths)})`;
      case 2:
        return `(${text}).${this.pick(['partition', 'rpartition'])}(${this.pick(separators)})`;
      case 3: {
        const count = this.random(2) === 0 ? `, ${bound()}` : '';
        return `(${text}).${this.pick(['split', 'rsplit'])}(${this.pick(separators)}${count})`;
      }
      default: {
        const places = ['', `, ${bound()}`, `, ${bound()}, ${bound()}`][this.random(3)] ?? '';
        return `(${text}).${this.pick(['find', 'rfind', 'index', 'rindex', 'count'])}(${this.pick(separators)}${places})`;
      }
    }
  }

  private sequenceCall(depth: number): string {
    const items = this.random(4) === 0 ? this.expression(depth - 1) : this.pick(sequences);
    const wanted =
      this.random(3) === 0 ? this.expression(depth - 1) : this.pick(['1', '2', '"a"', 'None', '(1,)', '0']);
    if (this.random(3) === 0) return `(${items}).count(${wanted})`;
    const place = (): string => this.pick(bounds) || '0';
    const places = ['', '', `, ${place()}`, `, ${place()}, ${place()}`][this.random(4)] ?? '';
    return `(${items}).index(${wanted}${places})`;
  }

  private index(depth: number): string {
    if (this.random(3) === 0) return this.expression(depth - 1);
    const parts = Array.from({ length: 1 + this.random(3) }, () => this.pick(bounds));
    return parts.length === 1 ? parts[0] || '0' : parts.join(':');
  }

  private args(depth: number): string {
    const count = [1, 1, 1, 1, 2, 2, 0, 3][this.random(8)] ?? 1;
    const args = Array.from({ length: count }, () => this.expression(depth - 1));
    if (this.random(8) === 0) args.push(this.pick(keywords));
    return args.join(this.random(5) === 0 ? ',' : ', ') + (count > 0 && this.random(12) === 0 ? ',' : '');
  }

  private formatted(depth: number): string {
    if (this.random(2) === 0) return this.expression(depth - 1);
    const count = this.random(4);
    const items = Array.from({ length: count }, () => this.expression(depth - 1));
    return `(${items.join(', ')}${count === 1 ? ',' : ''})`;
  }

  /** A method, or several in a row. */
  private calls(depth: number): string {
    let text = this.random(4) === 0 ? `(${this.expression(depth - 1)})` : this.pick(names);
    for (let rest = 1 + (this.random(3) === 0 ? 1 : 0); rest > 0; rest--) {
      const count = [0, 0, 1, 1, 1, 2, 3][this.random(7)] ?? 1;
      const args = Array.from({ length: count }, () =>
        this.random(2) === 0 ? this.pick(texts) : this.expression(depth - 1),
      );
      if (this.random(12) === 0) args.push(this.pick(keywords));
      text += `.${this.pick(methods)}(${args.join(', ')})`;
    }
    return text;
  }
}
