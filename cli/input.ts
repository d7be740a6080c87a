// What commands read: files, or standard input where the path is "-", as bytes, text or lines.
import { readFile } from 'node:fs/promises';
import { WatchError } from '../engine/errors';

/** Standard input; tests give their own. */
export type Input = AsyncIterable<Uint8Array | string>;

export interface InputPlace {
  readonly input: Input;
}

/** How standard input is called in what is printed. */
export const nameOf = (path: string): string => (path === '-' ? '<stdin>' : path);

/** Throws bad-request with the reason. */
export async function readBytes(path: string, { input }: InputPlace): Promise<Uint8Array> {
  return path === '-'
    ? readAll(input)
    : readOrExplain(path, 'Check the path; "-" stands for standard input.');
}

/** The text of a file, where standard input cannot be meant. Throws bad-request with the reason. */
export const readFileText = async (path: string): Promise<string> =>
  toExactText(path, await readOrExplain(path, 'Check the path.'));

/** The text of these bytes, which gives the same bytes again. Throws bad-request where there is none. */
export function toExactText(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new WatchError(
      'bad-request',
      `${nameOf(path)} is not UTF-8.`,
      'Convert it to UTF-8 first, with iconv for example.',
      error,
    );
  }
}

async function readOrExplain(path: string, remedy: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new WatchError('bad-request', `Cannot read ${path}: ${whyUnreadable(error)}.`, remedy, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'you may not read it',
};

/** The system's reason in words; what is rare keeps the system's own. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

/** The text of a file or of standard input; what is not UTF-8 in it is replaced. Throws bad-request with the reason. */
export async function readText(path: string, place: InputPlace): Promise<string> {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readBytes(path, place));
}

async function readAll(input: Input): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Lines as they come in. Only `\n` ends one: JSON may hold the line ends of Unicode. */
export async function* readLines(input: Input): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let pieces: string[] = [];
  for await (const chunk of input) {
    const text = decoder.decode(Buffer.from(chunk), { stream: true });
    const [first = '', ...others] = text.split('\n');
    pieces.push(first);
    for (const other of others) {
      yield pieces.join('');
      pieces = [other];
    }
  }
  const rest = pieces.join('') + decoder.decode();
  if (rest !== '') yield rest;
}
