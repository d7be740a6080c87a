// Makes sure that the npm packages of the lock file are there, so that each command works in a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs `npm ci` where the installed packages are not those of the lock file. */
export function ensurePackages() {
  const mark = join(root, 'node_modules/.installed-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  console.log('Installing the npm packages …');
  const { status } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    },
  );
  if (status === 0) {
    writeFileSync(mark, wanted);
    return;
  }
  console.error('npm ci failed; see above. Is the npm registry reachable?');
  process.exit(1);
}

/**
 * Runs a program of this project with its output shown, and gives its exit code.
 * @param {string} command a path, or a name in node_modules/.bin
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} [environment] added to ours
 */
export function run(command, words, environment = {}) {
  const local = join(root, 'node_modules/.bin', command);
  const { status, error } = spawnSync(existsSync(local) ? local : command, words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  return status ?? 1;
}
