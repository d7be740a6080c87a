// The table of everything that can be wrong with a directive, and the shape in which it is told.
import type { Span } from './text';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

interface ProblemRow {
  readonly severity: Severity;
  /** What the code means in general, for the documentation; the message of a problem speaks of the case. */
  readonly summary: string;
}

/** One row per problem code of section 9 of the language: codes are stable, they are part of the interface. */
export const problemTable = {
  'crlf-script': { severity: 'warning', summary: 'The script has Windows line ends, which sbatch refuses.' },
  'unterminated-block': { severity: 'warning', summary: 'A #WATCHER_BEGIN has no #WATCHER_END.' },
  'stray-end': { severity: 'warning', summary: 'A #WATCHER_END closes no block.' },
  'nested-block': { severity: 'warning', summary: 'A block begins inside a block.' },
  'empty-block': { severity: 'warning', summary: 'A block or a directive is empty.' },
  'stray-text': { severity: 'warning', summary: 'A text is not a field and does not belong to one.' },
  'near-miss': { severity: 'warning', summary: 'A comment looks like a directive but is not one.' },
  'directive-in-heredoc': {
    severity: 'warning',
    summary: 'A directive stands inside a text of the program.',
  },
  'login-setup': {
    severity: 'error',
    summary: 'A login set-up is not closed, or contains something that has no meaning there.',
  },
  'unterminated-quote': { severity: 'error', summary: 'A quote, bracket or parenthesis is not closed.' },
  'unquoted-value': { severity: 'warning', summary: 'A value with blanks is not quoted.' },
  'unquoted-hash': { severity: 'warning', summary: 'A value that is not quoted ends at " #".' },
  'duplicate-field': {
    severity: 'warning',
    summary: 'A field or parameter is written twice; the last one counts.',
  },
  'duplicate-name': { severity: 'warning', summary: 'Two watchers of a script have the same name.' },
  'unknown-field': { severity: 'warning', summary: 'No such field.' },
  'unknown-action': { severity: 'error', summary: 'No such action.' },
  'unknown-parameter': { severity: 'warning', summary: 'The action has no such parameter.' },
  'missing-parameter': { severity: 'error', summary: 'A required parameter is missing.' },
  'bad-value': { severity: 'error', summary: 'A value cannot be read; it counts as not written.' },
  'out-of-range': { severity: 'error', summary: 'A value is out of its bounds; it counts as not written.' },
  'unknown-state': { severity: 'warning', summary: 'Slurm has no such job state.' },
  'timer-with-job-end': { severity: 'warning', summary: 'Timer mode and job end exclude each other.' },
  'cancel-before-resubmit': { severity: 'warning', summary: 'cancel_job stands before resubmit.' },
  'resubmit-without-limit': {
    severity: 'information',
    summary: 'The default cap of three resubmissions holds.',
  },
  'missing-pattern': { severity: 'error', summary: 'A watcher needs a pattern, or the end of the job.' },
  'bad-regex': { severity: 'error', summary: 'The pattern is not a valid Python regular expression.' },
  'unsupported-regex': { severity: 'error', summary: 'The pattern cannot be run with its exact meaning.' },
  'risky-regex': { severity: 'warning', summary: 'The pattern can take very long on some lines.' },
  'matches-everything': { severity: 'warning', summary: 'The pattern matches every line.' },
  'cross-line-pattern': { severity: 'warning', summary: 'The pattern can only match across lines.' },
  'double-escaped': { severity: 'warning', summary: 'A backslash is escaped where a class was meant.' },
  'capture-count': { severity: 'warning', summary: 'Capture names and groups differ in number.' },
  'bad-capture-name': { severity: 'error', summary: 'A capture name is not an identifier.' },
  'shadowed-name': { severity: 'warning', summary: 'A capture has the name of something built in.' },
  'unknown-variable': { severity: 'information', summary: 'A $ name is neither a capture nor built in.' },
  'unused-capture': { severity: 'hint', summary: 'A capture is used nowhere.' },
  'capture-in-backquotes': { severity: 'error', summary: 'A captured value stands where it cannot be data.' },
  'capture-assigned-by-script': { severity: 'warning', summary: 'The script itself assigns this name.' },
  'command-not-allowed': { severity: 'information', summary: 'The command asks for consent at submission.' },
  'capture-as-operand': {
    severity: 'warning',
    summary: 'A captured value decides what a command runs, loads, sends or overwrites.',
  },
  'bad-condition': { severity: 'error', summary: 'The condition is not a supported Python expression.' },
  'unknown-name': { severity: 'error', summary: 'The condition uses a name that nothing defines.' },
  'string-compared-with-number': {
    severity: 'error',
    summary: 'Captures are text; Python refuses to order text and numbers.',
  },
  'positional-in-condition': {
    severity: 'error',
    summary: 'A condition cannot use $1; the group needs a name.',
  },
  'never-true': { severity: 'warning', summary: 'A comparison can never hold.' },
  'sbatch-bad-line': { severity: 'warning', summary: 'sbatch cannot read an #SBATCH line.' },
  'sbatch-unknown-option': { severity: 'warning', summary: 'sbatch has no such option.' },
  'sbatch-bad-value': { severity: 'warning', summary: 'sbatch cannot read the value of an option.' },
  'sbatch-ignored': { severity: 'warning', summary: 'sbatch silently ignores this #SBATCH line.' },
  'sbatch-output': {
    severity: 'warning',
    summary: 'The output of the job cannot be watched, or its tasks overwrite each other.',
  },
  'bad-json': { severity: 'error', summary: 'A watcher file is not valid JSON.' },
  'ignored-by-ssync': { severity: 'hint', summary: 'ssync would drop this.' },
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof problemTable;

export const problemCodes = Object.keys(problemTable) as readonly ProblemCode[];

/** A change of the script that repairs a problem. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly newText: string }[];
}

export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly span: Span;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
  readonly fix?: Fix;
}

/** Whether it keeps the directive from being watched. */
export const isError = ({ severity }: Pick<Problem, 'severity'>): boolean => severity === 'error';

/** A problem with the severity that its table row gives, unless `severity` says otherwise. */
export function toProblem(
  code: ProblemCode,
  { start, end }: Span,
  message: string,
  remedy: string,
  extra: { readonly fix?: Fix; readonly severity?: Severity } = {},
): Problem {
  const { severity = problemTable[code].severity, fix } = extra;
  return { code, severity, span: { start, end }, message, remedy, ...(fix === undefined ? {} : { fix }) };
}
