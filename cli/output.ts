// How the command line talks: plain lines for people, JSON for programs, and the one place that turns an error into words.
import { CommanderError } from 'commander';
import { toWatchError, type WatchError, type WatchErrorCode } from '../engine/errors';

/** 0 fine, 1 findings or failed, 2 wrong use, 3 cannot reach. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Where a command writes; tests give their own. */
export interface Output {
  /** A line on standard output. */
  line(text: string): void;
  /** Text on standard output as it is, without a line end of its own. */
  text(text: string): void;
  /** A line on standard error: what is not the answer itself. */
  note(text: string): void;
  /** Wraps text in a style where the terminal shows it. */
  paint(style: Style, text: string): string;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** Standard output and error; colours only on a terminal and without NO_COLOR (https://no-color.org). */
export function createOutput(
  streams: { readonly stdout: Stream; readonly stderr: Stream },
  environment: NodeJS.ProcessEnv,
): Output {
  const coloured = streams.stdout.isTTY && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return {
    line: (text) => void streams.stdout.write(`${text}\n`),
    text: (text) => void streams.stdout.write(text),
    note: (text) => void streams.stderr.write(`${streams.stderr.isTTY ? text : withoutPaint(text)}\n`),
    paint: (style, text) => (coloured ? `\x1b[${codes[style][0]}m${text}\x1b[${codes[style][1]}m` : text),
  };
}

/** What `paint` wraps around a text is taken off again. */
const withoutPaint = (text: string): string => text.replace(/\x1b\[\d+m/g, '');

/** The same output on standard error: for what is not the answer itself. */
export const toNotes = (output: Output): Output => ({
  ...output,
  line: (text) => {
    output.note(text);
  },
});

/** Text from a job with what would move the cursor or ring the bell made visible. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) =>
    character === '\t' ? ' ' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** Rows as columns of equal width; the last one is as long as it likes. */
export function toTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const toLine = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [header, ...rows].map(toLine);
}

const unreachable: readonly WatchErrorCode[] = [
  'cluster-unreachable',
  'needs-sign-in',
  'engine-unreachable',
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
export const toMisuseText = (text: string): string => `${text.trimEnd()}\n  ${misuseRemedy}\n`;

/** The same, as a program reads it. */
export function toMisuseJson(text: string): string {
  const message = text.trim().replace(/^error: /, '');
  return `${JSON.stringify({ error: { code: 'bad-request', message, remedy: misuseRemedy } })}\n`;
}

/** The boundary of the command line: says what happened and what to do, and gives the exit code. */
export function reportError(thrown: unknown, output: Output, json: boolean): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const error = toWatchError(thrown);
  if (json) {
    output.note(
      JSON.stringify({ error: { code: error.code, message: error.message, remedy: error.remedy } }),
    );
  } else {
    output.note(`${output.paint('red', 'error:')} ${error.message}`);
    output.note(`  ${error.remedy}`);
    if (error.code === 'internal' && error.cause instanceof Error) output.note(error.cause.stack ?? '');
  }
  return toExitCode(error);
}
