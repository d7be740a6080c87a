// Submitting from the terminal: what is read from the file is what the cluster gets, or nothing is submitted.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context, SteadyLink } from '../../cli/commands/command';
import { submitScript } from '../../cli/commands/submit';

const never = (): never => {
  throw new Error('nothing is asked for before the script is read');
};

describe('submitting a script', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-submit-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('refuses one that is not UTF-8: sbatch would get other bytes', async () => {
    const path = join(directory, 'a.sh');
    writeFileSync(path, Buffer.from('#!/bin/bash\n#WATCHER pattern="x"\necho f\xfcr\n', 'latin1'));
    const link: SteadyLink = { request: never, close: () => Promise.resolve() };
    const submission = { path, cluster: 'sandbox', options: [], workdir: undefined };
    await assert.rejects(submitScript(link, submission, {} as Context), {
      code: 'bad-request',
      message: `${path} is not UTF-8.`,
    });
  });
});
