// What methods and functions of conditions are called with, checked as Python checks it.
import { countCharacters, sliceCharacters } from './characters';
import { PyError } from './pyError';
import { toInteger, toNumber, typeName, type PyValue } from './values';

export interface Call {
  readonly args: readonly PyValue[];
  readonly named: ReadonlyMap<string, PyValue>;
}

export type TextMethod = (text: string, call: Call) => PyValue;

/** Checks number and names of arguments; gives them in the order of `names`, undefined where left out. */
export function bindArguments(
  name: string,
  { args, named }: Call,
  names: readonly string[],
  required = names.length,
): readonly (PyValue | undefined)[] {
  if (named.size === 0 && args.length === names.length) return args;
  if (args.length > names.length)
    throw new PyError('TypeError', `${name} expected at most ${names.length} arguments, got ${args.length}`);
  const bound: (PyValue | undefined)[] = names.map((_, index) => args[index]);
  for (const [key, value] of named) {
    const index = names.indexOf(key);
    if (key === '' || index < args.length)
      throw new PyError('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
    bound[index] = value;
  }
  if (bound.slice(0, required).includes(undefined))
    throw new PyError(
      'TypeError',
      `${name} expected at least ${required} argument${required === 1 ? '' : 's'}, got ${args.length}`,
    );
  return bound;
}

/** Arguments that have no names. */
export const positional = (
  name: string,
  call: Call,
  count: number,
  required = count,
): readonly (PyValue | undefined)[] =>
  bindArguments(
    name,
    call,
    Array.from({ length: count }, () => ''),
    required,
  );

export function toText(value: PyValue | undefined, what: string): string {
  if (typeof value === 'string') return value;
  throw new PyError('TypeError', `${what} must be str, not ${typeName(value ?? null)}`);
}

/** An argument that C holds as a size. */
export function toSize(value: PyValue): number {
  const size = toInteger(value);
  if (BigInt.asIntN(64, size) !== size)
    throw new PyError('OverflowError', 'Python int too large to convert to C ssize_t');
  return Number(size);
}

/** An argument that C holds as an int. */
export function toShortInt(value: PyValue): number {
  const number = toInteger(value);
  if (BigInt.asIntN(32, number) !== number)
    throw new PyError('OverflowError', 'Python int too large to convert to C int');
  return Number(number);
}

function toIndex(value: PyValue | undefined, absent: number): number {
  if (value === undefined || value === null) return absent;
  const number = toNumber(value);
  if (typeof number !== 'bigint')
    throw new PyError('TypeError', 'slice indices must be integers or None or have an __index__ method');
  return Number(number);
}

/** The part of the characters that start and end name, with Python's rules for negative ones. */
export function part(
  text: string,
  start: PyValue | undefined,
  end: PyValue | undefined,
): { readonly text: string; readonly start: number; readonly possible: boolean } {
  if (start === undefined && end === undefined) return { text, start: 0, possible: true };
  const length = countCharacters(text);
  const clamp = (index: number): number => (index < 0 ? Math.max(0, index + length) : index);
  const from = clamp(toIndex(start, 0));
  const to = Math.min(length, clamp(toIndex(end, length)));
  return { text: sliceCharacters(text, from, to), start: from, possible: from <= length && from <= to };
}
