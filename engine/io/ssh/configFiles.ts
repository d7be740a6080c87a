// The files of ssh's configuration: what Include pulls in, and which hosts they name.
import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { findAccount } from '../../link/account';

/** ssh(1) stops here too. */
const maxDepth = 16;

/** The text of a file with all that it includes in its place; what is not there is empty. Relative paths lie in `base`. */
export async function expandIncludes(
  path: string,
  home: string,
  base = join(home, '.ssh'),
  depth = 0,
): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = await Promise.all(
    text.split(/\r?\n/).map(async (line) => {
      const included = /^Include(?:\s*=|\s)(.*)$/is.exec(line.trim())?.[1]?.trim();
      if (included === undefined) return line;
      if (depth === maxDepth) return '';
      const paths = (
        await Promise.all(splitWords(included).map((word) => listPaths(word, home, base)))
      ).flat();
      return (await Promise.all(paths.map((each) => expandIncludes(each, home, base, depth + 1)))).join('\n');
    }),
  );
  return lines.join('\n');
}

const splitWords = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

/** Paths that a word of Include means; its last part may be a pattern. */
async function listPaths(word: string, home: string, base: string): Promise<readonly string[]> {
  const tilde = /^~[\\/]/.test(word) ? join(home, word.slice(2)) : word;
  const path = isAbsolute(tilde) ? tilde : join(base, tilde);
  return listMatches(path.split(/[\\/]/));
}

async function listMatches(parts: readonly string[]): Promise<readonly string[]> {
  const index = parts.findIndex((part) => /[*?[]/.test(part));
  if (index === -1) return [parts.join(sep)];
  const folder = parts.slice(0, index).join(sep);
  const pattern = toPattern(parts[index] ?? '');
  const names = await readdir(folder === '' ? sep : folder).catch(() => []);
  const matching = names.filter((name) => !name.startsWith('.') && pattern.test(name)).sort();
  const rest = parts.slice(index + 1);
  return (await Promise.all(matching.map((name) => listMatches([folder, name, ...rest])))).flat();
}

const toPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[\\^$.|+(){}]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')
      .replaceAll('[!', '[^')}$`,
  );

/** Hosts that a person has named, in their order, to be offered by name; patterns stand for no host. */
export async function findSshHosts({
  home = findAccount().home,
  configFile = null,
}: {
  readonly home?: string;
  /** Read instead of the user's own, as `ssh -F`. */
  readonly configFile?: string | null;
} = {}): Promise<readonly string[]> {
  return listHosts(await expandIncludes(configFile ?? join(home, '.ssh', 'config'), home));
}

export function listHosts(text: string): readonly string[] {
  const words = text.split('\n').flatMap((line) => {
    const value = /^\s*Host\s*[\s=]\s*([^#]+)/i.exec(line)?.[1];
    return value === undefined ? [] : splitWords(value);
  });
  return [...new Set(words.filter((word) => word !== '' && !/[*?!]/.test(word)))];
}
