// Builds slurm-watchers-<version>.vsix, the extension as people install it.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePackages, root, run } from './packages.mjs';

/** @type {{ name: string, version: string }} */
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
export const vsix = join(root, `${name}-${version}.vsix`);
const largest = 2 * 1024 * 1024;

/** Builds and packs; gives an exit code. */
export function packageExtension() {
  const status =
    run('node', ['scripts/build.mjs']) || run('vsce', ['package', '--no-dependencies', '--out', vsix]);
  if (status !== 0) return status;
  const { size } = statSync(vsix);
  if (size < largest) return 0;
  console.error(`${vsix} has ${size} bytes: it must stay under ${largest}.`);
  return 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  ensurePackages();
  process.exitCode = packageExtension();
}
