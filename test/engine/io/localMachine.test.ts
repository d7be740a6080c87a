// This computer as a machine: results, input, the time limit for all that a command started, files.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { createLocalMachine } from '../../../engine/io/localMachine';
import { waitFor } from '../../waitFor';
import { createOwnFileReader } from './ownFileReader';

describe('the local machine', () => {
  const files = createOwnFileReader();
  const machine = createLocalMachine({
    environment: { PATH: process.env['PATH'], MARK: 'here' },
    files,
  });
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'machine-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (script: string, input?: string): ReturnType<typeof machine.run> =>
    machine.run({ script, timeLimitMs: 10_000, ...(input === undefined ? {} : { input }) });

  it('gives output, errors and the code, in the environment that it was given', async () => {
    assert.deepEqual(await run('echo "$MARK"; echo no >&2; exit 3'), {
      code: 3,
      stdout: 'here\n',
      stderr: 'no\n',
    });
  });

  it('hands over input, also to whom does not read it', async () => {
    const text = 'é'.repeat(200_000);
    assert.equal((await run('cat', text)).stdout, text);
    assert.equal((await run('exit 4', text)).code, 4);
    assert.equal((await run('cat')).stdout, '');
  });

  it('ends a command with its children at the time limit', async () => {
    const file = join(folder, 'pid');
    await assert.rejects(
      machine.run({ script: `sleep 600 & echo $! > ${file}; wait`, timeLimitMs: 300 }),
      (error) => error instanceof WatchError && error.code === 'timed-out',
    );
    const { stdout } = await run(`cat ${file}`);
    await waitFor('the end of the child', () => !isAlive(Number(stdout)));
  });

  it('says so where the shell cannot be run', async () => {
    const none = createLocalMachine({ environment: {}, files, shell: ['/nowhere/sh', '-c'] });
    await assert.rejects(
      none.run({ script: 'echo', timeLimitMs: 1000 }),
      (error) => error instanceof WatchError && error.code === 'command-failed',
    );
  });

  it('reads files, and counts', async () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'text');
    const { commands, reads } = { ...machine.counts };
    const [answer] = await machine.read([{ path, from: 1, maxBytes: 2, before: 1, head: 1, fresh: false }]);
    assert.ok(answer?.kind === 'read');
    assert.equal(Buffer.from(answer.bytes).toString(), 'ex');
    await run('exit 0');
    assert.deepEqual(machine.counts, { commands: commands + 1, reads: reads + 1 });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // No such process.
  }
}
