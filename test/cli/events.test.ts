// Events and metrics at the terminal: what is asked for, and what is said if nothing can come of it.
import assert from 'node:assert/strict';
import { Command } from 'commander';
import type { Context } from '../../cli/commands/command';
import { addEvents } from '../../cli/commands/events';
import { addMetrics } from '../../cli/commands/metrics';
import { createOutput, reportError } from '../../cli/output';
import type { EngineLink } from '../../engine/link/greet';
import type { WatchEvent } from '../../engine/model';
import { toClusterStatus, toEvent, toJob, toWatcher } from '../records';

interface Ran {
  readonly code: number | undefined;
  readonly filter: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** On an engine that knows job 12 with watcher w1 on the sandbox, and the cluster big. */
async function run(
  words: readonly string[],
  events = [toEvent()],
  older: readonly WatchEvent[] = [],
): Promise<Ran> {
  let [code, stdout, stderr] = [undefined as number | undefined, '', ''];
  let filter: unknown;
  const job = toJob();
  const answers: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => unknown>> = {
    'engine/events': ({ beforeId, limit }) => {
      if (beforeId === undefined) return events;
      assert.equal(limit, 1);
      return older;
    },
    'engine/metrics': () => [],
    'engine/clusters': () => [toClusterStatus({ name: 'sandbox' }), toClusterStatus({ name: 'big' })],
    'engine/jobs': (params) =>
      (params['job'] ?? '12') === '12' && (params['cluster'] ?? 'sandbox') === 'sandbox' ? [job] : [],
    'engine/watchers': (params) => (params['watcher'] === 'w1' ? [toWatcher()] : []),
  };
  const link = {
    request: (method: string, params: Readonly<Record<string, unknown>>) => {
      if (method === 'engine/events' || method === 'engine/metrics') filter ??= params;
      return Promise.resolve(answers[method]?.(params));
    },
    close: () => Promise.resolve(),
  } as unknown as EngineLink;
  const context = {
    output: createOutput(
      { stdout: { write: (text) => (stdout += text) }, stderr: { write: (text) => (stderr += text) } },
      {},
    ),
    connect: () => Promise.resolve(link),
    exit: (given: number) => (code = given),
  } as unknown as Context;
  const program = new Command().exitOverride();
  addEvents(program, context);
  addMetrics(program, context);
  await program.parseAsync(['node', 'slurm-watchers', ...words]).catch((error: unknown) => {
    code = reportError(error, context.output, words.includes('--json'));
  });
  return { code, filter, stdout, stderr };
}

describe('events and metrics at the terminal', () => {
  it('are found by their action, under any of its names', async () => {
    assert.deepEqual((await run(['events', '--action', 'run_command'])).filter, { action: 'run_command' });
    assert.deepEqual((await run(['events', '--action', 'cancel'])).filter, { action: 'cancel_job' });
    const wrong = await run(['events', '--action', 'explode']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /There is no action called "explode"\.\n {2}Use one of: log_event, /);
  });

  it('are not asked for by an action as a kind: the way is said', async () => {
    const { code, filter, stderr } = await run(['events', '--kind', 'run_command']);
    assert.deepEqual([code, filter], [2, undefined]);
    assert.match(
      stderr,
      /"run_command" is an action, not a kind of event\.\n {2}Write --action run_command\./,
    );
  });

  it('may be none of what is known', async () => {
    for (const words of [
      ['events', '--job', '12'],
      ['events', '--cluster', 'big'],
      ['events', '--watcher', 'w1'],
      ['metrics', '--job', '12', '--cluster', 'sandbox'],
    ]) {
      const { code, stderr } = await run(words, []);
      assert.deepEqual([code, stderr], [0, ''], words.join(' '));
    }
  });

  it('of what nobody knows are told, and fail', async () => {
    for (const command of ['events', 'metrics'])
      for (const [words, message] of [
        [['--job', '777'], /^No job 777 is known\. See/],
        [['--job', '12', '--cluster', 'big'], /^No job 12 is known on big\./],
        [['--cluster', 'nowhere'], /^Nothing is known of a cluster nowhere\./],
        [['--watcher', 'w9'], /^No watcher w9 is known\./],
      ] as const) {
        const { code, stdout, stderr } = await run([command, ...words], []);
        assert.deepEqual([code, stdout], [1, ''], words.join(' '));
        assert.match(stderr, message);
        const program = await run([command, ...words, '--json'], []);
        assert.deepEqual([program.code, program.stdout], [1, '[]\n']);
        const { error } = JSON.parse(program.stderr) as { readonly error: { readonly code: string } };
        assert.equal(error.code, 'not-found');
      }
  });

  it('that are left out because they are too long for one answer are told', async () => {
    const older = [toEvent({ id: 1 })];
    const cut = await run(['events'], [toEvent({ id: 2 })], older);
    assert.equal(cut.code, 0);
    assert.match(cut.stderr, /^Older events are left out: these are the newest 1, .*--job/);
    assert.equal((await run(['events', '--limit', '1'], [toEvent({ id: 2 })], older)).stderr, '');
    assert.equal((await run(['events'], [toEvent({ id: 2 })])).stderr, '');
  });

  it('that are there need nothing else to be known', async () => {
    const { code, stderr } = await run(['events', '--job', '777']);
    assert.deepEqual([code, stderr], [0, '']);
  });
});
