// Text % values: Python's printf-style formatting, within bounds.
import { asciiText } from '../pythonText';
import { countCharacters, sliceCharacters } from './characters';
import { limit, maxItems, spend, spendOnInt, toFloat } from './limits';
import { PyError } from './pyError';
import { printFixed, toScientific } from './digits';
import {
  isSequence,
  printInt,
  printValue,
  repr,
  toNumber,
  truncateFloat,
  typeName,
  type PyValue,
} from './values';

/** Digits behind the point of a float: more would take too long. */
const maxPrecision = 5000;

interface Directive {
  readonly left: boolean;
  readonly plus: boolean;
  readonly blank: boolean;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  /** -1 where absent. */
  readonly precision: number;
  readonly conversion: string;
  /** Code points before the conversion's character. */
  readonly place: () => number;
}

/** What is asked for next: the items of a tuple, or the one value. */
class Arguments {
  private next = 0;
  private readonly items: readonly PyValue[];
  /** A list counts as a mapping, of which nothing has to be used. */
  private readonly mayRemain: boolean;

  constructor(readonly value: PyValue) {
    const isTuple = isSequence(value) && value.kind === 'tuple';
    this.items = isTuple ? value.items : [value];
    this.mayRemain = isSequence(value) && !isTuple;
  }

  take(): PyValue {
    const item = this.items[this.next++];
    if (item === undefined) throw new PyError('TypeError', 'not enough arguments for format string');
    return item;
  }

  finish(): void {
    if (this.next < this.items.length && !this.mayRemain)
      throw new PyError('TypeError', 'not all arguments converted during string formatting');
  }

  lookUp(): never {
    if (!this.mayRemain) throw new PyError('TypeError', 'format requires a mapping');
    throw new PyError('TypeError', 'list indices must be integers or slices, not str');
  }
}

/** Source: PyUnicode_Format of CPython's unicodeobject.c. */
export function formatPercent(format: string, value: PyValue): string {
  const args = new Arguments(value);
  const reader = new FormatReader(format, args);
  let result = '';
  for (;;) {
    result += reader.readPlain();
    if (reader.atEnd()) break;
    spend(2000);
    result += reader.takePercent() ? '%' : convert(reader.readDirective(), args);
    if (result.length > maxItems) throw limit('the value is too large');
  }
  args.finish();
  return result;
}

const incomplete = (): PyError => new PyError('ValueError', 'incomplete format');

class FormatReader {
  private at = 0;

  constructor(
    private readonly format: string,
    private readonly args: Arguments,
  ) {}

  atEnd(): boolean {
    return this.at >= this.format.length;
  }

  readPlain(): string {
    const start = this.at;
    const percent = this.format.indexOf('%', start);
    this.at = percent < 0 ? this.format.length : percent;
    spend((this.at - start) / 2);
    return this.format.slice(start, this.at);
  }

  /** `%%` alone is a percent sign: between them nothing may stand. */
  takePercent(): boolean {
    this.at += 1;
    if (this.peek() !== '%') return false;
    this.at += 1;
    return true;
  }

  readDirective(): Directive {
    if (this.peek() === '(') this.readKey();
    const flags = new Set<string>();
    while ('-+ #0'.includes(this.peek())) flags.add(this.take());
    let width = this.peek() === '*' ? this.takeStar() : this.readNumber('width too big');
    if (width < 0) {
      flags.add('-');
      width = -width;
    }
    let precision = -1;
    if (this.peek() === '.') {
      this.at += 1;
      precision = this.peek() === '*' ? Math.max(0, this.takeStar()) : this.readNumber('precision too big');
    }
    if ('hlL'.includes(this.peek())) this.at += 1;
    const { at } = this;
    return {
      left: flags.has('-'),
      plus: flags.has('+'),
      blank: flags.has(' '),
      alternate: flags.has('#'),
      zero: flags.has('0'),
      width,
      precision,
      conversion: this.take(),
      place: () => countCharacters(this.format.slice(0, at)),
    };
  }

  private peek(): string {
    const code = this.format.codePointAt(this.at);
    if (code === undefined) throw incomplete();
    return String.fromCodePoint(code);
  }

  private take(): string {
    const character = this.peek();
    this.at += character.length;
    return character;
  }

  private readKey(): never {
    let depth = 1;
    for (let index = this.at + 1; depth > 0; index++) {
      spend(5);
      const character = this.format[index];
      if (character === undefined) {
        this.requireMapping();
        throw new PyError('ValueError', 'incomplete format key');
      }
      if (character === '(') depth += 1;
      if (character === ')') depth -= 1;
    }
    return this.args.lookUp();
  }

  private requireMapping(): void {
    const { value } = this.args;
    if (!isSequence(value) || value.kind === 'tuple') this.args.lookUp();
  }

  private takeStar(): number {
    this.at += 1;
    const value = this.args.take();
    if (typeof value !== 'bigint' && typeof value !== 'boolean')
      throw new PyError('TypeError', '* wants int');
    const number = Number(value);
    if (Math.abs(number) > maxItems) throw limit('the value is too large');
    // What follows must be there, as behind a number.
    this.peek();
    return number;
  }

  private readNumber(tooBig: string): number {
    let digits = '';
    while (/^[0-9]$/.test(this.peek())) {
      spend(100);
      digits += this.take();
    }
    const number = Number(digits);
    if (number > Number.MAX_SAFE_INTEGER) throw new PyError('ValueError', tooBig);
    if (number > maxItems) throw limit('the value is too large');
    return number;
  }
}

