// The inline form: `#WATCHER key=value key=value …  # comment`.
import { isFieldStart, readInlineKey } from './directive/inlineKey';
import { findMarker } from './directive/markers';
import type { Line } from './directives';
import { mapText, sliceText, spanIn, spanOf, trimText, type MappedText } from './mappedText';
import { findQuoteFix, toQuoteRemedy } from './misquoted';
import { toProblem, type Problem } from './problem';
import { Brackets, findOutside, findOutsideBrackets, skipQuoted } from './scan';
import { fieldTable, findField, type FieldName } from './schema';
import { quoteText } from './values';

export interface WrittenField {
  readonly field: FieldName | undefined;
  readonly key: MappedText;
  /** As written, with its quotes. */
  readonly value: MappedText;
  /** The value is no text of the language: it has no quotes to lose. */
  readonly plain?: true;
  /** Nothing stands behind the key, but its items follow. */
  readonly heading?: true;
  /** The items of a list that is no text of the language; an empty one stands for null. */
  readonly items?: readonly MappedText[];
}

export interface ReadFields {
  readonly fields: readonly WrittenField[];
  readonly problems: readonly Problem[];
  /** Something is not closed: the directive is left out. */
  readonly broken: boolean;
}

export function readInline(script: string, line: Line): ReadFields {
  const start = line.span.start + (findMarker(line.text)?.end ?? 0);
  const rest = trimText(mapText(script, start, line.span.end));
  const fields: WrittenField[] = [];
  const problems: Problem[] = [];
  const brackets = new Brackets(rest.text);
  for (let at = 0; at < rest.text.length;) {
    if (isSpace(rest.text[at])) at += 1;
    else if (rest.text[at] === '#' && (at === 0 || isComment(rest.text, at))) break;
    else {
      const found = readInlineKey(rest.text, at);
      if (!found) {
        const end = findOutside(
          rest.text,
          at,
          (index) => isFieldStart(rest.text, index) || isComment(rest.text, index),
          brackets,
        );
        problems.push(toStray(rest, { at, end, before: fields.at(-1)?.value }));
        at = Math.max(end, at + 1);
        continue;
      }
      const key = sliceText(rest, at, at + found.key.length);
      const field = findField(key.text);
      const end = findValueEnd(brackets, found.end, field);
      if (end === undefined) {
        problems.push(
          toProblem(
            'unterminated-quote',
            spanIn(rest, found.end, rest.text.length),
            'A quote, bracket or parenthesis is not closed.',
            'Close it; the watcher is left out until then.',
          ),
        );
        return { fields, problems, broken: true };
      }
      const value = trimText(sliceText(rest, found.end, end));
      fields.push({ field, key, value });
      if (runsOn(field) && !isQuoted(value.text))
        problems.push(...findUnquoted(value, field, rest.text.slice(end)));
      at = end;
    }
  }
  return { fields, problems, broken: false };
}

/** Text that belongs to no field. `before`: the value in front of it, which a quote may have ended too early. */
function toStray(
  rest: MappedText,
  { at, end, before }: { readonly at: number; readonly end: number; readonly before: MappedText | undefined },
): Problem {
  const stray = trimText(sliceText(rest, at, end));
  const isBehindQuote = before !== undefined && isQuoted(before.text) && before.end === stray.start;
  if (!isBehindQuote)
    return toProblem(
      'stray-text',
      spanOf(stray),
      `"${stray.text}" is not a key=value.`,
      'Write key=value, and quote values that have blanks.',
    );
  const whole = trimText(sliceText(rest, at - before.text.length, end));
  return toProblem(
    'stray-text',
    spanOf(stray),
    `The value ends at the quote before this text: ${before.text} is all of it.`,
    toQuoteRemedy(before),
    findQuoteFix(whole),
  );
}

const isComment = (text: string, index: number): boolean => text[index] === '#' && isSpace(text[index - 1]);

const isQuoted = (text: string): boolean => text.startsWith('"') || text.startsWith("'");

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || (character !== undefined && /\s/.test(character));

/** Bare values of these run on over blanks to the next field. */
const runsOn = (field: FieldName | undefined): boolean => {
  const type = field === undefined ? undefined : fieldTable[field].type;
  return type === 'text' || type === 'pattern' || type === 'condition' || type === 'actions';
};

const isList = (field: FieldName | undefined): boolean =>
  field !== undefined && (fieldTable[field].type === 'names' || fieldTable[field].type === 'states');

/** `a, b` without brackets: a blank behind a comma does not end it. */
const continuesList = (text: string, index: number): boolean => {
  let before = index - 1;
  while (isSpace(text[before])) before--;
  if (text[before] !== ',') return false;
  let next = index;
  while (isSpace(text[next])) next++;
  return !isFieldStart(text, next) && !isComment(text, next);
};

/** Index behind the value; undefined where it is not closed. */
function findValueEnd(brackets: Brackets, start: number, field: FieldName | undefined): number | undefined {
  const { text } = brackets;
  const first = text[start] ?? '';
  // Behind a blank the next field begins: this one is empty.
  if (isFieldStart(text, start)) return start;
  if (first === '"' || first === "'") return skipQuoted(text, start);
  if (field === 'pattern') return findPatternEnd(text, start);
  if (first === '[' || first === '{') {
    const behind = brackets.endOf(start);
    if (behind === undefined) return undefined;
  }
  const end = findOutsideBrackets(
    text,
    start,
    (index) => {
      if ('([{'.includes(text[index] ?? '') && brackets.endOf(index) === undefined) return true;
      if (runsOn(field)) return isFieldStart(text, index) || isComment(text, index);
      return isSpace(text[index]) && !(isList(field) && continuesList(text, index));
    },
    brackets,
  );
  return '([{'.includes(text[end] ?? ' ') ? undefined : end;
}

/** A bare pattern: brackets of a pattern are its own. */
function findPatternEnd(text: string, start: number): number {
  for (let index = start; index < text.length; index++) {
    if (isFieldStart(text, index) || isComment(text, index)) return index;
  }
  return text.length;
}

/** Of a bare value that runs on. */
function findUnquoted(value: MappedText, field: FieldName | undefined, behind: string): Problem[] {
  const { text } = value;
  const problems: Problem[] = [];
  const isAction = field !== undefined && fieldTable[field].type === 'actions';
  const hasWords = isAction ? /^[\w-]+\s+(?![\s(]|if\b)/.test(text) : /\s/.test(text);
  // A call with a condition is plain enough; it is told, but not as a warning.
  const hasCondition = isAction && !text.startsWith('[') && /\sif[\s("']/.test(text);
  if (hasWords || hasCondition) {
    const quoted = quoteText(text);
    const fix = quoted && { title: 'Quote the value', edits: [{ span: spanOf(value), newText: quoted }] };
    problems.push(
      toProblem(
        'unquoted-value',
        spanOf(value),
        'This value has blanks and is not quoted; it is taken to run on to the next field.',
        'Quote it.',
        { ...(fix && { fix }), ...(!hasWords && { severity: 'hint' as const }) },
      ),
    );
  }
  const type = field === undefined ? undefined : fieldTable[field].type;
  if (/^\s*#/.test(behind) && (type === 'pattern' || type === 'condition'))
    problems.push(toHashProblem(value));
  return problems;
}

export function toHashProblem(value: MappedText): Problem {
  return toProblem(
    'unquoted-hash',
    spanOf(value),
    'This value is not quoted and ends at " #": what follows counts as a comment.',
    'Quote the value if "#" belongs to it.',
  );
}
