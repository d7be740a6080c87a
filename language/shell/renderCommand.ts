// The command of run_command with captured values in it as data, or why it must not run.
import { becomesProgram, plainWord, quoteValue } from '../shellQuote';
import { ShellScanner } from '../shellScanner';
import { walkTemplate, type TemplateValues } from '../template';
import { countBytes } from './bytes';
import { isRefusedPlace } from './captureUses';
import type { Refusal } from './operands';

export interface RefusedValue extends Refusal {
  /** Name of the capture, or the number of the group; empty if it is the command as a whole. */
  readonly name: string;
}

/** Nothing may run if one value is refused. */
export type RenderedCommand = { readonly text: string } | { readonly refusals: readonly RefusedValue[] };

/** Bytes of a rendered command. Linux gives a program at most 131,071 in one argument: the rest is for what runs it. */
export const longestRendered = 120_000;

const shell = String.raw`(?:\S*/)?(?:(?:ba|da|a|z|k|c|tc|fi)?sh|busybox)`;
const interpreter = String.raw`(?:${shell}|(?:\S*/)?(?:python[\d.]*|perl|ruby|node|Rscript|julia|lua))`;
const end = String.raw`\s*(?:$|[\n;&|)}])`;
/** Longer commands are not looked through for what follows; they are taken for such. */
const longestRead = 2000;
/**
 * Commands that get their program from others, through a pipe, a here-string or a substitution; and those that have bash
 * evaluate whatever is assigned to a variable from then on.
 */
const hiddenProgram = new RegExp(
  [
    String.raw`\|&?\s*(?:(?:sudo|env|exec|command|nohup|time)\s+(?:-\S+\s+)*|\w+=\S*\s+)*${interpreter}(?:\s+-\w*)*${end}`,
    String.raw`\|&?\s*(?:\S*/)?ssh(?:\s+-\S+)*\s+\S+${end}`,
    String.raw`\b(?:xargs|parallel)\b`,
    String.raw`\|&?\s*(?:\S*/)?(?:at|batch|crontab|ed|ex|vim?|bc|dc|gdb|s?ftp|lftp|sqlite3|psql|mysql|gnuplot|octave|matlab|R|m4|make|mailx?|nc)\b`,
    String.raw`\|[^\n;]*\s(?:-f|--file)\s*-(?:\s|$)`,
    String.raw`(?:^|[\s;&|(])(?:${interpreter}|source|\.)\s[^\n;&|]*(?:<<<|<\()`,
    String.raw`\beval\b[^\n;&|]*(?:\$\(|\`)`,
    String.raw`${interpreter}\s+-\w*[ce]\b[^\n;]*(?:\$\(|\`)`,
    String.raw`\b(?:declare|typeset|local|export|readonly)\s[^\n;&|]*-\w*i`,
  ].join('|'),
);

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
  remedy: 'Have the pattern capture less.',
};

/** Inserts variables as data, whatever quotes stand around them. Source: section 6 of the language. */
export function renderCommand(command: string, values: TemplateValues): RenderedCommand {
  const refusals: RefusedValue[] = [];
  const scanner = new ShellScanner();
  const isProgram = command.length > longestRead || hiddenProgram.test(command);
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
      const quoted = isRefusedPlace(scanner)
        ? asDocument
        : isProgram && scanner.place !== 'comment' && !plainWord.test(value)
          ? becomesProgram
          : isProgram && /^(?:-|$)/.test(value)
            ? asInput
            : quoteValue(value, scanner);
      scanner.takeValue(value === '');
      if ('reason' in quoted) refusals.push({ name, ...quoted });
      else result += quoted.text;
    },
  });
  if (refusals.length > 0) return { refusals };
  return isTooLong || countBytes(result) > longestRendered ? { refusals: [tooLong] } : { text: result };
}
