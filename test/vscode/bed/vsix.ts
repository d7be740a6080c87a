// The built extension that is tested.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { name, version } from '../../../package.json';
import { projectRoot } from './profile';

export function findVsix(): string {
  const path = join(projectRoot, `${name}-${version}.vsix`);
  if (!existsSync(path)) throw new Error(`${path} is missing: run "npm run package" first.`);
  return path;
}
