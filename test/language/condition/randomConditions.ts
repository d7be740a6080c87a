// Random conditions over a few variables, sensible and senseless ones: the same for the same seed.
import type { Random } from '../seededRandom';

export const variables: Readonly<Record<string, string>> = {
  loss: '0.5',
  step: '12',
  empty: '',
  word: 'Hello World',
  negative: '-3',
  spaced: ' 1e-3 ',
  big: '123456789012345678901234567890',
  nan: 'nan',
};

const names = Object.keys(variables);
const literals =
  '0|1|2|3|-1|7|10|0.5|1.5|2.0|1e3|1e-7|1e22|123456789012345678901|"a"|\'abc\'|\'\'|"A b"|True|False|None|[]|[1, 2]|(1,)|()|[1, "a"]|(1, 2.5)|"12"|"é"|"\\n"|0x1f|1_000|.5|5.|1e308|"ß"'.split(
    '|',
  );
const functions = 'float int str len abs min max round bool sum any all sorted'.split(' ');
const methods =
  'lower upper strip lstrip rstrip startswith endswith split replace isdigit isalpha isnumeric find count join title splitlines removeprefix removesuffix'.split(
    ' ',
  );
const arithmetic = ['+', '-', '*', '/', '//', '%'];
const comparisons = ['<', '<=', '>', '>=', '==', '!=', 'in', 'not in'];
const slices = ['0', '-1', '1', '5', '1:', '::2', '::-1', ':3', '-3:', '1:100:2', '::0'];

/** An expression with at most so many levels. */
export function createCondition(random: Random, depth: number): string {
  const pick = (items: readonly string[]): string => items[random(items.length)] ?? '';
  const inner = (): string => createCondition(random, depth - 1);
  const list = (count: number): string => Array.from({ length: count }, inner).join(', ');
  if (depth <= 0 || random(9) === 0) return random(2) === 0 ? pick(literals) : pick(names);
  switch (random(12)) {
    case 0:
    case 1:
      return `(${inner()} ${pick(arithmetic)} ${inner()})`;
    case 2:
      return `(${inner()} ${pick(comparisons)} ${inner()}${random(4) === 0 ? ` ${pick(comparisons)} ${inner()}` : ''})`;
    case 3:
      return `(${inner()} ${pick(['and', 'or'])} ${inner()})`;
    case 4:
      // Which equal values are the same one is CPython's own affair.
      return random(3) === 0 ? `(${inner()} ${pick(['is', 'is not'])} None)` : `(not ${inner()})`;
    case 5:
      return `(${inner()} if ${inner()} else ${inner()})`;
    case 6:
      return `${pick(['-', '+'])}${inner()}`;
    case 7:
      return random(3) === 0 ? `${inner()}[${inner()}]` : `${pick(names)}[${pick(slices)}]`;
    case 8:
      return `(${random(8)} ** ${pick(['0', '2', '-1', '0.5', '10', 'int(step)'])})`;
    case 9:
    case 10:
      return `${pick(functions)}(${list([1, 1, 1, 2, 0, 3][random(6)] ?? 1)})`;
    default:
      return `${random(4) === 0 ? `(${inner()})` : pick(names)}.${pick(methods)}(${list([0, 1, 1, 2][random(4)] ?? 0)})`;
  }
}
