// What is wrong with #SBATCH lines: what sbatch refuses, what it ignores without a word, and output nobody can follow.
import { findNearest } from '../nearest';
import { toProblem, type Fix, type Problem } from '../problem';
import { lineEndOf, type Span } from '../text';
import { findReplacements } from './filenamePattern';
import type { SbatchLine } from './lines';
import { findStopProblems } from './lineProblems';
import { mistakenNames, sbatchNames, sbatchRow, type SbatchOption } from './optionTable';
import { describeKind, isValueOf } from './values';
import { cutWord, type Word } from './words';
import type { WrittenOption } from './writtenOptions';

/** What the watchers of the script read. */
export interface Watched {
  readonly stdout: boolean;
  readonly stderr: boolean;
}

export function findSbatchProblems(
  script: string,
  lines: readonly SbatchLine[],
  watched: Watched,
): readonly Problem[] {
  const read = lines.filter(({ ignored }) => ignored === null);
  const written = read.filter(({ span }) => !isTemplate(script.slice(span.start, span.end)));
  const options = written.flatMap((line) => line.options);
  const first = written.filter(({ component }) => component === 0).flatMap((line) => line.options);
  return [
    ...lines.flatMap((line) => (line.ignored === null ? [] : findIgnored(script, line, read.at(-1)))),
    ...written.flatMap((line) => findStopProblems(script, line)),
    ...options.flatMap(checkOption),
    ...findLostOutput(first, watched),
    ...findSharedOutput(first),
  ];
}

