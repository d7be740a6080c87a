// Submitting from the terminal: what is read from the file is what the cluster gets, or nothing is submitted.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context, SteadyLink } from '../../cli/commands/command';
import { submitScript } from '../../cli/commands/submit';
import { createOutput } from '../../cli/output';

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

  it('refuses one with Windows line ends and says so as an error: the engine would refuse it too', async () => {
    const path = join(directory, 'a.sh');
    writeFileSync(path, '#!/bin/bash\r\n#WATCHER pattern="x"\r\n');
    const link: SteadyLink = { request: never, close: () => Promise.resolve() };
    const notes: string[] = [];
    const nowhere = { write: () => assert.fail('standard output is for results') };
    const output = createOutput({ stdout: nowhere, stderr: { write: (text) => notes.push(text) } }, {});
    const submission = { path, cluster: 'sandbox', options: [], workdir: undefined };
    await assert.rejects(submitScript(link, submission, { output } as Context), {
      code: 'script-problems',
      message: `${path} was not submitted: it has an error.`,
    });
    assert.match(notes[0] ?? '', /a\.sh:1:\d+: error: .*\[crlf-script\]/);
  });
});