function convert(directive: Directive, args: Arguments): string {
  const { conversion, precision } = directive;
  const value = args.take();
  switch (conversion) {
    case 's':
    case 'r':
    case 'a': {
      const text = conversion === 's' ? printValue(value) : repr(value);
      spend(text.length / 2);
      const shown = conversion === 'a' ? toAscii(text) : text;
      return pad(precision < 0 ? shown : sliceCharacters(shown, 0, precision), directive);
    }
    case 'c':
      return pad(toCharacter(value), directive);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return padNumber(convertInt(directive, value), directive);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return padNumber({ ...convertFloat(directive, value), prefix: '' }, directive);
    default:
      throw new PyError(
        'ValueError',
        `unsupported format character '${printableOr(conversion)}' (0x${(conversion.codePointAt(0) ?? 0).toString(16)}) at index ${directive.place()}`,
      );
  }
}

function toAscii(text: string): string {
  spend(100 * text.length);
  return asciiText(text);
}

const printableOr = (character: string): string => (/^[\x20-\x7e]$/.test(character) ? character : '?');

function toCharacter(value: PyValue): string {
  if (typeof value === 'string' && value.length <= 2 && countCharacters(value) === 1) return value;
  const number = typeof value === 'boolean' || typeof value === 'bigint' ? BigInt(value) : undefined;
  if (number === undefined) throw new PyError('TypeError', '%c requires int or char');
  if (number < 0n || number > 0x10ffffn) throw new PyError('OverflowError', '%c arg not in range(0x110000)');
  return String.fromCodePoint(Number(number));
}

interface Digits {
  readonly negative: boolean;
  readonly prefix: string;
  readonly digits: string;
}

const radixes: Readonly<Record<string, number>> = { o: 8, x: 16, X: 16 };

function convertInt({ conversion, precision, alternate }: Directive, value: PyValue): Digits {
  const radix = radixes[conversion] ?? 10;
  const number = toNumber(value);
  if (number === undefined || (radix !== 10 && typeof number !== 'bigint'))
    throw new PyError(
      'TypeError',
      `%${conversion} format: ${radix === 10 ? 'a real number' : 'an integer'} is required, not ${typeName(value)}`,
    );
  const integer = typeof number === 'bigint' ? number : truncateFloat(number);
  const magnitude = integer < 0n ? -integer : integer;
  spendOnInt(magnitude);
  const digits = radix === 10 ? printInt(magnitude) : magnitude.toString(radix);
  spend(10 * digits.length + Math.max(0, precision) / 2);
  const padded = digits.padStart(precision, '0');
  return {
    negative: integer < 0n,
    prefix: alternate && radix !== 10 ? `0${conversion}` : '',
    digits: conversion === 'X' ? padded.toUpperCase() : padded,
  };
}

function convertFloat(
  { conversion, precision, alternate }: Directive,
  value: PyValue,
): Omit<Digits, 'prefix'> {
  const number = toNumber(value);
  if (number === undefined) throw new PyError('TypeError', `must be real number, not ${typeName(value)}`);
  const float = toFloat(number);
  const places = precision < 0 ? 6 : precision;
  if (places > maxPrecision) throw limit('the value is too large');
  spend(5000 + 200 * places);
  const digits = printMagnitude(float, { kind: conversion.toLowerCase(), places, alternate });
  return {
    negative: float < 0 || Object.is(float, -0),
    digits: conversion < 'a' ? digits.toUpperCase() : digits,
  };
}

/** Source: PyOS_double_to_string. */
function printMagnitude(
  value: number,
  {
    kind,
    places,
    alternate,
  }: { readonly kind: string; readonly places: number; readonly alternate: boolean },
): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return 'inf';
  const point = (digits: string): string => (alternate && !digits.includes('.') ? `${digits}.` : digits);
  if (kind === 'f') return point(printFixed(value, places));
  if (kind === 'e') return printScientific(value, places, point);
  const significant = Math.max(1, places);
  const { digits, exponent } = toScientific(value, significant - 1);
  const short = (text: string): string =>
    alternate ? point(text) : text.includes('.') ? withoutZeros(text) : text;
  if (exponent >= -4 && exponent < significant) return short(printFixed(value, significant - 1 - exponent));
  return short(withPoint(digits)) + printExponent(exponent);
}

/** Without zeros at the end behind the point, and without a point that is left there. */
function withoutZeros(text: string): string {
  let end = text.length;
  while (text[end - 1] === '0') end -= 1;
  return text.slice(0, text[end - 1] === '.' ? end - 1 : end);
}

function printScientific(value: number, places: number, point: (digits: string) => string): string {
  const { digits, exponent } = toScientific(value, places);
  return point(withPoint(digits)) + printExponent(exponent);
}

const withPoint = (digits: string): string =>
  digits.length === 1 ? digits : `${digits[0] ?? ''}.${digits.slice(1)}`;

const printExponent = (exponent: number): string =>
  `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

function pad(text: string, { left, width }: Directive): string {
  const blanks = ' '.repeat(Math.max(0, width - (width > 0 ? countCharacters(text) : 0)));
  spend(blanks.length / 2);
  return left ? text + blanks : blanks + text;
}

function padNumber({ negative, prefix, digits }: Digits, directive: Directive): string {
  const { left, plus, blank, zero, width } = directive;
  const sign = negative ? '-' : plus ? '+' : blank ? ' ' : '';
  const missing = Math.max(0, width - sign.length - prefix.length - digits.length);
  spend(missing / 2);
  if (left) return sign + prefix + digits + ' '.repeat(missing);
  return zero ? sign + prefix + '0'.repeat(missing) + digits : ' '.repeat(missing) + sign + prefix + digits;
}
