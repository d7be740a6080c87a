// What accounting says, does not say, and says instead of an answer.
import assert from 'node:assert/strict';
import { WatchError } from '../../../engine/errors';
import type { Command, CommandResult, Machine } from '../../../engine/ports';
import { Accounting } from '../../../engine/slurm/accounting';
import { sacctCommand } from '../../../engine/slurm/sacct';
import { createSlurmShell } from '../../../engine/slurm/slurmShell';

const probe = `@user=me
@version=slurm 22.05.8
@sacct=
AccountingStorageType = accounting_storage/slurmdbd
ClusterName = here
`;

/** Answers sacct with `toAnswer`; `limits` are the time limits that it was given. */
function createStage(toAnswer: () => Partial<CommandResult>): { accounting: Accounting; limits: number[] } {
  const limits: number[] = [];
  const run = ({ script, timeLimitMs }: Command): Promise<CommandResult> => {
    if (script.includes('@plain='))
      return Promise.resolve({ code: 0, stdout: '@plain=sbatch\n', stderr: '' });
    if (!script.includes('exec sacct')) return Promise.resolve({ code: 0, stdout: probe, stderr: '' });
    limits.push(timeLimitMs);
    return Promise.resolve().then(() => ({ code: 0, stdout: '', stderr: '', ...toAnswer() }));
  };
  const machine: Machine = {
    connection: 'connected',
    counts: { commands: 0, reads: 0 },
    run,
    read: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
  return { accounting: new Accounting(createSlurmShell('here', machine)), limits };
}

const troubleOf = async (answer: Partial<CommandResult>): Promise<string | undefined> =>
  (await createStage(() => answer).accounting.ask(['7'], false)).trouble?.message;

describe('accounting', () => {
  it('is in trouble when it fails, also when sacct ends well all the same', async () => {
    const refused = 'sacct: error: Problem talking to the database: Connection refused';
    for (const code of [0, 1])
      assert.equal(
        await troubleOf({ code, stderr: refused }),
        `Accounting (slurmdbd) does not answer: ${refused}`,
      );
    assert.match((await troubleOf({ stdout: 'Welcome to the cluster!\n' })) ?? '', /does not answer/);
  });

  it('is absent when the site has none after all, and knows nothing then', async () => {
    assert.equal(await troubleOf({ code: 1, stderr: 'Slurm accounting storage is disabled' }), undefined);
    assert.equal(
      await troubleOf({ code: 0, stderr: 'sacct: error: Accounting storage is not configured' }),
      undefined,
    );
    assert.equal(await troubleOf({ code: 127, stderr: 'sh: 1: exec: sacct: not found' }), undefined);
    assert.equal(await troubleOf({ stdout: '' }), undefined);
  });

  it('that hangs is given little time first, is asked less and less often, and at once when it matters', async () => {
    let hangs = true;
    const { accounting, limits } = createStage(() => {
      if (hangs) throw new WatchError('timed-out', 'A command was given up.', 'It is tried again.');
      return {};
    });
    for (let query = 0; query < 34; query++)
      assert.match((await accounting.ask(['7'], false)).trouble?.message ?? '', /: sacct was given up$/);
    assert.deepEqual(limits, [10_000, 20_000, 40_000]);
    hangs = false;
    assert.deepEqual(await accounting.ask(['7'], true), { rows: [] });
    assert.deepEqual(await accounting.ask(['7'], false), { rows: [] });
    assert.deepEqual(limits.slice(3), [40_000, 10_000]);
  });

  it('is not asked for the line that submitted a job before Slurm 21.08 kept it', () => {
    const fieldsOf = (version: string): string =>
      /--format=(\S+)/.exec(sacctCommand(['7'], version))?.[1] ?? '';
    for (const version of ['21.08.5', '22.05.8', '24.11'])
      assert.match(fieldsOf(version), /NodeList,SubmitLine,JobName$/);
    for (const version of ['20.11.9', '21.02', '19.05'])
      assert.match(fieldsOf(version), /NodeList,JobID,JobName$/);
  });
});
