// The engine's process with a wall clock that the campaign sets and points at which it holds: bundled as `host.js`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../engine/engine';
import { runProcess } from '../../engine/host/process';
import { createParts } from '../../engine/io/createEngine';
import { clockFile, clockLookMs } from './clockFile';
import { holdParts } from './heldParts';
import { hold } from './hold';

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
setInterval(look, clockLookMs).unref();
Date.now = () => realNow() + offset;

if (require.main === module)
  void runProcess(__filename, {
    createEngine: async (seeds) => {
      await hold('starting');
      return startEngine(holdParts(createParts(seeds)));
    },
  });
