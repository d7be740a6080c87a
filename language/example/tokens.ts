// A piece of job output as typed tokens: numbers in every way they are printed, times, paths, words, punctuation and blanks.

export type TokenKind =
  | 'number'
  | 'unit'
  | 'date'
  | 'time'
  | 'url'
  | 'path'
  | 'quoted'
  | 'id'
  | 'word'
  | 'bar'
  | 'colour'
  | 'blank'
  | 'punctuation';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** UTF-16 offset in the text. */
  readonly start: number;
}

interface Rule {
  readonly kind: TokenKind;
  readonly pattern: RegExp;
  /** Whether it may begin here, by what stands before it. */
  readonly fits?: (before: string, last: TokenKind | undefined) => boolean;
}

const isOpen = (before: string): boolean => !/[\p{L}\p{N}_.]$/u.test(before);
/** A sign belongs to the number after it, unless something is subtracted or a range is given. */
const isSignPlace = (before: string, last: TokenKind | undefined): boolean =>
  last === 'number' || !/[\p{L}\p{N}_)\]}.]$/u.test(before);

const rules: readonly Rule[] = [
  { kind: 'colour', pattern: /\p{Cc}\[[0-?]*[ -/]*[@-~]/uy },
  { kind: 'blank', pattern: /\s+/y },
  { kind: 'url', pattern: /[a-z][a-z\d+.-]*:\/\/[^\s'"<>,;()[\]{}]+/iy },
  {
    kind: 'date',
    pattern:
      /\d{4}[-/]\d{2}[-/]\d{2}(?:[T _]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?!\w)/y,
  },
  { kind: 'time', pattern: /(?:\d+-)?\d{1,3}:\d{2}(?::\d{2})?(?:\.\d+)?(?![\w:])/y },
  { kind: 'time', pattern: /\d+[dhm](?: ?\d+[hms])+(?!\w)/y },
  { kind: 'quoted', pattern: /"(?![-+.\d]+")[^"]*"|'(?![-+.\d]+')[^']*'/y, fits: isOpen },
  { kind: 'number', pattern: /0x[\da-f]+(?!\w)/iy },
  { kind: 'number', pattern: /[-+]?(?:nan|inf(?:inity)?)(?!\w)/iy, fits: isOpen },
  { kind: 'id', pattern: /\d+(?:\.\d+){2,}(?!\w)/y },
  { kind: 'id', pattern: /\d+\.[a-z]{2}\w*/iy, fits: isOpen },
  { kind: 'id', pattern: /\d+_(?!\d{3}(?!\d))\w+(?:\.\w+)*/y, fits: isOpen },
  { kind: 'id', pattern: /\d+[a-z]+\d\w*/iy, fits: isOpen },
  { kind: 'path', pattern: /(?:~|\.\.?)?\/[\w+@~-](?:[\w+@~/-]|\.(?=\w))*/y, fits: isOpen },
  { kind: 'path', pattern: /\w(?:[\w-]|\.(?=\w))*\/(?:[\w/-]|\.(?=\w))*\.[a-z]\w*/iy, fits: isOpen },
  { kind: 'word', pattern: /[\p{L}_][\p{L}\p{N}_]*(?:[./-][\p{L}_][\p{L}\p{N}_]*)*/uy },
  { kind: 'bar', pattern: /[\u2500-\u259f]+|#{2,}\d?(?!\w)|[#=>*.-]{3,}/y },
  { kind: 'punctuation', pattern: /[^]/uy },
];

const decimalNumber = /(?:\d+(?:_\d{3})*)?\.\d+(?:[eEdDqQ][-+]?\d+|[-+]\d{3}(?!\d))?/y;
const wholeNumber = /\d+(?:_\d{3})*(?:\.?[eEdDqQ][-+]?\d+)?/y;
const groupedNumber = /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![,\d])/y;
const unit = /%|[A-Za-zµ°]+(?:\/[A-Za-z]+)?(?![\w/])/y;

/** The words that stand alone after a number and belong to it. */
export const isUnitWord = (text: string): boolean =>
  /^(?:[num]?s|secs?|seconds?|min|minutes?|h|hours?|days?|[kmgt]i?b|bytes?|[fpn]s|m?ev|ry|ha|k|pa|bar|atm|hz|[kmg]hz|it\/s|[tg]?flops)$/i.test(
    text,
  );

const matchAt = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
};

export interface TokenOptions {
  /** Commas separate columns: none of them groups the digits of a number. */
  readonly commasSeparate?: boolean;
}

/** Joined, the texts of the tokens are the text. */
export function toTokens(text: string, { commasSeparate = false }: TokenOptions = {}): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const last = tokens.at(-1);
    const found =
      (last?.kind === 'number' && readUnit(text, at)) || readNumber(text, at, last, commasSeparate);
    const token = found || readOther(text, at, last);
    tokens.push({ ...token, start: at });
    at += token.text.length;
  }
  return tokens;
}

type Read = Omit<Token, 'start'>;

function readUnit(text: string, at: number): Read | undefined {
  const found = matchAt(unit, text, at);
  return found === undefined ? undefined : { kind: 'unit', text: found };
}

function readNumber(
  text: string,
  at: number,
  last: Token | undefined,
  commasSeparate: boolean,
): Read | undefined {
  const before = text.charAt(at - 1);
  const sign = matchAt(/[-+](?=[.\d])/y, text, at) ?? '';
  if (sign !== '' && !isSignPlace(before, last?.kind)) return undefined;
  const start = at + sign.length;
  if (rules.some(({ kind, pattern }) => isOther(kind) && matchAt(pattern, text, start) !== undefined))
    return undefined;
  const grouped = commasSeparate || before === ',' ? undefined : matchAt(groupedNumber, text, start);
  const digits = grouped ?? matchAt(decimalNumber, text, start) ?? matchAt(wholeNumber, text, start);
  return digits === undefined ? undefined : { kind: 'number', text: sign + digits };
}

/** What begins with digits and is more than a number. */
const isOther = (kind: TokenKind): boolean => kind === 'date' || kind === 'time' || kind === 'id';

function readOther(text: string, at: number, last: Token | undefined): Read {
  const before = text.charAt(at - 1);
  for (const { kind, pattern, fits } of rules) {
    if (fits && !fits(before, last?.kind)) continue;
    const found = matchAt(pattern, text, at);
    if (found !== undefined) return { kind, text: found };
  }
  return { kind: 'punctuation', text: text.charAt(at) };
}
