// Python's arithmetic: floor division and modulo signs, exact integers, floats, repetition and concatenation; bounded.
import { powerOf } from './floatPower';
import { checkCount, limit, maxBits, noteInt, spend, spendOnInt, spendOnProduct, toFloat } from './limits';
import { formatPercent } from './percentFormat';
import { PyError } from './pyError';
import { isSequence, toNumber, typeName, type PyValue } from './values';
import type { ArithmeticOperator } from './tree';

export function negate(value: PyValue): PyValue {
  const number = toNumber(value);
  if (number === undefined)
    throw new PyError('TypeError', `bad operand type for unary -: '${typeName(value)}'`);
  return -number;
}

export function affirm(value: PyValue): PyValue {
  const number = toNumber(value);
  if (number === undefined)
    throw new PyError('TypeError', `bad operand type for unary +: '${typeName(value)}'`);
  return number;
}

export function calculate(left: PyValue, sign: ArithmeticOperator, right: PyValue): PyValue {
  const a = toNumber(left);
  const b = toNumber(right);
  if (a !== undefined && b !== undefined) {
    if (typeof a === 'bigint' && typeof b === 'bigint') {
      spendOnCalculation(a, sign, b);
      return sign === '%' ? modulo(a, b) : bounded(calculateInt(a, sign, b));
    }
    return calculateFloat(toFloat(a), sign, toFloat(b));
  }
  if (sign === '+') return concatenate(left, right);
  if (sign === '*' && typeof a === 'bigint') return repeat(right, a, left);
  if (sign === '*' && typeof b === 'bigint') return repeat(left, b, right);
  if (sign === '*' && [left, right].some(isRepeatable)) {
    const times = isRepeatable(left) ? right : left;
    throw new PyError('TypeError', `can't multiply sequence by non-int of type '${typeName(times)}'`);
  }
  if (sign === '%' && typeof left === 'string') return formatPercent(left, right);
  throw unsupported(left, sign, right);
}

function spendOnCalculation(a: bigint, sign: ArithmeticOperator, b: bigint): void {
  if (sign === '+' || sign === '-') {
    spendOnInt(a);
    spendOnInt(b);
  } else {
    spendOnProduct(a);
    spendOnProduct(b);
  }
}

const isRepeatable = (value: PyValue): boolean => typeof value === 'string' || isSequence(value);

