// How the command line talks: lines for people, JSON for programs, and the one place that turns an error into words.
import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { ConsentNeeded, toWatchError, type WatchError, type WatchErrorCode } from '../engine/errors';
import { describePowers } from '../language/consentWords';
import { toJson } from '../language/show/json';
import { toTerminal, type TerminalText } from '../language/show/terminal';
import { toVisibleLines } from '../language/show/visible';
import { toPowerJson } from './json';

/** 0 fine, 1 findings or failed, 2 wrong use, 3 cannot reach. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a line is made of: text of anybody, and text in a style. */
export type Piece = string | Painted;

/** Where a command writes: the one way to standard output and error. Nothing that it is given moves a terminal's cursor. */
export interface Output {
  /** A line on standard output. */
  line(...pieces: readonly Piece[]): void;
  /** A line on standard error: what is not the answer itself. */
  note(...pieces: readonly Piece[]): void;
  /** For programs: an object on one line, or for people too over several. */
  json(value: unknown, form?: 'line' | 'pretty'): void;
  /** The same on standard error. */
  jsonNote(value: unknown): void;
  /** Byte for byte, without a line end of its own; what a terminal would heed is made visible where one shows it. */
  raw(text: string): void;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Shown in its style where colours are. */
export interface Painted {
  readonly style: Style;
  readonly text: string;
}

export const paint = (style: Style, text: string): Painted => ({ style, text });

/** Standard output or error; tests give their own. */
export interface OutputStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Colours are for terminals alone, and not with NO_COLOR (https://no-color.org). */
export function createOutput(
  { stdout, stderr }: { readonly stdout: OutputStream; readonly stderr: OutputStream },
  environment: NodeJS.ProcessEnv,
): Output {
  const wantsColours = !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  const writeLine =
    (stream: OutputStream) =>
    (...pieces: readonly Piece[]): void => {
      const isColoured = stream.isTTY === true && wantsColours;
      stream.write(`${pieces.map((piece) => toShown(piece, isColoured)).join('')}\n`);
    };
  return {
    line: writeLine(stdout),
    note: writeLine(stderr),
    json: (value, form) => {
      stdout.write(`${toJson(value, form)}\n`);
    },
    jsonNote: (value) => {
      stderr.write(`${toJson(value)}\n`);
    },
    raw: (text) => {
      stdout.write(stdout.isTTY === true ? toVisibleLines(text) : text);
    },
  };
}

function toShown(piece: Piece, isColoured: boolean): TerminalText {
  if (typeof piece === 'string') return toTerminal(piece);
  const text = toTerminal(piece.text);
  // Who asks has looked at the stream already.
  return isColoured ? (styleText(piece.style, text, { validateStream: false }) as TerminalText) : text;
}

/** The same output on standard error: for what is not the answer itself. */
export const toNotes = (output: Output): Output => ({
  ...output,
  line: (...pieces) => {
    output.note(...pieces);
  },
  json: (value) => {
    output.jsonNote(value);
  },
});

/** Rows as columns of equal width; the last one is as long as it likes. */
export function toTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const shown: readonly (readonly string[])[] = [header, ...rows].map((row) => row.map(toTerminal));
  const widths = header.map((_, column) => Math.max(...shown.map((row) => (row[column] ?? '').length)));
  const toLine = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return shown.map(toLine);
}

/** With one more column at the end, if any row has something in it. */
export function withColumn(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { title, cells }: { readonly title: string; readonly cells: readonly (string | undefined)[] },
): [header: readonly string[], rows: readonly (readonly string[])[]] {
  if (cells.every((cell) => cell === undefined)) return [header, rows];
  return [[...header, title], rows.map((row, index) => [...row, cells[index] ?? ''])];
}

const unreachable: readonly WatchErrorCode[] = [
  'cluster-unreachable',
  'needs-sign-in',
  'engine-unreachable',
  'not-allowed',
  'submission-unknown',
  'timed-out',
];
const misused: readonly WatchErrorCode[] = ['bad-request', 'not-found', 'needs-consent'];

function toExitCode(error: WatchError): ExitCode {
  if (unreachable.includes(error.code)) return 3;
  return misused.includes(error.code) ? 2 : 1;
}

const misuseRemedy = 'See --help of the command.';

/** What commander says of a wrong use, as people read it. */
export const toMisuseText = (text: string): string =>
  `${toVisibleLines(text).trimEnd()}\n  ${misuseRemedy}\n`;

/** The same, as a program reads it. */
export function toMisuseJson(text: string): string {
  const message = text.trim().replace(/^error: /, '');
  return `${toJson({ error: { code: 'bad-request', message, remedy: misuseRemedy } })}\n`;
}

/** The boundary of the command line: says what happened and what to do, and gives the exit code. */
export function reportError(thrown: unknown, output: Output, json: boolean): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const error = toWatchError(thrown);
  const { code, message, remedy, cause } = error;
  const powers = error instanceof ConsentNeeded ? error.consent.powers : [];
  if (json)
    output.jsonNote({
      error: { code, message, remedy, ...(powers.length > 0 && { consent: powers.map(toPowerJson) }) },
    });
  else {
    const [first = '', ...more] = message.split(/\r?\n/);
    output.note(paint('red', 'error:'), ` ${first}`);
    // What sbatch or a login shell says over several lines looks like no line of ours.
    for (const line of more) output.note(`    ${line}`);
    for (const line of describePowers(powers)) output.note(`    ${line}`);
    output.note(`  ${remedy}`);
    if (code === 'internal' && cause instanceof Error)
      for (const line of (cause.stack ?? '').split('\n')) output.note(line);
  }
  return toExitCode(error);
}
