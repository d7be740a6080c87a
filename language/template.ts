// Variables in parameters: `$1`, `$name`, `${name:-default}`; one pass, longest name, nothing expanded twice.

export interface TemplateValues {
  /** The matched text, then the groups in their order. */
  readonly groups: readonly (string | null)[];
  /** Nothing was matched: `$1` and the like are empty then, instead of staying as they are. */
  readonly isUnmatched?: boolean;
  /** Captures and built-in names; null is a capture that has no value yet. Other names stay as they are. */
  readonly variables: Readonly<Record<string, string | null>>;
}

export interface VariableUse {
  /** A name, or digits for a group. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly operator: ':-' | ':+' | undefined;
  /** What follows the operator: a template itself. */
  readonly word: string;
  readonly wordStart: number;
}

/** Takes a template in its order, as it comes out. */
export interface TemplateSink {
  /** What the author wrote. */
  text(text: string): void;
  /** What is inserted. */
  value(value: string, use: VariableUse): void;
  /** Whether a `$` at this place is no variable. */
  readonly isEscaped?: boolean;
}

const pattern = /\$\$|\$(?:([A-Za-z_]\w*|\d+)|\{([A-Za-z_]\w*|\d+)(\}|:[-+]))/g;

const none: readonly VariableUse[] = [];

/** Every `$name` and `${…}` in the text, but those inside the words of others; `$$` is none. */
export function findVariables(text: string): readonly VariableUse[] {
  if (!text.includes('$')) return none;
  const uses: VariableUse[] = [];
  const braces = text.includes('${') ? findBraces(text) : undefined;
  let from = 0;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const { index, 0: whole, 1: plain, 2: braced, 3: behind } = found;
    if (index < from || whole === '$$') continue;
    const wordStart = index + whole.length;
    const operator = behind === ':-' || behind === ':+' ? behind : undefined;
    const end = operator ? braces?.get(index) : wordStart;
    if (end === undefined) continue;
    const word = operator ? text.slice(wordStart, end - 1) : '';
    uses.push({ name: plain ?? braced ?? '', start: index, end, operator, word, wordStart });
    from = end;
  }
  return uses;
}

/** Words in words in words: deeper ones are plain text. */
export const deepestWord = 20;

/** The same with those inside of words. */
export function findAllVariables(text: string, depth = 0): readonly VariableUse[] {
  const uses = findVariables(text);
  if (depth >= deepestWord || uses.every(({ word }) => word === '')) return uses;
  return uses.flatMap((use) => [
    use,
    ...findAllVariables(use.word, depth + 1).map((inner) => ({
      ...inner,
      start: use.wordStart + inner.start,
      end: use.wordStart + inner.end,
      wordStart: use.wordStart + inner.wordStart,
    })),
  ]);
}

/** Indices behind the `}` of each `${`. */
function findBraces(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (const { index, 0: brace } of text.matchAll(/\$\{|\}/g)) {
    const begin = brace === '}' ? open.pop() : undefined;
    if (brace !== '}') open.push(index);
    else if (begin !== undefined) ends.set(begin, index + 1);
  }
  return ends;
}

/** Source: section 6 of the language. A name that nobody knows stays as it is, for the shell. */
export function walkTemplate(text: string, values: TemplateValues, sink: TemplateSink, depth = 0): void {
  let from = 0;
  for (const use of depth > deepestWord ? [] : findVariables(text)) {
    sink.text(text.slice(from, use.start));
    from = use.end;
    const value = sink.isEscaped ? undefined : findTemplateValue(use.name, values);
    if (value === undefined)
      leave(text, use, sink, (word) => {
        walkTemplate(word, values, sink, depth + 1);
      });
    else if (use.operator === undefined) sink.value(value, use);
    else if ((use.operator === ':-') === (value === '')) walkTemplate(use.word, values, sink, depth + 1);
    else if (use.operator === ':-') sink.value(value, use);
  }
  sink.text(text.slice(from));
}

/** A name for the shell; what its word holds may be ours. */
function leave(text: string, use: VariableUse, sink: TemplateSink, walk: (word: string) => void): void {
  sink.text(text.slice(use.start, use.wordStart));
  if (use.operator === undefined) return;
  walk(use.word);
  sink.text(text.slice(use.end - 1, use.end));
}

/** Undefined for a name that nobody knows; empty for a group or capture without a value. */
export function findTemplateValue(
  name: string,
  { groups, isUnmatched, variables }: TemplateValues,
): string | undefined {
  if (/^\d/.test(name))
    return isUnmatched === true || Number(name) < groups.length ? (groups[Number(name)] ?? '') : undefined;
  return Object.hasOwn(variables, name) ? (variables[name] ?? '') : undefined;
}

/** A parameter is cut behind this many characters: a captured line may be long, and inserted many times. */
export const longestParameter = 1 << 20;

/**
 * The text of a parameter, with its variables inserted as they are; one that is cut says so at its end. For a shell, see
 * `substituteCommand`.
 */
export function substitute(text: string, values: TemplateValues): string {
  let result = '';
  let length = 0;
  const append = (piece: string): void => {
    if (length < longestParameter) result += piece.slice(0, longestParameter - length);
    length += piece.length;
  };
  walkTemplate(text, values, { text: append, value: append });
  return length <= longestParameter ? result : `${result} [cut: it has ${length} characters]`;
}
