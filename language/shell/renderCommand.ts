// The command of run_command with captured values in it as data, or why it must not run.
import { becomesProgram, plainWord, quoteValue, readsAgain } from '../shellQuote';
import { ShellScanner } from '../shellScanner';
import { findTemplateValue, walkTemplate, type TemplateValues } from '../template';
import { countBytes } from './bytes';
import { isRefusedPlace } from './captureUses';
import { hasHiddenProgram } from './hiddenProgram';
import { captureLess, type Refusal } from './operands';
import { walkHeldValues, type HeldValue } from './heldValues';
import { findReadingAgain, notPlain, rules, shellInput, type ReadingAgain } from './readAgain';

export interface RefusedValue extends Refusal {
  /** Name of the capture, or the number of the group; empty if it is the command as a whole. */
  readonly name: string;
}

/** Nothing may run if one value is refused. */
export type RenderedCommand = { readonly text: string } | { readonly refusals: readonly RefusedValue[] };

/** Bytes of a rendered command. Linux gives a program at most 131,071 in one argument: the rest is for what runs it. */
export const longestRendered = 120_000;

const asDocument: Refusal = {
  reason: 'it stands inside back-quotes or a here-document',
  remedy: 'Write $(…) instead of back-quotes, or printf and a pipe instead of a here-document.',
};

const asInput: Refusal = {
  reason: 'it is empty or begins with "-" where another program takes its arguments from what it reads',
  remedy: 'Write text before it, or give it to the program as an argument.',
};

const tooLong: RefusedValue = {
  name: '',
  reason: `the command is longer than ${longestRendered} bytes with its values, which programs cannot be given`,
  remedy: captureLess,
};

/** Inserts variables as data, whatever quotes stand around them. Source: section 6 of the language. */
export function renderCommand(command: string, values: TemplateValues): RenderedCommand {
  const refusals: RefusedValue[] = [];
  const scanner = new ShellScanner();
  const isProgram = hasHiddenProgram(command);
  const readingAgain = findReadingAgain(command, values);
  let result = '';
  let isTooLong = false as boolean;
  walkTemplate(command, values, {
    get isEscaped() {
      return scanner.isEscaped;
    },
    text: (text) => {
      scanner.take(text);
      result += text;
    },
    value: (value, { name }) => {
      isTooLong ||= value.length > longestRendered || result.length > longestRendered;
      if (isTooLong) return;
      const isComment = scanner.place === 'comment';
      const written = isRefusedPlace(scanner)
        ? asDocument
        : isProgram && !isComment && !plainWord.test(value)
          ? becomesProgram
          : isProgram && /^(?:-|$)/.test(value)
            ? asInput
            : quoteValue(value, scanner);
      const quoted = 'reason' in written || isComment ? written : (judge(value, readingAgain) ?? written);
      scanner.takeValue(value === '');
      if ('reason' in quoted) refusals.push({ name, ...quoted });
      else result += quoted.text;
    },
  });
  if (!isTooLong) refusals.push(...findHeldRefusals(command, values, refusals));
  if (refusals.length > 0) return { refusals };
  return isTooLong || countBytes(result) > longestRendered ? { refusals: [tooLong] } : { text: result };
}

/** Of values that come to where they are judged by variables, the environment or substitutions. */
function findHeldRefusals(
  command: string,
  values: TemplateValues,
  found: readonly RefusedValue[],
): readonly RefusedValue[] {
  const refusals = new Map<string, RefusedValue>();
  const known = new Set(found.map(({ name }) => name));
  const find = (name: string): string | undefined => findTemplateValue(name, values);
  walkHeldValues(
    command,
    (name) => find(name) !== undefined,
    (held, scanner) => {
      if (known.has(held.name) || refusals.has(held.name)) return;
      const refusal = findHeldRefusal(find(held.name) ?? '', held, scanner);
      if (refusal) refusals.set(held.name, { name: held.name, ...refusal });
    },
  );
  return [...refusals.values()];
}

/** Maximum number of words of a value that the shell splits: values with more are refused. */
const mostWords = 50;

function findHeldRefusal(value: string, { isFirm }: HeldValue, scanner: ShellScanner): Refusal | undefined {
  if (/^(?:comment|arithmetic)$/.test(scanner.place)) return undefined;
  if (scanner.place === 'backquote') return asDocument;
  if (scanner.place === 'document') return undefined;
  const words = scanner.place === 'plain' ? value.split(/[ \t\n]+/) : [value];
  if (words.length > mostWords) return notPlain;
  const looked = readsAgain(scanner) ? [value, ...words] : words;
  for (const word of looked) {
    const quoted = quoteValue(isFirm ? `a${word}` : word, scanner);
    if ('reason' in quoted) return quoted;
  }
  return undefined;
}

function judge(value: string, readingAgain: ReadingAgain): Refusal | undefined {
  if (readingAgain === 'never') return rules;
  if (readingAgain === 'input') return shellInput;
  return readingAgain === 'plain' && !plainWord.test(value) ? notPlain : undefined;
}
