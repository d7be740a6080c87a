// The table of what conditions may call, for people: signatures and what each gives.

interface CallRow {
  /** Parameters as they are shown; those in brackets may be left out. */
  readonly params: readonly string[];
  readonly summary: string;
}

/** One row for each function of section 7 of the language. */
export const functionReference = {
  float: { params: ['value'], summary: 'The number that a text says: `float("1e-3")`.' },
  int: {
    params: ['value', '[base]'],
    summary: 'The whole number that a text says; of a number, its whole part.',
  },
  str: { params: ['value'], summary: 'The value as text.' },
  len: { params: ['value'], summary: 'How many characters a text has, or items a list.' },
  abs: { params: ['number'], summary: 'The number without its sign.' },
  min: { params: ['first', '[…]'], summary: 'The least of the values, or of the items of a list.' },
  max: { params: ['first', '[…]'], summary: 'The greatest of the values, or of the items of a list.' },
  round: {
    params: ['number', '[digits]'],
    summary: 'The nearest whole number, or the nearest with this many digits.',
  },
  bool: { params: ['value'], summary: 'Whether the value counts as true: not empty, not 0, not None.' },
  sum: { params: ['items', '[start]'], summary: 'The sum of the items.' },
  any: { params: ['items'], summary: 'Whether at least one item counts as true.' },
  all: { params: ['items'], summary: 'Whether every item counts as true.' },
  sorted: { params: ['items', '[reverse]'], summary: 'The items as a list, in order.' },
} as const satisfies Record<string, CallRow>;

/** What a method's value is: several texts are a list or a tuple. */
export type Gives = 'text' | 'texts' | 'number' | 'truth';

interface MethodRow extends CallRow {
  readonly gives: Gives;
}

