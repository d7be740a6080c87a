// Copies the engine's files to where they stay: editors delete old extension folders under running processes.
import { createHash } from 'node:crypto';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { WatchError } from '../errors';
import { hasCode, isMissing } from './fileErrors';
import { homePaths } from './home';

/** Unused copies younger than this stay: somebody may be about to start from one. ms. */
const graceMs = 10 * 60_000;

export interface BundleSource {
  readonly home: string;
  readonly version: string;
  /** Where this client's package has the engine's files. */
  readonly bundleDirectory: string;
}

/** Rights by which somebody else could change a copy: on Windows no file shows any. */
const othersWrite = process.platform === 'win32' ? 0 : 0o022;

/** What starts the engine's process. */
export const hostFile = 'host.js';

type Files = ReadonlyMap<string, Buffer>;

/**
 * The directory `<home>/engine/<version>-<hash>` with exactly the files of the source, copied if need be; a damaged copy is
 * replaced. A source that was deleted since this process started is made up for by a former copy of the same version.
 */
export async function installBundle({ home, version, bundleDirectory }: BundleSource): Promise<string> {
  const { bundles } = homePaths(home);
  const files = await readFiles(bundleDirectory).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!files?.has(hostFile)) return findFormerCopy(bundles, version, bundleDirectory);
  const hash = hashFiles(files);
  const target = join(bundles, `${version}-${hash}`);
  if (!(await isIntact(target, hash))) await copy(files, { bundles, target, hash });
  await utimes(target, new Date(), new Date());
  return target;
}

/** Removes old copies, and what broken copies left, but those named in `used`. */
export async function sweepBundles(home: string, used: readonly string[], now = Date.now()): Promise<void> {
  const { bundles } = homePaths(home);
  const names = new Set(used.map((path) => basename(path)));
  for (const name of await readdir(bundles).catch(() => [])) {
    const path = join(bundles, name);
    const modified = (await stat(path).catch(() => null))?.mtimeMs ?? now;
    if (names.has(name) || now - modified < graceMs) continue;
    // Windows keeps the files of running processes; the next sweep gets them.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The files of a copy, or null unless each of them is the user's own and there is nothing else in it. */
async function readCopy(directory: string): Promise<Files | null> {
  const entries = await readdir(directory).catch(() => []);
  for (const path of [directory, ...entries.map((name) => join(directory, name))]) {
    const found = await lstat(path).catch(() => null);
    const isKind = path === directory ? found?.isDirectory() : found?.isFile();
    const isOwn =
      found?.uid === (process.getuid?.() ?? found?.uid) && ((found?.mode ?? 0) & othersWrite) === 0;
    if (isKind !== true || !isOwn) return null;
  }
  return readFiles(directory).catch(() => null);
}

async function readFiles(directory: string): Promise<Files> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  const read = async (name: string): Promise<[string, Buffer]> => [
    name,
    await readFile(join(directory, name)),
  ];
  return new Map(await Promise.all(names.sort().map(read)));
}

function hashFiles(files: Files): string {
  const hash = createHash('sha256');
  for (const [name, bytes] of files) hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  return hash.digest('hex').slice(0, 12);
}

async function isIntact(directory: string, hash: string): Promise<boolean> {
  const files = await readCopy(directory);
  return files !== null && hashFiles(files) === hash;
}

interface Copy {
  readonly bundles: string;
  readonly target: string;
  readonly hash: string;
}

/** Complete or not at all: a temporary directory gets the final name. Whoever comes second finds the work done. */
async function copy(files: Files, { bundles, target, hash }: Copy): Promise<void> {
  await mkdir(bundles, { recursive: true, mode: 0o700 });
  const draft = await mkdtemp(join(bundles, '.draft-'));
  try {
    for (const [name, bytes] of files) await writeFile(join(draft, name), bytes, { flag: 'wx', mode: 0o600 });
    await rename(draft, target).catch(async (error: unknown) => {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM')) throw error;
      if (await isIntact(target, hash)) return;
      await rm(target, { recursive: true, force: true });
      await rename(draft, target);
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function findFormerCopy(bundles: string, version: string, missing: string): Promise<string> {
  const names = (await readdir(bundles).catch(() => [])).filter((name) => name.startsWith(`${version}-`));
  const copies = await Promise.all(
    names.map(async (name) => ({
      path: join(bundles, name),
      time: (await stat(join(bundles, name))).mtimeMs,
    })),
  );
  for (const { path } of copies.sort((one, other) => other.time - one.time))
    if (await isIntact(path, path.slice(path.lastIndexOf('-') + 1))) return path;
  throw new WatchError(
    'engine-unreachable',
    `The engine's files are missing: ${missing}.`,
    'Reload the window, or install Slurm Watchers again.',
  );
}
