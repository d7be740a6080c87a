// Where the cursor stands inside of a value: in an action, a parameter, a condition, a pattern, a list or a word.
import { findLastName, findTail } from '../language/textEnd';
import { findAction, findParam, type ActionType, type ParamRow } from '../language/actionTable';
import { skipBrackets, splitAtCommas } from '../language/scan';
import { fieldTable, type FieldName } from '../language/schema';

/** `from` is the column where the word under the cursor begins. */
export type ValueCursor = { readonly from: number } & (
  | { readonly kind: 'value'; readonly field: FieldName }
  /** Nothing of the pattern is written yet; with its quote, or '' where none is open. */
  | { readonly kind: 'pattern'; readonly quote: string }
  | { readonly kind: 'condition' }
  /** Behind the dot of a method. */
  | { readonly kind: 'method' }
  | { readonly kind: 'action' }
  /** Behind a whole action: `if`. */
  | { readonly kind: 'actionEnd' }
  | { readonly kind: 'param'; readonly action: ActionType; readonly written: readonly ParamRow[] }
  | { readonly kind: 'paramValue'; readonly param: ParamRow }
  /** At `$`; `braced` behind `${`. */
  | { readonly kind: 'variable'; readonly braced: boolean }
);

export function findInValue(text: string, start: number, field: FieldName): ValueCursor | undefined {
  const value = text.slice(start);
  switch (fieldTable[field].type) {
    case 'actions':
      return findInActions(text, start);
    case 'condition':
      return findInCondition(text, start);
    case 'pattern':
      return /^["']?$/.test(value) ? { kind: 'pattern', quote: value, from: text.length } : undefined;
    default: {
      const word = /^\[?(?:[\w"' -]*,)*[ \t"']*(\w*)$/.exec(value);
      return word ? { kind: 'value', field, from: text.length - (word[1]?.length ?? 0) } : undefined;
    }
  }
}

/** One action, or the last of a list. */
function findInActions(text: string, start: number): ValueCursor | undefined {
  if (text[start] !== '[') return findInAction(text, start);
  const last = splitAtCommas(text.slice(start + 1)).at(-1);
  return findInAction(text, start + 1 + (last?.start ?? 0));
}

export function findInAction(text: string, begin: number): ValueCursor | undefined {
  const start = begin + (/^[ \t]*/.exec(text.slice(begin))?.[0].length ?? 0);
  if (/^[\w-]*$/.test(text.slice(start))) return { kind: 'action', from: start };
  const call = /^([\w-]+)[ \t]*(\(|(?=[ \t]))/.exec(text.slice(start));
  const action = call && findAction(call[1] ?? '');
  if (!action) return undefined;
  const open = start + call[0].length;
  const close = call[2] === '(' ? skipBrackets(text, open - 1) : open;
  return close === undefined ? findInParams(text, open, action) : findBehindAction(text, close);
}

function findBehindAction(text: string, close: number): ValueCursor | undefined {
  const rest = text.slice(close);
  const condition = /^[ \t]*if(?=[ \t"'(])[ \t]*/.exec(rest);
  if (condition) return findInCondition(text, close + condition[0].length);
  const word = /^[ \t]+(i?f?)$/.exec(rest);
  return word ? { kind: 'actionEnd', from: text.length - (word[1]?.length ?? 0) } : undefined;
}

function findInParams(text: string, open: number, action: ActionType): ValueCursor | undefined {
  const parts = splitAtCommas(text.slice(open)).map(({ start, end }) => text.slice(open + start, open + end));
  const last = parts.at(-1) ?? '';
  const variable = /\$(\{?)\w*$/.exec(last);
  if (variable && !/\$\$\w*$/.test(last))
    return { kind: 'variable', braced: variable[1] === '{', from: text.length - variable[0].length };
  const value = /^[ \t]*([\w-]+)[ \t]*=[ \t]*["']?(\w*)$/.exec(last);
  if (value) {
    const param = findParam(action, value[1] ?? '');
    return param && { kind: 'paramValue', param, from: text.length - (value[2]?.length ?? 0) };
  }
  const name = /^[ \t]*([\w-]*)$/.exec(last);
  if (!name) return undefined;
  const written = parts
    .slice(0, -1)
    .flatMap((part) => findParam(action, /^[ \t]*([\w-]+)[ \t]*=/.exec(part)?.[1] ?? '') ?? []);
  return { kind: 'param', action, written, from: text.length - (name[1]?.length ?? 0) };
}

/** Undefined inside of a text of the condition. */
function findInCondition(text: string, start: number): ValueCursor | undefined {
  const value = text.slice(start).replace(/^["']/, ' ');
  const outer = text[start] ?? '';
  if (isInText(value, outer)) return undefined;
  const name = findLastName(value);
  const from = start + name;
  if (value[name - 1] === '.') return endsObject(value, name - 1) ? { kind: 'method', from } : undefined;
  return /\d$/.test(text.slice(0, from)) ? undefined : { kind: 'condition', from };
}

/** Whether what may have methods ends there: a name, a text, or what was in brackets. */
function endsObject(text: string, end: number): boolean {
  const word = findTail(text, /\w/, end);
  return /[A-Za-z_)\]"']/.test(text.charAt(word < end ? word : end - 1));
}

/** Whether a quote other than the outer one is open. */
function isInText(value: string, outer: string): boolean {
  let open = '';
  for (const [character] of value.matchAll(/\\.|["']/g)) {
    const quote = character.at(-1) ?? '';
    if (quote !== '"' && quote !== "'") continue;
    if (open === '' && (quote !== outer || character.length > 1)) open = quote;
    else if (quote === open) open = '';
  }
  return open !== '';
}