/** A line that another program fills in before sbatch sees it. */
const isTemplate = (text: string): boolean => /\{\{|\{%|<%/.test(text);

/** A line without an option is prose about #SBATCH. */
function findIgnored(script: string, line: SbatchLine, lastRead: SbatchLine | undefined): Problem[] {
  if (!line.options.some(({ options }) => options.length > 0)) return [];
  if (line.ignored === 'indented') {
    const { start } = line.span;
    const margin = { start: script.lastIndexOf('\n', start - 1) + 1, end: start };
    const fix = { title: 'Remove the blanks before it', edits: [{ span: margin, newText: '' }] };
    const message = 'sbatch ignores this line: #SBATCH must stand at the beginning of a line.';
    return [toProblem('sbatch-ignored', line.span, message, 'Remove the blanks before it.', { fix })];
  }
  const message = 'sbatch ignores this line: it reads options only before the first command.';
  const remedy = 'Move it above the first command.';
  return [toProblem('sbatch-ignored', line.span, message, remedy, { fix: toMove(script, line, lastRead) })];
}

/** Behind the last line that is read, or behind the first line of the script. */
function toMove(script: string, { span }: SbatchLine, lastRead: SbatchLine | undefined): Fix {
  const lineEnd = (from: number): number => {
    const newline = script.indexOf('\n', from);
    return newline === -1 ? script.length : newline + 1;
  };
  const target = lastRead ? lineEnd(lastRead.span.end) : script.startsWith('#!') ? lineEnd(0) : 0;
  const whole = { start: script.lastIndexOf('\n', span.start - 1) + 1, end: lineEnd(span.end) };
  return {
    title: 'Move it above the first command',
    edits: [
      {
        span: { start: target, end: target },
        newText: script.slice(span.start, span.end) + lineEndOf(script),
      },
      { span: whole, newText: '' },
    ],
  };
}

function checkOption(written: WrittenOption): readonly Problem[] {
  const { name, options } = written;
  const [option, ...others] = options;
  if (!option) return [toUnknown(written)];
  if (others.length > 0)
    return [
      toProblem(
        'sbatch-unknown-option',
        name,
        `"${name.text}" can be any of ${options.map((one) => `--${one}`).join(', ')}.`,
        'Write the whole name.',
      ),
    ];
  return checkValue(written, option);
}

function toUnknown({ name }: WrittenOption): Problem {
  const code = 'sbatch-unknown-option';
  if (!name.text.startsWith('--'))
    return toProblem(
      code,
      name,
      `sbatch has no option "${name.text}".`,
      'Write an option, such as --time=60.',
    );
  const plain = name.text.slice(2);
  const nearest = mistakenNames.get(plain) ?? findNearest(plain, sbatchNames);
  if (nearest !== undefined) {
    const fix = { title: `Write --${nearest}`, edits: [{ span: toSpan(name), newText: `--${nearest}` }] };
    const message = `sbatch has no option "${name.text}": did you mean "--${nearest}"?`;
    return toProblem(code, name, message, `Write --${nearest}.`, { fix });
  }
  const message = `sbatch itself has no option "${name.text}"; a plugin of the cluster may.`;
  return toProblem(code, name, message, 'Check the name.', { severity: 'information' });
}

const toSpan = ({ start, end }: Span): Span => ({ start, end });

/** Filled in by other programs before sbatch sees them: nothing can be said about such values. */
const isPlaceholder = (text: string): boolean => /[{}<>@$]/.test(text);

/** sbatch expands no variables; these are certainly meant as such. */
const variable = /\$\{?(?:HOME|USER|LOGNAME|PWD|SCRATCH|WORK|TMPDIR|SLURM_\w+)\b\}?/;

function checkValue(written: WrittenOption, option: SbatchOption): readonly Problem[] {
  const { name, value } = written;
  const code = 'sbatch-bad-value';
  const row = sbatchRow(option);
  if (row.value === 'none')
    return value ? [toProblem(code, value, `--${option} takes no value.`, 'Remove the value.')] : [];
  if (!value || value.text === '')
    return row.optional || (value && row.nothing)
      ? []
      : [toProblem(code, name, `--${option} needs a value.`, `Write --${option}=${row.example ?? '…'}.`)];
  if (!name.text.startsWith('--') && value.text.startsWith('=')) return [toAttachedEquals(written, value)];
  const used = variable.exec(value.text);
  if (used)
    return [
      toProblem(
        code,
        value,
        `sbatch expands no variables: ${used[0]} stays as it is written.`,
        'Write the value itself; in file names %u is the user and %j the number of the job.',
      ),
    ];
  if (isPlaceholder(value.text) || isValueOf(row, value.text)) return checkReplacements(option, value);
  const kind = describeKind(row);
  return [toProblem(code, value, `"${value.text}" is not a value for --${option}.`, `Write a ${kind}.`)];
}

/** `-p=gpu`: only long options have an equals sign of their own. */
function toAttachedEquals({ name }: WrittenOption, value: Word): Problem {
  const without = value.text.slice(1);
  const fix = {
    title: 'Remove the equals sign',
    edits: [{ span: toSpan(cutWord(value, 0, 1)), newText: '' }],
  };
  return toProblem(
    'sbatch-bad-value',
    value,
    `sbatch takes the equals sign as part of the value: "${value.text}".`,
    without === '' ? `Write the value after ${name.text}.` : `Write ${name.text} ${without}.`,
    without === '' ? {} : { fix },
  );
}

/** A backslash that sbatch takes away says that the percent sign is meant as such. */
const isEscaped = ({ places, start }: Word, index: number): boolean =>
  places !== undefined && (places[index]?.at ?? start) > (places[index - 1]?.at ?? start - 1) + 1;

function checkReplacements(option: SbatchOption, value: NonNullable<WrittenOption['value']>): Problem[] {
  if (sbatchRow(option).value !== 'path') return [];
  return findReplacements(value.text)
    .filter(({ meaning, start }) => meaning === undefined && !isEscaped(value, start))
    .map(({ letter }) =>
      toProblem(
        'sbatch-bad-value',
        value,
        `sbatch replaces no %${letter}; it stays in the file's name.`,
        'Use %j, %x, %A, %a, %u, %N, %n, %s, %t, or %% for a percent sign.',
      ),
    );
}

const lastOf = (options: readonly WrittenOption[], wanted: SbatchOption): WrittenOption | undefined =>
  options.filter(({ options: [first, ...others] }) => first === wanted && others.length === 0).at(-1);

/** Errors go where output goes, unless --error says otherwise. */
function findLostOutput(options: readonly WrittenOption[], { stdout, stderr }: Watched): Problem[] {
  const output = lastOf(options, 'output')?.value;
  const error = lastOf(options, 'error')?.value;
  const lost = [stdout || (stderr && !error) ? output : undefined, stderr ? error : undefined];
  return lost
    .filter((value) => value !== undefined && /^\/dev\/(?:null|zero|full)$/.test(value.text))
    .flatMap((value) => value ?? [])
    .map((value) =>
      toProblem(
        'sbatch-output',
        value,
        `What goes to ${value.text} cannot be watched.`,
        'Write a file, such as logs/%x-%j.out.',
      ),
    );
}

function findSharedOutput(options: readonly WrittenOption[]): Problem[] {
  if (!lastOf(options, 'array')) return [];
  return (['output', 'error'] as const).flatMap((name) => {
    const value = lastOf(options, name)?.value;
    if (!value || value.text.startsWith('/dev/') || isPlaceholder(value.text)) return [];
    if (findReplacements(value.text).some(({ letter }) => 'ajJ'.includes(letter))) return [];
    const message = 'All tasks of the array write to this one file and overwrite what others wrote.';
    return [toProblem('sbatch-output', value, message, 'Write %A and %a into its name, as in %x-%A_%a.out.')];
  });
}
