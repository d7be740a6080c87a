// The functions that conditions may call, with Python's arguments and results; what they touch is counted as work.
import { calculate } from './arithmetic';
import { countCharacters, toCharacters } from './characters';
import { scaleAndRound } from './digits';
import { spend, spendOnProduct, toFloat } from './limits';
import { bindArguments, type Call } from './methodArguments';
import { parseFloatText, readInt } from './numberText';
import { PyError } from './pyError';
import {
  compare,
  isSequence,
  printValue,
  quoteText,
  toInteger,
  toList,
  toNumber,
  truncateFloat,
  truth,
  typeName,
  type PyValue,
} from './values';

type Builtin = (call: Call) => PyValue;

const one = (name: string, call: Call): PyValue => bindArguments(name, call, [''])[0] ?? null;

/** Items of a list, tuple or text. */
function toItems(value: PyValue): readonly PyValue[] {
  if (typeof value === 'string') return toCharacters(value);
  if (isSequence(value)) return value.items;
  throw new PyError('TypeError', `'${typeName(value)}' object is not iterable`);
}

const float: Builtin = (call) => {
  const [value] = bindArguments('float', call, [''], 0);
  if (value === undefined) return 0;
  const number = toNumber(value);
  if (number !== undefined) return toFloat(number);
  if (typeof value !== 'string')
    throw new PyError(
      'TypeError',
      `float() argument must be a string or a real number, not '${typeName(value)}'`,
    );
  const parsed = parseFloatText(value);
  if (parsed !== undefined) return parsed;
  throw new PyError('ValueError', `could not convert string to float: ${quoteText(value)}`);
};

const plainInteger = /^-?[0-9]{1,15}$/;

const int: Builtin = (call) => {
  const [value, baseValue] = bindArguments('int', call, ['', 'base'], 0);
  if (value === undefined) {
    if (baseValue === undefined) return 0n;
    throw new PyError('TypeError', 'int() missing string argument');
  }
  const number = toNumber(value);
  if (baseValue === undefined && number !== undefined)
    return typeof number === 'bigint' ? number : truncateFloat(number);
  if (baseValue === undefined && typeof value === 'string' && plainInteger.test(value))
    return BigInt(Number(value));
  const base = baseValue === undefined ? 10 : toBase(baseValue);
  if (typeof value !== 'string') {
    if (baseValue !== undefined)
      throw new PyError('TypeError', "int() can't convert non-string with explicit base");
    throw new PyError(
      'TypeError',
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    );
  }
  return readInt(value, base);
};

function toBase(value: PyValue): number {
  const base = toInteger(value);
  if (base !== 0n && (base < 2n || base > 36n))
    throw new PyError('ValueError', 'int() base must be >= 2 and <= 36, or 0');
  return Number(base);
}

const length: Builtin = (call) => {
  const value = one('len', call);
  if (typeof value === 'string') return BigInt(countCharacters(value));
  if (isSequence(value)) return BigInt(value.items.length);
  throw new PyError('TypeError', `object of type '${typeName(value)}' has no len()`);
};

const abs: Builtin = (call) => {
  const value = one('abs', call);
  const number = toNumber(value);
  if (number === undefined)
    throw new PyError('TypeError', `bad operand type for abs(): '${typeName(value)}'`);
  return typeof number === 'bigint' ? (number < 0n ? -number : number) : Math.abs(number);
};

/** No value of a condition can be called. */
function checkKey(named: Call['named']): void {
  const key = named.get('key') ?? null;
  if (key !== null) throw new PyError('TypeError', `'${typeName(key)}' object is not callable`);
}

