// What the words around a value call it: `loss: 0.31`, `'loss': 0.31`, `Initial residual = 1e-5`, `Epoch 3/10`, `3.61it/s`.
import { isUnitWord, type Token } from './tokens';

export interface Label {
  readonly words: string;
  /** Indices of the first and the last token that say it, the value's own included. */
  readonly from: number;
  readonly to: number;
}

const longestLabel = 4;
/** `(ms)` or `(RB3LYP)` between the words and the separator has at most this many tokens. */
const longestBracket = 8;
const smallWords = new Set(
  'a an and are as at by for from had has in into is of on or out over than that the to took up was were with'.split(
    ' ',
  ),
);

/** The label of the value at this index; undefined if nothing names it. */
export function findLabel(tokens: readonly Token[], at: number): Label | undefined {
  return findTimeLabel(tokens, at) ?? findPairLabel(tokens, at) ?? findOwnLabel(tokens, at);
}

function findOwnLabel(tokens: readonly Token[], at: number): Label | undefined {
  const unit = tokens[at + 1];
  const isBar = unit?.text === '%' && tokens[at + 2]?.text === '|';
  const saysItself = unit?.kind === 'unit' && /[%/]/.test(unit.text);
  const before = isBar ? undefined : findBefore(tokens, at, !saysItself);
  // `processed 12 rows`: what is counted says more than what was done to it.
  const isDeed = before !== undefined && /^[A-Za-z]+(?:ed|ing)$/.test(before.words) && isCountOf(tokens, at);
  if (before && !isDeed) return { ...before, to: at };
  const after = findAfter(tokens, at);
  return after && { ...after, from: at };
}

/** Of tqdm: `[00:12<00:15, …]`. */
function findTimeLabel(tokens: readonly Token[], at: number): Label | undefined {
  if (tokens[at]?.kind !== 'time') return undefined;
  if (tokens[at + 1]?.text === '<') return { words: 'elapsed', from: at, to: at + 1 };
  return tokens[at - 1]?.text === '<' ? { words: 'remaining', from: at - 1, to: at } : undefined;
}

/** `Epoch 3/10`, `step 3 of 10`, `3 of 10 steps`: the number and how many there are. */
function findPairLabel(tokens: readonly Token[], at: number): Label | undefined {
  if (tokens[at]?.kind !== 'number') return undefined;
  const other = skipPair(tokens, at, 1);
  if (other !== undefined) {
    const own = findBefore(tokens, at);
    if (own) return { ...own, to: at };
    const after = tokens[other + 1]?.kind === 'blank' ? tokens[other + 2] : undefined;
    const words = after?.kind === 'word' && !isUnitWord(after.text) ? singular(after.text) : 'step';
    return { words, from: at, to: tokens[at + 1]?.kind === 'blank' ? other : at + 1 };
  }
  const former = skipPair(tokens, at, -1);
  if (former === undefined) return undefined;
  const label = findPairLabel(tokens, former);
  return label && { words: plural(label.words), from: former + 1, to: at };
}

/** The index of the number on the other side of `/` or `of`. */
function skipPair(tokens: readonly Token[], at: number, step: 1 | -1): number | undefined {
  let next = at + step;
  const skipBlank = (): void => {
    if (tokens[next]?.kind === 'blank') next += step;
  };
  skipBlank();
  if (tokens[next]?.text !== '/' && tokens[next]?.text !== 'of') return undefined;
  next += step;
  skipBlank();
  return tokens[next]?.kind === 'number' ? next : undefined;
}

const singular = (word: string): string => word.replace(/(?<=\w\w)s$/, '');
const plural = (words: string): string => (words.endsWith('s') ? `total_${words}` : `${words}s`);

type Before = Pick<Label, 'words' | 'from'>;

