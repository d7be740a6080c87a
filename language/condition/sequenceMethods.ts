// The methods of lists and tuples that conditions may call: those that only look, with Python's arguments and errors.
import { spend } from './limits';
import { positional, type Call } from './methodArguments';
import { PyError } from './pyError';
import { equals, repr, toNumber, type PyList, type PyTuple, type PyValue } from './values';

type SequenceMethod = (sequence: PyList | PyTuple, call: Call) => PyValue;

const count: SequenceMethod = ({ items }, call) => {
  const [wanted = null] = positional('count', call, 1);
  let times = 0n;
  for (const item of items) if (isWanted(item, wanted)) times += 1n;
  return times;
};

const index: SequenceMethod = ({ kind, items }, call) => {
  const [wanted = null, start, end] = positional('index', call, 3, 1);
  const from = toPlace(start, 0, items.length);
  const to = Math.min(items.length, toPlace(end, items.length, items.length));
  for (let at = from; at < to; at++) if (isWanted(items[at] ?? null, wanted)) return BigInt(at);
  if (kind === 'tuple') throw new PyError('ValueError', 'tuple.index(x): x not in tuple');
  throw new PyError('ValueError', `${shorten(repr(wanted))} is not in list`);
};

function isWanted(item: PyValue, wanted: PyValue): boolean {
  spend(30);
  return equals(item, wanted);
}

/** Other than the bounds of a slice, they cannot be None. */
function toPlace(value: PyValue | undefined, absent: number, length: number): number {
  if (value === undefined) return absent;
  const number = toNumber(value);
  if (typeof number !== 'bigint')
    throw new PyError('TypeError', 'slice indices must be integers or have an __index__ method');
  return number < 0n ? Math.max(0, Number(number) + length) : Number(number);
}

/** The beginning of what is long. */
const shorten = (shown: string): string => (shown.length <= longest ? shown : `${shown.slice(0, longest)}…`);
const longest = 500;

export const sequenceMethods: ReadonlyMap<string, SequenceMethod> = new Map(Object.entries({ index, count }));