/** min and max: of the arguments, or of the items of one. */
const extreme =
  (name: 'min' | 'max', order: '<' | '>'): Builtin =>
  ({ args, named }) => {
    const fallback = named.get('default');
    checkKey(named);
    if (
      [...named.keys()].some((key) => key !== 'default' && key !== 'key') ||
      (fallback !== undefined && args.length !== 1)
    )
      throw new PyError('TypeError', `${name}() got an unexpected keyword argument`);
    const [first] = args;
    if (first === undefined) throw new PyError('TypeError', `${name} expected at least 1 argument, got 0`);
    const items = args.length === 1 ? toItems(first) : args;
    let [best] = items;
    if (best === undefined) {
      if (fallback !== undefined) return fallback;
      throw new PyError('ValueError', `${name}() arg is an empty sequence`);
    }
    for (let index = 1; index < items.length; index++) {
      const item = items[index] ?? null;
      spend(30);
      if (compare(item, order, best)) best = item;
    }
    return best;
  };

const round: Builtin = (call) => {
  const [value = null, digits = null] = bindArguments('round', call, ['number', 'ndigits'], 1);
  const number = toNumber(value);
  if (number === undefined)
    throw new PyError('TypeError', `type ${typeName(value)} doesn't define __round__ method`);
  const places = digits === null ? null : toInteger(digits);
  if (typeof number === 'bigint') return places === null || places >= 0n ? number : roundInt(number, places);
  if (places !== null) return roundFloat(number, Number(places));
  return truncateFloat(roundHalfEven(number));
};

function roundHalfEven(value: number): number {
  if (!Number.isFinite(value)) return value;
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

function roundInt(value: bigint, places: bigint): bigint {
  if (places < -5000n) return 0n;
  const unit = 10n ** -places;
  spendOnProduct(value);
  spendOnProduct(unit);
  const rest = ((value % unit) + unit) % unit;
  const floor = value - rest;
  const up = rest * 2n > unit || (rest * 2n === unit && (floor / unit) % 2n !== 0n);
  return up ? floor + unit : floor;
}

/** Correctly rounded on the exact binary value, half to even, as CPython's dtoa mode 3 does. */
function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value) || places > 323) return value;
  if (places < -308) return 0 * value;
  spend(5000);
  const rounded = scaleAndRound(value, places);
  const result = Number(`${rounded.toString()}e${-places}`);
  if (!Number.isFinite(result)) throw new PyError('OverflowError', 'rounded value too large to represent');
  return value < 0 || Object.is(value, -0) ? -result : result;
}

const sum: Builtin = (call) => {
  const [items = null, start = 0n] = bindArguments('sum', call, ['', 'start'], 1);
  if (typeof start === 'string')
    throw new PyError('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
  return toItems(items).reduce((total, item) => {
    spend(30);
    return calculate(total, '+', item);
  }, start);
};

/** One item of many. */
function isTrue(value: PyValue): boolean {
  spend(20);
  return truth(value);
}

const sorted: Builtin = (call) => {
  const { args, named } = call;
  if (args.length !== 1 || [...named.keys()].some((key) => key !== 'reverse' && key !== 'key'))
    throw new PyError('TypeError', 'sorted expected 1 argument, and reverse');
  const given = toItems(args[0] ?? null);
  spend(10 * given.length);
  const items = [...given];
  checkKey(named);
  const reverse = truth(named.get('reverse') ?? false);
  const before = (a: PyValue, b: PyValue): boolean => {
    spend(200);
    return reverse ? compare(b, '<', a) : compare(a, '<', b);
  };
  return toList(items.sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0)));
};

/** Source: section 7 of the language. */
const functions = {
  float,
  int,
  str: (call) => {
    const [value] = bindArguments('str', call, ['object'], 0);
    return value === undefined ? '' : printValue(value);
  },
  len: length,
  abs,
  min: extreme('min', '<'),
  max: extreme('max', '>'),
  round,
  bool: (call) => truth(bindArguments('bool', call, [''], 0)[0] ?? false),
  sum,
  any: (call) => toItems(one('any', call)).some(isTrue),
  all: (call) => toItems(one('all', call)).every(isTrue),
  sorted,
} as const satisfies Record<string, Builtin>;

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>(Object.entries(functions));
