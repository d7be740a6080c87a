// Real engines that are killed while they work on the same stretch of a job's output: the third one goes on after it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../waitFor';
import { createCommandLine, type CommandLine } from './commandLine';

interface Kept {
  readonly suspects: readonly { readonly from: number; readonly to: number; readonly deaths: number }[];
  readonly running: readonly { readonly from: number; readonly to: number }[];
}

/** More than enough work to be killed in: each line is a match of each watcher. */
const line = 'm: 0.5\n';
const lineCount = 300_000;
const watchers = Array.from(
  { length: 12 },
  (_, index) =>
    `#WATCHER name="slow ${index}" pattern="m: (\\S+)" captures=[m] condition="float(m) < 0" interval=1s`,
);
const script = [
  '#!/bin/bash',
  ...watchers,
  '#WATCHER name="last" pattern="the end" interval=1s action=log_event(message="reached")',
  'until [ -e go ]; do sleep 0.1; done',
  'cat lines',
  'echo the end',
  '',
].join('\n');

describe('output at which engines are killed', function () {
  this.timeout(240_000);
  let cli: CommandLine;
  beforeEach(() => {
    cli = createCommandLine();
  });
  afterEach(async () => {
    await cli.close();
  });

  const readKept = (): Kept | undefined => {
    try {
      return JSON.parse(readFileSync(join(cli.home, 'working'), 'utf8')) as Kept;
    } catch {
      return undefined;
    }
  };
  const findDeadly = (): Kept['suspects'][number] | undefined =>
    readKept()?.suspects.find(({ deaths }) => deaths >= 2);

  /** As `kill -9` does, at a moment at which the engine says that it works on output. */
  async function killAtWork(pid: number): Promise<void> {
    await waitFor('an engine at work', () => (readKept()?.running ?? []).length > 0, 60_000);
    process.kill(pid, 'SIGKILL');
  }

  it('is skipped by the third engine, with a gap that says so, and what follows is matched', async () => {
    writeFileSync(join(cli.workdir, 'job.sh'), script);
    writeFileSync(join(cli.workdir, 'lines'), line.repeat(lineCount));
    const submitted = await cli.run('submit', 'job.sh', '--on', 'sandbox', '--workdir', cli.workdir);
    assert.equal(submitted.status, 0, submitted.stderr);
    writeFileSync(join(cli.workdir, 'go'), '');
    for (let killed = 0; killed < 8 && findDeadly() === undefined; killed++) {
      const pid = await cli.enginePid();
      assert.ok(pid !== undefined);
      await killAtWork(pid);
      assert.equal((await cli.run('engine', 'start')).status, 0);
    }
    assert.ok(findDeadly(), 'no stretch was worked on by two engines that were killed');
    const events = await waitFor(
      'the last line',
      async () => {
        const all = await cli.json<readonly { kind: string; result: string; watcher: string | null }[]>(
          ...['events', '--json'],
        );
        return all.some(({ result }) => result === 'reached') ? all : undefined;
      },
      120_000,
    );
    const gaps = events.filter(
      ({ kind, result }) =>
        kind === 'gap' && /the engine ended or hung twice while it worked on it/.test(result),
    );
    assert.ok(gaps.length > 0, JSON.stringify(events.slice(-20)));
  });
});
