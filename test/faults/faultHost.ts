// The engine's process with a wall clock that the campaign sets: bundled in the place of `engine/host/main.ts`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../../engine/host/process';
import { createEngine } from '../../engine/io/createEngine';
import { clockFile } from './clockFile';

/** The engine's process works in its home. */
const file = join(process.cwd(), clockFile);
const realNow = Date.now.bind(Date);
let offset = 0;
const look = (): void => {
  try {
    offset = Number(readFileSync(file, 'utf8'));
  } catch {
    // Nobody has set it yet.
  }
};
look();
setInterval(look, 50).unref();
Date.now = () => realNow() + offset;

if (require.main === module) void runProcess(__filename, { createEngine });