/** Words, a separator and what opens, in front of the value. */
function findBefore(tokens: readonly Token[], at: number, orFarWord = true): Before | undefined {
  let next = at - 1;
  const skip = (isSkipped: (token: Token) => boolean): void => {
    for (let token = tokens[next]; token && isSkipped(token); token = tokens[--next]);
  };
  skip((token) => isSpace(token) || /^['"[($]$/.test(token.text));
  const separator = tokens[next];
  const isSeparated = separator?.kind === 'punctuation' && /^[:=<≈~]$/.test(separator.text);
  if (!isSeparated) return orFarWord || next === at - 2 ? findWordBefore(tokens, next) : undefined;
  skip((token) => isSpace(token) || /^[:=<≈~]$/.test(token.text));
  const closing = tokens[next]?.text;
  if (closing === ')' || closing === ']') {
    const open = closing === ')' ? '(' : '[';
    const least = next - longestBracket;
    skip(({ text }) => text !== open && next > least);
    if (tokens[next]?.text !== open) return undefined;
    next -= 1;
    skip(isSpace);
  }
  const quoted = tokens[next];
  if (quoted?.kind === 'quoted') return { words: quoted.text.slice(1, -1), from: next };
  return findWords(tokens, next);
}

const isSpace = ({ kind }: Token): boolean => kind === 'blank' || kind === 'colour';

/** The words in a row that end here, one blank between each two. */
function findWords(tokens: readonly Token[], last: number): Before | undefined {
  let from = last + 1;
  for (
    let at = last, count = 0;
    count < longestLabel && isLabelWord(tokens, at, at === last);
    at -= 2, count++
  ) {
    from = at;
    if (tokens[at - 1]?.text !== ' ') break;
  }
  while (from < last && smallWords.has(tokens[from]?.text.toLowerCase() ?? '')) from += 2;
  if (from > last) return undefined;
  return {
    words: tokens
      .slice(from, last + 1)
      .map(({ text }) => text)
      .join(''),
    from,
  };
}

/** A word, but for the unit of the value before, unless it is all that there is. */
function isLabelWord(tokens: readonly Token[], at: number, isLast: boolean): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word' && token?.kind !== 'id') return false;
  return (
    isLast ||
    !(tokens[at - 1]?.kind === 'blank' && tokens[at - 2]?.kind === 'number' && isUnitWord(token.text))
  );
}

/** `Epoch 3`: one word, with nothing but blanks between. */
function findWordBefore(tokens: readonly Token[], at: number): Before | undefined {
  const token = tokens[at];
  if (token?.kind !== 'word' || !isLabelWord(tokens, at, false)) return undefined;
  if (!smallWords.has(token.text.toLowerCase())) return { words: token.text, from: at };
  const [blank, before] = [tokens[at - 1], tokens[at - 2]];
  const isName = before?.kind === 'word' && !smallWords.has(before.text.toLowerCase());
  return blank?.text === ' ' && isName && /^(?:is|was|are|at|to|of)$/i.test(token.text)
    ? { words: before.text, from: at - 2 }
    : undefined;
}

const isCountOf = (tokens: readonly Token[], at: number): boolean =>
  tokens[at - 1]?.text === ' ' &&
  /^[\d,]+$/.test(tokens[at]?.text ?? '') &&
  findAfter(tokens, at)?.to === at + 2;

const units: readonly (readonly [RegExp, string])[] = [
  [/^%$/, 'percent'],
  [/^(?:[kmgt]i?)?b(?:ytes?)?$/i, 'size'],
  [/^(?:[numµ]?s|secs?|seconds?|min|minutes?|h|hours?|days?)$/, 'duration'],
];

/** `3.61it/s`, `45%`, `12 GB`, `5 errors`. */
function findAfter(tokens: readonly Token[], at: number): Omit<Label, 'from'> | undefined {
  const next = tokens[at + 1];
  if (next?.kind === 'unit' || next?.text === '%') return { words: toUnitName(next.text), to: at + 1 };
  const word = next?.text === ' ' ? tokens[at + 2] : undefined;
  if (word?.text === '%') return { words: 'percent', to: at + 2 };
  if (word?.kind !== 'word' || smallWords.has(word.text.toLowerCase())) return undefined;
  if (tokens[at + 3]?.text === ':' || tokens[at + 3]?.text === '=') return undefined;
  const unit = tokens[at + 3]?.text === ' ' ? tokens[at + 4] : undefined;
  return unit && isUnitWord(unit.text) && !isUnitWord(word.text)
    ? { words: `${word.text} ${unit.text}`, to: at + 4 }
    : { words: toUnitName(word.text), to: at + 2 };
}

const toUnitName = (unit: string): string =>
  units.find(([pattern]) => pattern.test(unit))?.[1] ?? unit.replace('/', '_per_');
