// What the page of an output weighs: it is loaded anew each time it is shown.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes. */
const most = 150 * 1024;

describe('the files of the page of an output', () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slurm-watchers-pages-'));
    const { buildPages } = await import('../../../scripts/buildPages.mjs');
    const entryPoints = { output: 'webviews/output/main.ts', outputWorker: 'webviews/output/worker.ts' };
    await buildPages(entryPoints, { root: join(__dirname, '../../..'), folder });
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const file of ['output.js', 'outputWorker.js'])
    it(`${file} is not larger than it has to be`, () => {
      const { size } = statSync(join(folder, file));
      assert.ok(size <= most, `${size} bytes`);
    });
});
