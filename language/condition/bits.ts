// Python's operators on the bits of integers: negative ones go on with ones without end, as they do there; bounded.
import { bounded, unsupported } from './arithmetic';
import { limit, maxBits, spend, spendOnInt } from './limits';
import { PyError } from './pyError';
import { toNumber, typeName, type PyValue } from './values';
import type { BitOperator } from './tree';

const bitSigns: ReadonlySet<string> = new Set<BitOperator>(['&', '|', '^', '<<', '>>']);

export const isBitOperator = (sign: string): sign is BitOperator => bitSigns.has(sign);

/** `~`: of a truth value, too, it is an integer. */
export function invert(value: PyValue): PyValue {
  const number = toNumber(value);
  if (typeof number !== 'bigint')
    throw new PyError('TypeError', `bad operand type for unary ~: '${typeName(value)}'`);
  spendOnInt(number);
  return bounded(~number);
}

export function combineBits(left: PyValue, sign: BitOperator, right: PyValue): PyValue {
  if (typeof left === 'boolean' && typeof right === 'boolean' && !isShift(sign))
    return combineTruths(left, sign, right);
  const a = toNumber(left);
  const b = toNumber(right);
  if (typeof a !== 'bigint' || typeof b !== 'bigint') throw unsupported(left, sign, right);
  spendOnInt(a);
  if (isShift(sign)) return shift(a, sign, b);
  spendOnInt(b);
  return bounded(combineInts(a, sign, b));
}

type Shift = '<<' | '>>';

const isShift = (sign: BitOperator): sign is Shift => sign === '<<' || sign === '>>';

function combineTruths(a: boolean, sign: Exclude<BitOperator, Shift>, b: boolean): boolean {
  switch (sign) {
    case '&':
      return a && b;
    case '|':
      return a || b;
    case '^':
      return a !== b;
  }
}

function combineInts(a: bigint, sign: Exclude<BitOperator, Shift>, b: bigint): bigint {
  switch (sign) {
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
  }
}

/** What is shifted beyond the bounds is not computed. */
function shift(a: bigint, sign: Shift, by: bigint): PyValue {
  if (by < 0n) throw new PyError('ValueError', 'negative shift count');
  if (a === 0n) return 0n;
  if (sign === '>>') return a >> (by < mostBits ? by : mostBits);
  if (by > mostBits) throw limit('the number is too large');
  spend(Number(by) / 20);
  return bounded(a << by);
}
const mostBits = BigInt(maxBits);
