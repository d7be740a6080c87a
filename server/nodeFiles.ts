// The watcher files of a folder, read from this machine's disk: it may be a folder that nobody trusts.
import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TemplateFile } from './templateFiles';

/** Larger ones are no templates that somebody wrote, bytes. */
const largest = 1_000_000;
/** Of a folder: files, and characters of all of them. */
const [mostFiles, mostText] = [100, 5_000_000];

/**
 * Those in `.vscode`; none if the folder is not on this machine, or cannot be read. Only plain files within the folder: what
 * else may have such a name can lead anywhere, or never end.
 */
export async function readTemplateFiles(folder: string): Promise<readonly TemplateFile[]> {
  if (!folder.startsWith('file:')) return [];
  try {
    const root = await realpath(fileURLToPath(folder));
    const directory = await realpath(join(root, '.vscode'));
    if (!isWithin(directory, root)) return [];
    const entries = await readdir(directory, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.watchers.json'))
      .map(({ name }) => name)
      .sort()
      .slice(0, mostFiles);
    const files: TemplateFile[] = [];
    let length = 0;
    for (const name of names) {
      const text = (await readPlainFile(join(directory, name)).catch(() => undefined)) ?? '';
      length += text.length;
      if (length > mostText) break;
      if (text !== '') files.push({ name, text });
    }
    return files;
  } catch {
    return [];
  }
}

const isWithin = (path: string, root: string): boolean => {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
};

/** Undefined if it is something else, or too large. What it is, is asked of what was opened: names may change meanwhile. */
async function readPlainFile(path: string): Promise<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > largest) return undefined;
    const bytes = Buffer.alloc(largest + 1);
    let end = 0;
    for (let read = -1; read !== 0 && end < bytes.length; end += read)
      read = (await file.read(bytes, end, bytes.length - end)).bytesRead;
    // A file that grows while it is read.
    return end > largest ? undefined : bytes.toString('utf8', 0, end);
  } finally {
    await file.close();
  }
}
