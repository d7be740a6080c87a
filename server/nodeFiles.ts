// The watcher files of a folder, read from this machine's disk.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TemplateFile } from './templateFiles';

/** Larger ones are no templates that somebody wrote. */
const largest = 1_000_000;

/** Those in `.vscode`; none where the folder is not on this machine, or cannot be read. */
export async function readTemplateFiles(folder: string): Promise<readonly TemplateFile[]> {
  if (!folder.startsWith('file:')) return [];
  const directory = join(fileURLToPath(folder), '.vscode');
  const names = await readdir(directory).catch((): string[] => []);
  const files = names
    .filter((name) => name.endsWith('.watchers.json'))
    .sort()
    .map(async (name) => ({ name, text: await readFile(join(directory, name), 'utf8').catch(() => '') }));
  return (await Promise.all(files)).filter(({ text }) => text !== '' && text.length <= largest);
}
