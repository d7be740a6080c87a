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
    summary: 'The nearest whole number, or the nearest with so many digits.',
  },
  bool: { params: ['value'], summary: 'Whether the value counts as true: not empty, not 0, not None.' },
  sum: { params: ['items', '[start]'], summary: 'The sum of the items.' },
  any: { params: ['items'], summary: 'Whether at least one item counts as true.' },
  all: { params: ['items'], summary: 'Whether every item counts as true.' },
  sorted: { params: ['items', '[reverse]'], summary: 'The items as a list, in order.' },
} as const satisfies Record<string, CallRow>;

/** One row for each method of texts. */
export const methodReference = {
  lower: { params: [], summary: 'The text in small letters.' },
  upper: { params: [], summary: 'The text in capital letters.' },
  strip: { params: ['[characters]'], summary: 'The text without blanks, or these characters, at both ends.' },
  lstrip: {
    params: ['[characters]'],
    summary: 'The text without blanks, or these characters, at its beginning.',
  },
  rstrip: { params: ['[characters]'], summary: 'The text without blanks, or these characters, at its end.' },
  startswith: { params: ['beginning', '[start]', '[end]'], summary: 'Whether the text begins so.' },
  endswith: { params: ['ending', '[start]', '[end]'], summary: 'Whether the text ends so.' },
  split: {
    params: ['[separator]', '[count]'],
    summary: 'The parts of the text between blanks or separators.',
  },
  replace: {
    params: ['old', 'new', '[count]'],
    summary: 'The text with another text in place of each `old`.',
  },
  isdigit: { params: [], summary: 'Whether there are digits alone, and at least one.' },
  isalpha: { params: [], summary: 'Whether there are letters alone, and at least one.' },
  isnumeric: { params: [], summary: 'Whether there are numeric characters alone, and at least one.' },
  find: {
    params: ['text', '[start]', '[end]'],
    summary: 'Where the text stands first, from 0; -1 where it does not.',
  },
  count: { params: ['text', '[start]', '[end]'], summary: 'How often the text stands in it.' },
  join: { params: ['items'], summary: 'The items as one text, with this one between them.' },
  title: { params: [], summary: 'The text with a capital letter at each word.' },
  splitlines: { params: ['[keepends]'], summary: 'The lines of the text.' },
  removeprefix: { params: ['beginning'], summary: 'The text without this beginning.' },
  removesuffix: { params: ['ending'], summary: 'The text without this ending.' },
} as const satisfies Record<string, CallRow>;

const functions: Readonly<Record<string, CallRow>> = functionReference;
const methods: Readonly<Record<string, CallRow>> = methodReference;

export const findFunction = (name: string): CallRow | undefined =>
  Object.hasOwn(functions, name) ? functions[name] : undefined;

export const findMethod = (name: string): CallRow | undefined =>
  Object.hasOwn(methods, name) ? methods[name] : undefined;

export const printSignature = (name: string, { params }: CallRow): string => `${name}(${params.join(', ')})`;