/** No operator of this sign has operands of these types. */
export function unsupported(left: PyValue, sign: string, right: PyValue): PyError {
  const name = sign === '**' ? '** or pow()' : sign;
  return new PyError(
    'TypeError',
    `unsupported operand type(s) for ${name}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

/** Refuses integers that are too large. */
export function bounded(value: PyValue): PyValue {
  if (typeof value !== 'bigint' || (value < wordSize && value > smallestWord)) return value;
  if (value > largest || value < smallest) throw limit('the number is too large');
  return noteInt(value);
}
const largest = 1n << BigInt(maxBits);
const smallest = -largest;
const wordSize = 1n << 62n;
const smallestWord = -wordSize;

/** Never larger than its operands. */
function modulo(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new PyError('ZeroDivisionError', 'integer modulo by zero');
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

function calculateInt(a: bigint, sign: Exclude<ArithmeticOperator, '%'>, b: bigint): PyValue {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return divide(a, b);
    case '//':
      if (b === 0n) throw new PyError('ZeroDivisionError', 'integer division or modulo by zero');
      return floorDivide(a, b);
    case '**':
      return power(a, b);
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

const bits = (value: bigint): number => value.toString(16).length * 4;

function power(a: bigint, b: bigint): PyValue {
  if (b < 0n) return calculateFloat(toFloat(a), '**', toFloat(b));
  if (a === 0n || a === 1n || a === -1n) return a ** (b > 1n ? 2n - (b % 2n) : b);
  // What is this large for certain is not computed.
  if (b > BigInt(maxBits) || Math.max(1, bits(a) - 4) * Number(b) > maxBits)
    throw limit('the power is too large');
  spendOnProduct(1n << BigInt(Math.min(maxBits, bits(a) * Number(b))));
  return a ** b;
}

/** int / int, correctly rounded whatever their size. */
function divide(a: bigint, b: bigint): number {
  if (b === 0n) throw new PyError('ZeroDivisionError', 'division by zero');
  const safe = BigInt(Number.MAX_SAFE_INTEGER);
  if (a <= safe && a >= -safe && b <= safe && b >= -safe) return Number(a) / Number(b);
  const negative = a < 0n !== b < 0n;
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  // 66 bits or more of quotient, the rest as a sticky bit; then one rounding by Number() and an exact scaling.
  const shift = Math.max(0, 66 - (bits(x) - bits(y)));
  const scaled = x << BigInt(shift);
  const quotient = (scaled / y) | (scaled % y === 0n ? 0n : 1n);
  let value = toFloatScaled(quotient, shift);
  if (!Number.isFinite(value))
    throw new PyError('OverflowError', 'integer division result too large for a float');
  if (negative) value = -value;
  return value;
}

function toFloatScaled(quotient: bigint, shift: number): number {
  const float = Number(quotient);
  if (!Number.isFinite(float)) return Infinity;
  // Two steps: 2 ** -shift itself may be smaller than the smallest float.
  return shift > 1000 ? (float / 2 ** 1000) * 2 ** (1000 - shift) : float / 2 ** shift;
}

function calculateFloat(a: number, sign: ArithmeticOperator, b: number): number {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      if (b === 0) throw new PyError('ZeroDivisionError', 'float division by zero');
      return a / b;
    case '//':
      if (b === 0) throw new PyError('ZeroDivisionError', 'float floor division by zero');
      return divideModulo(a, b)[0];
    case '%':
      if (b === 0) throw new PyError('ZeroDivisionError', 'float modulo');
      return divideModulo(a, b)[1];
    case '**':
      return floatPower(a, b);
  }
}

/** float_divmod of CPython's floatobject.c. */
function divideModulo(a: number, b: number): readonly [number, number] {
  let modulo = a % b;
  let quotient = (a - modulo) / b;
  if (modulo !== 0) {
    if (b < 0 !== modulo < 0) {
      modulo += b;
      quotient -= 1;
    }
  } else modulo = copySign(0, b);
  if (quotient === 0) return [copySign(0, a / b), modulo];
  const floor = Math.floor(quotient);
  return [quotient - floor > 0.5 ? floor + 1 : floor, modulo];
}

const copySign = (magnitude: number, sign: number): number =>
  sign < 0 || Object.is(sign, -0) ? -magnitude : magnitude;

function floatPower(a: number, b: number): number {
  if (b === 0 || a === 1) return 1;
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return 1;
  if (a === 0 && b === -Infinity) return Infinity;
  if (a === 0 && b < 0) throw new PyError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
    throw limit('complex numbers are not supported');
  const isPlain = Number.isFinite(a) && Number.isFinite(b) && a !== 0;
  const magnitude = isPlain ? powerOf(Math.abs(a), b) : Math.abs(a) ** b;
  const isOdd = Math.abs(b) % 2 === 1;
  const result = isOdd && (a < 0 || Object.is(a, -0)) ? -magnitude : magnitude;
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new PyError('OverflowError', "(34, 'Numerical result out of range')");
  }
  return result;
}

function concatenate(left: PyValue, right: PyValue): PyValue {
  if (typeof left === 'string' && typeof right === 'string') {
    checkCount(left.length + right.length);
    spend((left.length + right.length) / 2);
    return left + right;
  }
  if (isSequence(left) && isSequence(right) && left.kind === right.kind) {
    const count = left.items.length + right.items.length;
    checkCount(count);
    spend(10 * count);
    return { kind: left.kind, items: [...left.items, ...right.items] };
  }
  if (typeof left === 'string')
    throw new PyError('TypeError', `can only concatenate str (not "${typeName(right)}") to str`);
  if (isSequence(left))
    throw new PyError(
      'TypeError',
      `can only concatenate ${left.kind} (not "${typeName(right)}") to ${left.kind}`,
    );
  throw unsupported(left, '+', right);
}

function repeat(value: PyValue, times: bigint, multiplier: PyValue): PyValue {
  if (typeof value !== 'string' && !isSequence(value)) throw unsupported(value, '*', multiplier);
  if (BigInt.asIntN(64, times) !== times)
    throw new PyError('OverflowError', "cannot fit 'int' into an index-sized integer");
  const length = typeof value === 'string' ? value.length : value.items.length;
  const count = times < 0n || length === 0 ? 0 : Number(times);
  checkCount(count * length);
  if (typeof value === 'string') {
    spend((count * length) / 2);
    return value.repeat(count);
  }
  spend(15 * count * length);
  const items = new Array<PyValue>(count * length);
  for (let at = 0; at < items.length; at++) items[at] = value.items[at % length] ?? null;
  return { kind: value.kind, items };
}