/** One row for each method of texts; `index` and `count` are methods of lists and tuples, too. */
export const methodReference = {
  lower: { params: [], gives: 'text', summary: 'The text in small letters.' },
  upper: { params: [], gives: 'text', summary: 'The text in capital letters.' },
  strip: {
    params: ['[characters]'],
    gives: 'text',
    summary: 'The text without blanks, or these characters, at both ends.',
  },
  lstrip: {
    params: ['[characters]'],
    gives: 'text',
    summary: 'The text without blanks, or these characters, at its beginning.',
  },
  rstrip: {
    params: ['[characters]'],
    gives: 'text',
    summary: 'The text without blanks, or these characters, at its end.',
  },
  startswith: {
    params: ['beginning', '[start]', '[end]'],
    gives: 'truth',
    summary: 'Whether the text begins so.',
  },
  endswith: { params: ['ending', '[start]', '[end]'], gives: 'truth', summary: 'Whether the text ends so.' },
  split: {
    params: ['[separator]', '[count]'],
    gives: 'texts',
    summary: 'The parts of the text between blanks or separators.',
  },
  rsplit: {
    params: ['[separator]', '[count]'],
    gives: 'texts',
    summary:
      'The parts of the text between blanks or separators; with a count, those at the end are split off.',
  },
  partition: {
    params: ['separator'],
    gives: 'texts',
    summary:
      'What stands before the first separator, the separator, and what follows it: `progress.partition("/")[0]`.',
  },
  rpartition: {
    params: ['separator'],
    gives: 'texts',
    summary: 'What stands before the last separator, the separator, and what follows it.',
  },
  replace: {
    params: ['old', 'new', '[count]'],
    gives: 'text',
    summary: 'The text with another text in place of each `old`.',
  },
  isdigit: { params: [], gives: 'truth', summary: 'Whether there are digits alone, and at least one.' },
  isalpha: { params: [], gives: 'truth', summary: 'Whether there are letters alone, and at least one.' },
  isnumeric: {
    params: [],
    gives: 'truth',
    summary: 'Whether there are numeric characters alone, and at least one.',
  },
  isalnum: {
    params: [],
    gives: 'truth',
    summary: 'Whether there are letters and digits alone, and at least one.',
  },
  isdecimal: {
    params: [],
    gives: 'truth',
    summary: 'Whether there are decimal digits alone, and at least one: what `int` reads.',
  },
  isspace: { params: [], gives: 'truth', summary: 'Whether there is white space alone, and at least some.' },
  isupper: {
    params: [],
    gives: 'truth',
    summary: 'Whether all letters are capital ones, and there is at least one.',
  },
  islower: {
    params: [],
    gives: 'truth',
    summary: 'Whether all letters are small ones, and there is at least one.',
  },
  istitle: {
    params: [],
    gives: 'truth',
    summary: 'Whether each word begins with a capital letter and goes on with small ones.',
  },
  isascii: { params: [], gives: 'truth', summary: 'Whether all characters are ASCII, or there are none.' },
  isprintable: {
    params: [],
    gives: 'truth',
    summary: 'Whether all characters can be printed, or there are none.',
  },
  isidentifier: { params: [], gives: 'truth', summary: 'Whether the text could be a name in Python.' },
  find: {
    params: ['text', '[start]', '[end]'],
    gives: 'number',
    summary: 'Where the text is found first, from 0; -1 if it is not found.',
  },
  rfind: {
    params: ['text', '[start]', '[end]'],
    gives: 'number',
    summary: 'Where the text stands last, from 0; -1 if it is not there.',
  },
  index: {
    params: ['text', '[start]', '[end]'],
    gives: 'number',
    summary: 'Where the text, or the item of a list, is found first, from 0; an error if it is not there.',
  },
  rindex: {
    params: ['text', '[start]', '[end]'],
    gives: 'number',
    summary: 'Where the text stands last, from 0; an error if it is not there.',
  },
  count: {
    params: ['text', '[start]', '[end]'],
    gives: 'number',
    summary: 'How often the text stands in it, or the item in a list.',
  },
  join: { params: ['items'], gives: 'text', summary: 'The items as one text, with this one between them.' },
  title: { params: [], gives: 'text', summary: 'The text with a capital letter at each word.' },
  capitalize: {
    params: [],
    gives: 'text',
    summary: 'The text with a capital letter at its beginning, and small ones after it.',
  },
  swapcase: {
    params: [],
    gives: 'text',
    summary: 'The text with capital letters made small, and small ones capital.',
  },
  casefold: {
    params: [],
    gives: 'text',
    summary: 'The text as it is compared if case does not matter: `ß` becomes `ss`.',
  },
  ljust: {
    params: ['width', '[fill]'],
    gives: 'text',
    summary: 'The text with blanks, or this character, after it up to a width.',
  },
  rjust: {
    params: ['width', '[fill]'],
    gives: 'text',
    summary: 'The text with blanks, or this character, before it up to a width.',
  },
  center: {
    params: ['width', '[fill]'],
    gives: 'text',
    summary: 'The text with blanks, or this character, on both sides up to a width.',
  },
  zfill: {
    params: ['width'],
    gives: 'text',
    summary: 'The text with zeros before it up to a width; a sign stays in front.',
  },
  expandtabs: {
    params: ['[tabsize]'],
    gives: 'text',
    summary: 'The text with blanks in place of tabs, up to each eighth column or each of another size.',
  },
  splitlines: { params: ['[keepends]'], gives: 'texts', summary: 'The lines of the text.' },
  removeprefix: { params: ['beginning'], gives: 'text', summary: 'The text without this beginning.' },
  removesuffix: { params: ['ending'], gives: 'text', summary: 'The text without this ending.' },
} as const satisfies Record<string, MethodRow>;

const percent = 'Put values into a text with "%s of %s" % (first, second).';
const replacing = 'Write .replace(old, new), once for each character.';

/** What to write instead of methods that Python has and conditions have not. */
export const insteadOfMethods: ReadonlyMap<string, string> = new Map([
  ['format', percent],
  ['format_map', percent],
  ['encode', 'Use the text as it is: conditions have no bytes.'],
  ['translate', replacing],
  ['maketrans', replacing],
]);

const functions: Readonly<Record<string, CallRow>> = functionReference;
const methods: Readonly<Record<string, MethodRow>> = methodReference;

export const findFunction = (name: string): CallRow | undefined =>
  Object.hasOwn(functions, name) ? functions[name] : undefined;

export const findMethod = (name: string): MethodRow | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined;

export const printSignature = (name: string, { params }: CallRow): string => `${name}(${params.join(', ')})`;
