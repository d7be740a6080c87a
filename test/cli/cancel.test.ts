// Cancelling at the terminal: which job is meant, that the person is asked, and what is asked of the engine.
import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addCancel } from '../../cli/commands/cancel';
import type { Context } from '../../cli/commands/command';
import { createOutput, reportError } from '../../cli/output';
import type { EngineLink } from '../../engine/link/greet';
import type { Job } from '../../engine/model';
import { toJob } from '../records';

interface Ran {
  readonly code: number | undefined;
  readonly cancelled: readonly unknown[];
  readonly question: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** `said`: what the person answers; null: nobody is there. */
async function run(
  words: readonly string[],
  jobs: readonly Job[],
  said: boolean | null = null,
): Promise<Ran> {
  let [code, stdout, stderr] = [undefined as number | undefined, '', ''];
  let question: string | undefined;
  const cancelled: unknown[] = [];
  const link = {
    request: (method: string, params: { readonly job: string }) => {
      if (method === 'engine/jobs')
        return Promise.resolve(
          jobs.filter(({ id, parent }) => id === params.job || parent === `key ${params.job}`),
        );
      assert.equal(method, 'engine/cancelJob');
      cancelled.push(params);
      return Promise.resolve(null);
    },
    close: () => Promise.resolve(),
  } as unknown as EngineLink;
  const context = {
    output: createOutput(
      { stdout: { write: (text) => (stdout += text) }, stderr: { write: (text) => (stderr += text) } },
      {},
    ),
    connect: () => Promise.resolve(link),
    confirm: (asked: string) => {
      question = asked;
      return Promise.resolve(said);
    },
    exit: (given: number) => (code = given),
  } as unknown as Context;
  const program = new Command().exitOverride();
  addCancel(program, context);
  await program.parseAsync(['node', 'slurm-watchers', 'cancel', ...words]).catch((error: unknown) => {
    code = reportError(error, context.output, words.includes('--json'));
  });
  return { code, cancelled, question, stdout, stderr };
}

const train = toJob({ key: 'key 12' });
const array = toJob({ key: 'key 13', id: '13', isArray: true, cluster: 'big' });
const task = toJob({ key: 'key 13_0', id: '13_0', parent: 'key 13', cluster: 'big' });

describe('cancelling a job at the terminal', () => {
  it('asks, and finds the cluster of a watched job', async () => {
    const { code, cancelled, question, stdout } = await run(['12'], [train], true);
    assert.equal(question, 'Cancel train (job 12) on sandbox? What it has not saved is lost. [y/N]');
    assert.deepEqual([code, cancelled], [0, [{ cluster: 'sandbox', job: '12' }]]);
    assert.equal(stdout, 'Cancelling train (job 12) on sandbox.\n');
  });

  it('does nothing if the person says no', async () => {
    const { code, cancelled, stderr } = await run(['12'], [train], false);
    assert.deepEqual([code, cancelled, stderr], [1, [], 'Nothing was done.\n']);
  });

  it('is refused if nobody can be asked, but for --yes', async () => {
    const refused = await run(['12'], [train]);
    assert.deepEqual([refused.code, refused.cancelled], [2, []]);
    assert.match(refused.stderr, /Confirm with --yes/);
    const { code, cancelled, question } = await run(['12', '--yes'], [train]);
    assert.deepEqual([code, cancelled.length, question], [0, 1, undefined]);
  });

  it('says when a whole array is meant, and when one task', async () => {
    const whole = await run(['13'], [array, task], true);
    assert.match(whole.question ?? '', /array train \(job 13, all tasks\) on big/);
    assert.deepEqual(whole.cancelled, [{ cluster: 'big', job: '13' }]);
    const one = await run(['13_0'], [array, task], true);
    assert.match(one.question ?? '', /^Cancel train \(job 13_0\) on big\?/);
    assert.deepEqual(one.cancelled, [{ cluster: 'big', job: '13_0' }]);
  });

  it('knows a task that has not begun by its array', async () => {
    const { question, cancelled } = await run(['13_7'], [array, task], true);
    assert.match(question ?? '', /^Cancel task 13_7 of train on big\?/);
    assert.deepEqual(cancelled, [{ cluster: 'big', job: '13_7' }]);
  });

  it('takes any job of a cluster that is named', async () => {
    const { code, cancelled, question } = await run(['99', '--on', 'big'], [], true);
    assert.match(question ?? '', /^Cancel job 99 on big\?/);
    assert.deepEqual([code, cancelled], [0, [{ cluster: 'big', job: '99' }]]);
  });

  it('says what is missing if the job is not known, on two clusters, or over', async () => {
    const unknown = await run(['99'], [train]);
    assert.deepEqual([unknown.code, unknown.cancelled], [2, []]);
    assert.match(unknown.stderr, /No job 99 is watched\.\n {2}.*--on/);
    const both = await run(['12'], [train, toJob({ key: 'key 12b', cluster: 'big' })]);
    assert.match(both.stderr, /There are jobs 12 on sandbox and big\.\n {2}.*--on/);
    const over = await run(['12'], [toJob({ phase: 'ended', state: 'COMPLETED', endState: 'completed' })]);
    assert.match(over.stderr, /Job 12 has already ended: completed\./);
  });

  it('prints JSON', async () => {
    const { stdout } = await run(['12', '--yes', '--json'], [train]);
    assert.deepEqual(JSON.parse(stdout), { cluster: 'sandbox', job: '12' });
  });
});
