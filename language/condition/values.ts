// Python's values as JavaScript holds them, with their type names, repr, truth, equality and order.
import { reprText } from '../pythonText';
import { compareTexts, isSameText } from './characters';
import { noteInt, spend, spendOnDigits, spendOnInt } from './limits';
import { PyError } from './pyError';

/** int is bigint, float is number, str is string, None is null. */
export type PyValue = bigint | number | string | boolean | null | PyList | PyTuple;

export interface PyList {
  readonly kind: 'list';
  readonly items: readonly PyValue[];
}

export interface PyTuple {
  readonly kind: 'tuple';
  readonly items: readonly PyValue[];
}

export const toList = (items: readonly PyValue[]): PyList => ({ kind: 'list', items });
export const toTuple = (items: readonly PyValue[]): PyTuple => ({ kind: 'tuple', items });

export function isSequence(value: PyValue): value is PyList | PyTuple {
  return typeof value === 'object' && value !== null;
}

export function typeName(value: PyValue): string {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    default:
      return value === null ? 'NoneType' : value.kind;
  }
}

export function truth(value: PyValue): boolean {
  switch (typeof value) {
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
    case 'string':
      return value !== '';
    case 'boolean':
      return value;
    default:
      return value !== null && value.items.length > 0;
  }
}

/** CPython refuses to print more digits: sys.set_int_max_str_digits. */
export const maxDigits = 4300;

export function printInt(value: bigint): string {
  if (value >= tooLong() || value <= -tooLong()) {
    throw new PyError(
      'ValueError',
      `Exceeds the limit (${maxDigits} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit`,
    );
  }
  spendOnDigits(value);
  return value.toString();
}

/** The least integer with more digits; made when it is first wanted. */
function tooLong(): bigint {
  tooLongInt ??= 10n ** BigInt(maxDigits);
  return tooLongInt;
}
let tooLongInt: bigint | undefined;

/** float.__repr__: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const sign = value < 0 ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

export function repr(value: PyValue): string {
  switch (typeof value) {
    case 'bigint':
      return printInt(value);
    case 'number':
      spend(500);
      return printFloat(value);
    case 'string':
      spend(20 + 40 * value.length);
      return reprText(value);
    case 'boolean':
      return value ? 'True' : 'False';
    default:
      return value === null ? 'None' : reprItems(value);
  }
}

function reprItems({ kind, items }: PyList | PyTuple): string {
  const pieces: string[] = [];
  for (const item of items) {
    const piece = repr(item);
    spend(100 + 2 * piece.length);
    pieces.push(piece);
  }
  const inside = pieces.join(', ');
  if (kind === 'list') return `[${inside}]`;
  return items.length === 1 ? `(${inside},)` : `(${inside})`;
}

/** A text in the message of an error: the beginning of a long one. */
export function quoteText(text: string): string {
  return text.length <= longestQuote ? reprText(text) : `${reprText(text.slice(0, longestQuote))}…`;
}
const longestQuote = 500;

/** str(): like repr, but text is itself. */
export const printValue = (value: PyValue): string => (typeof value === 'string' ? value : repr(value));

/** bool counts as int. */
export function toNumber(value: PyValue): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

/** int() of a float. */
export function truncateFloat(value: number): bigint {
  if (Number.isNaN(value)) throw new PyError('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw new PyError('OverflowError', 'cannot convert float infinity to integer');
  return noteInt(BigInt(Math.trunc(value)));
}

/** An argument that must be an integer, as operator.index sees it. */
export function toInteger(value: PyValue): bigint {
  const number = toNumber(value);
  if (typeof number === 'bigint') return number;
  throw new PyError('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
}

export function equals(left: PyValue, right: PyValue): boolean {
  const a = toNumber(left);
  const b = toNumber(right);
  if (a !== undefined && b !== undefined) {
    spendOnNumbers(a, b);
    return a == b; // eslint-disable-line eqeqeq -- int and float compare exactly
  }
  if (typeof left === 'string') return typeof right === 'string' && isSameText(left, right);
  if (!isSequence(left) || !isSequence(right)) return left === right;
  if (left.kind !== right.kind || left.items.length !== right.items.length) return false;
  return findDifference(left, right) < 0;
}

/** The first place with different items, or with one of them alone; -1 if there is none. */
function findDifference({ items: left }: PyList | PyTuple, { items: right }: PyList | PyTuple): number {
  for (const [index, item] of left.entries()) {
    spend(100);
    if (index >= right.length || !equals(item, right[index] ?? null)) return index;
  }
  return left.length < right.length ? left.length : -1;
}

function spendOnNumbers(a: bigint | number, b: bigint | number): void {
  if (typeof a === 'bigint') spendOnInt(a);
  if (typeof b === 'bigint') spendOnInt(b);
}

export type Order = '<' | '<=' | '>' | '>=';

/** Throws TypeError as Python does where there is no order. */
export function compare(left: PyValue, order: Order, right: PyValue): boolean {
  const a = toNumber(left);
  const b = toNumber(right);
  if (a !== undefined && b !== undefined) {
    spendOnNumbers(a, b);
    return holds(a < b ? -1 : a > b ? 1 : a == b ? 0 : NaN, order); // eslint-disable-line eqeqeq -- exact
  }
  if (typeof left === 'string' && typeof right === 'string') return holds(compareTexts(left, right), order);
  if (isSequence(left) && isSequence(right) && left.kind === right.kind) {
    const at = findDifference(left, right);
    const [x, y] = [left.items[at], right.items[at]];
    if (at === -1 || x === undefined || y === undefined)
      return holds(left.items.length - right.items.length, order);
    return compare(x, order, y);
  }
  throw new PyError(
    'TypeError',
    `'${order}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function holds(difference: number, order: Order): boolean {
  switch (order) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}
