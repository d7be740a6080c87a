// Reading: whatever happens to an output, each watcher matches each line once, and what it cannot match is a gap.
import assert from 'node:assert/strict';
import { WatchError } from '../../../engine/errors';
import type { Matcher } from '../../../engine/ports';
import { inThreadMatcher } from '../inThreadMatcher';
import { waitFor } from '../../waitFor';
import { setStage, type Stage } from '../play';

const logging = (pattern: string, extra = ''): string =>
  `#WATCHER pattern="${pattern}" interval=10s action=log_event(message="$0") ${extra}`;

describe('reading', () => {
  let stage: Stage;
  let id: string;
  const begin = async (script: string, parts: Parameters<typeof setStage>[0] = {}): Promise<void> => {
    stage = await setStage(parts);
    id = await stage.submit(script);
    await stage.clock.advanceTo(5000);
  };
  afterEach(() => stage.engine.close());

  const logged = async (): Promise<string[]> =>
    (await stage.lines())
      .filter((line) => line.startsWith('log_event '))
      .map((line) => line.slice('log_event '.length));
  const others = async (): Promise<string[]> =>
    (await stage.lines()).filter((line) => !line.startsWith('log_event '));
  let time = 5000;
  const pass = async (ms: number): Promise<void> => {
    time = Math.max(time, stage.clock.now()) + ms;
    await stage.clock.advanceTo(time);
  };
  const print = async (text: string | Uint8Array): Promise<void> => {
    stage.cluster.print(id, text);
    await pass(60_000);
  };
  beforeEach(() => {
    time = 5000;
  });

  it('never takes a partial last line for a whole one', async () => {
    await begin(logging('loss: [\\d.]+'));
    await print('loss: 0.2');
    await print('34\n');
    assert.deepEqual(await logged(), ['loss: 0.234']);
  });

  it('neither replays nor skips after a byte of Latin-1', async () => {
    await begin(logging('n=\\d+'));
    for (let n = 1; n <= 5; n++) await print(Buffer.from(`n=${n} caf\xe9\n`, 'latin1'));
    assert.deepEqual(await logged(), ['n=1', 'n=2', 'n=3', 'n=4', 'n=5']);
    assert.deepEqual(await others(), []);
  });

  it('joins a character that was cut by a read', async () => {
    await begin(logging('café \\d'));
    const bytes = Buffer.from('café 1\n');
    await print(bytes.subarray(0, 4));
    await print(bytes.subarray(4));
    assert.deepEqual(await logged(), ['café 1']);
  });

  it('takes \\r\\n for one line end, also where a read ends between them', async () => {
    await begin(logging('^.*$'));
    await print('a\r');
    await print('\nb\r\n');
    assert.deepEqual(await logged(), ['a', 'b']);
  });

  it('takes 101 refreshes of a bar for one trigger a tick, with the last of them', async () => {
    await begin(logging('\\d+%'));
    await print(`${Array.from({ length: 101 }, (_, percent) => `${percent}%`).join('\r')}\r\n`);
    assert.deepEqual(await logged(), ['100%']);
  });

  it('takes refreshes for one trigger a tick where they fill several reads', async () => {
    await begin(logging('\\d+%'));
    const bar = `${Array.from({ length: 101 }, (_, percent) => `${percent}% ${'#'.repeat(800)}`).join('\r')}\n`;
    await print(bar.repeat(3));
    assert.deepEqual(await logged(), ['100%', '100%', '100%']);
  });

  it('replays nothing after a failed look, and says so once', async () => {
    await begin(logging('n=\\d+'));
    await print('n=1\n');
    stage.cluster.unreadable = 'Stale file handle';
    await pass(600_000);
    stage.cluster.unreadable = null;
    await print('n=2\n');
    assert.deepEqual(await logged(), ['n=1', 'n=2']);
    assert.deepEqual(await others(), ['error /jobs/slurm-1.out cannot be read: Stale file handle']);
  });

  it('says once of each output that it cannot be read, whatever the other one gives', async () => {
    await begin(`#SBATCH --error=err\n${logging('n=\\d+', 'output=both')}`);
    stage.cluster.unreadablePath = '/jobs/err';
    for (let n = 1; n <= 5; n++) await print(`n=${n}\n`);
    stage.cluster.unreadable = 'Stale file handle';
    await pass(600_000);
    stage.cluster.unreadable = null;
    stage.cluster.unreadablePath = null;
    stage.cluster.print(id, 'n=6\n', 'stderr');
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1', 'n=2', 'n=3', 'n=4', 'n=5', 'n=6']);
    assert.deepEqual(await others(), [
      'error /jobs/err cannot be read: Input/output error',
      'error /jobs/slurm-1.out cannot be read: Stale file handle',
      'error /jobs/err cannot be read: Stale file handle',
    ]);
  });

  it('waits at the end of a job for an output that cannot be read', async () => {
    await begin(logging('n=\\d+'));
    stage.cluster.print(id, 'n=1');
    stage.cluster.unreadable = 'Stale file handle';
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    assert.deepEqual(await logged(), []);
    stage.cluster.unreadable = null;
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1']);
    assert.ok((await others()).includes('job 1 ended: COMPLETED'));
  });

  it('waits as long once more at the end of a job that was queued again', async () => {
    await begin(logging('n=\\d+'));
    stage.cluster.print(id, 'n=1\n');
    stage.cluster.unreadable = 'Stale file handle';
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    stage.cluster.requeue(id);
    await pass(60_000);
    stage.cluster.begin(id);
    await pass(1_200_000);
    stage.cluster.print(id, 'n=2\n');
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    stage.cluster.unreadable = null;
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=2']);
  });

  it('names what it could not read of a job that has ended, after a while', async () => {
    await begin(logging('n=\\d+'));
    await print('n=1\n');
    stage.cluster.unlink(id);
    stage.cluster.end(id, 'COMPLETED');
    await pass(1_200_000);
    assert.deepEqual(await others(), [
      'error /jobs/slurm-1.out cannot be read: it is gone',
      'gap stdout: what followed byte 4 was not matched: it could not be read: it is gone',
      'job 1 ended: COMPLETED',
    ]);
  });

  it('says so where a file gives less than it says that it holds, and waits for the rest at the end', async () => {
    await begin(logging('n=\\d+'));
    await print('n=1\n');
    stage.cluster.readableBytes = 10;
    await print('a line that can be read in part\n');
    const trouble = 'error /jobs/slurm-1.out cannot be read: it holds 36 bytes and gives only 10';
    assert.deepEqual(await others(), [trouble]);
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    stage.cluster.readableBytes = Infinity;
    stage.cluster.print(id, 'n=2');
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1', 'n=2']);
    assert.deepEqual(await others(), [trouble, 'job 1 ended: COMPLETED']);
  });

  it('names what a file never gave of a job that has ended', async () => {
    await begin(logging('n=\\d+'));
    stage.cluster.print(id, 'n=1\nn=2\nn=3\n');
    stage.cluster.readableBytes = 8;
    stage.cluster.end(id, 'COMPLETED');
    await pass(1_200_000);
    assert.deepEqual(await logged(), ['n=1', 'n=2']);
    const why = 'it holds 12 bytes and gives only 8';
    assert.deepEqual(await others(), [
      `error /jobs/slurm-1.out cannot be read: ${why}`,
      `gap stdout: what followed byte 8 was not matched: it could not be read: ${why}`,
      'job 1 ended: COMPLETED',
    ]);
  });

  it('names what a paused watcher missed where nobody could read it at the end', async () => {
    await begin(logging('n=\\d+'));
    await print('n=1\n');
    await stage.engine.pause((await stage.engine.watchers({})).map((watcher) => watcher.id));
    stage.cluster.print(id, 'n=2\n');
    stage.cluster.unreadable = 'Stale file handle';
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    assert.equal((await stage.engine.jobs({ live: true })).length, 1, 'the file server is waited for');
    await pass(1_200_000);
    const [, ...end] = await others();
    assert.deepEqual(end, [
      'gap stdout: what followed byte 4 was not matched: it could not be read: Stale file handle',
      'job 1 ended: COMPLETED',
    ]);
  });

  it('says at the end of a job that an output was never there', async () => {
    await begin(`#SBATCH --error=err\n${logging('a')}\n${logging('b', 'output=stderr')}`);
    stage.cluster.unlink(id);
    stage.cluster.end(id, 'FAILED');
    await pass(60_000);
    assert.deepEqual(await others(), [
      'error /jobs/slurm-1.out was never there: nothing was matched',
      'job 1 ended: FAILED',
    ]);
  });

  it('says at the end of a job that the cluster never named an output', async () => {
    await begin(logging('a'));
    stage.cluster.hideOutputs(id);
    await stage.store.commit(
      (await stage.store.jobs({})).map((job) => ({
        kind: 'job',
        job: { ...job, submission: null, outputs: { stdout: null, stderr: null } },
      })),
    );
    await stage.restart();
    await pass(5000);
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    assert.deepEqual(await others(), [
      'error the cluster names no stdout of job 1: nothing was matched',
      'job 1 ended: COMPLETED',
    ]);
  });

  for (const [how, hasStart] of [
    ['that has no start', false],
    ['whose start is its cancellation, as Slurm has it', true],
  ] as const)
    it(`misses no output of a job that never began, ${how}`, async () => {
      await begin(logging('a'));
      stage.cluster.requeue(id);
      stage.cluster.unlink(id);
      await pass(5000);
      if (hasStart) stage.cluster.begin(id);
      stage.cluster.unlink(id);
      stage.cluster.end(id, 'CANCELLED');
      await pass(60_000);
      assert.deepEqual(
        (await others()).filter((line) => line.startsWith('error')),
        [],
      );
      assert.deepEqual(await stage.engine.jobs({ live: true }), []);
    });

  it('reads a last stretch of 50 MB to its last line', async () => {
    await begin(logging('last=\\d+'));
    stage.cluster.print(id, `${'x'.repeat(99)}\n`.repeat(500_000));
    stage.cluster.print(id, 'last=1');
    stage.cluster.end(id, 'COMPLETED');
    await pass(120_000);
    assert.deepEqual(await logged(), ['last=1']);
    assert.deepEqual(await others(), ['job 1 ended: COMPLETED']);
  });

  it('catches up without waiting for the next interval where more than a tick can take is there', async () => {
    await begin(logging('last=\\d+').replace('10s', '1h'));
    stage.cluster.print(id, `${'x'.repeat(999)}\n`.repeat(150_000));
    stage.cluster.print(id, 'last=1\n');
    await pass(4_000_000);
    // Real work takes real time, however the clock stands.
    await waitFor('the last line', async () => {
      await pass(1);
      return (await logged()).length > 0;
    });
    assert.ok(stage.clock.now() < 4_100_000);
    assert.deepEqual(await logged(), ['last=1']);
  });

  it('counts an interval from the beginning of a look, of which a quarter of a second counts at most', async () => {
    let lookMs = 100;
    const matcher: Matcher = {
      ...inThreadMatcher,
      match: (request) => {
        stage.clock.jumpTo(stage.clock.now() + lookMs);
        return inThreadMatcher.match(request);
      },
    };
    const sinceLook = async (): Promise<number> => {
      const before = stage.clock.now();
      stage.cluster.print(id, 'n=1\n');
      await stage.clock.advanceTo(before + 12_000);
      const [watcher] = await stage.engine.watchers({});
      const [last] = (await stage.engine.events({})).filter(({ kind }) => kind === 'action').slice(-1);
      return (last?.time ?? NaN) - (watcher?.progress.lastCheck ?? NaN);
    };
    await begin(logging('n=\\d+'), { matcher });
    assert.equal(await sinceLook(), 100);
    lookMs = 2000;
    assert.equal(await sinceLook(), 250);
  });

  it('looks together at outputs that are due within a fiftieth of their interval', async () => {
    stage = await setStage();
    await stage.submit(logging('n'));
    await stage.clock.advanceTo(150);
    await stage.submit(logging('n'));
    await stage.clock.advanceTo(5000);
    const { reads } = stage.cluster;
    await stage.clock.advanceTo(13_000);
    assert.equal(stage.cluster.reads - reads, 1);
  });

  it('cuts a long line between characters, and matches all of it', async () => {
    await begin(logging('needle'));
    await print(`${'é'.repeat((1 << 19) - 1)}xé needle\n`);
    assert.deepEqual(await logged(), ['needle']);
    assert.deepEqual(await others(), [
      'error /jobs/slurm-1.out: a line longer than 1048576 bytes was cut at byte 1048575',
    ]);
  });

  it('says once that a line is cut, however long it is', async () => {
    await begin(logging('needle'));
    await print(`${'x'.repeat(5 << 20)} needle\n${'y'.repeat(3 << 20)}\n`);
    assert.deepEqual(await logged(), ['needle']);
    assert.deepEqual(await others(), [
      'error /jobs/slurm-1.out: a line longer than 1048576 bytes was cut at byte 1048576',
      `error /jobs/slurm-1.out: a line longer than 1048576 bytes was cut at byte ${(6 << 20) + 8}`,
    ]);
  });

  it('sees for each watcher by itself that a file was cut and has grown again', async () => {
    await begin(`${logging('n=\\d+')}\n${logging('m=\\d+').replace('10s', '1h')}`);
    await print('n=1 m=1\nn=2 m=2\n');
    // The second watcher is at 0; the first one is not.
    stage.cluster.truncate(id, 8);
    stage.cluster.print(id, 'n=3 m=3\nn=4 m=4\n');
    await pass(3_700_000);
    const lines = await logged();
    assert.deepEqual(
      lines.filter((line) => line.startsWith('m')),
      ['m=1', 'm=3', 'm=4'].filter((line) => lines.includes(line)),
    );
    assert.ok(lines.includes('n=3') && lines.includes('n=4'), lines.join());
    assert.ok((await others()).some((line) => line.startsWith('gap stdout')));
  });

  it('goes on in an output that was replaced by one of the same length, with a gap', async () => {
    await begin(logging('n=\\d+'));
    await print('n=1\n');
    stage.cluster.replace(id, 'n=2\n');
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1', 'n=2']);
    assert.equal((await others()).filter((line) => line.startsWith('gap')).length, 1);
  });

  it('names what cannot be known when a job is started again and prints the same', async () => {
    await begin(logging('n=\\d+'));
    await print('n=1\n');
    stage.cluster.restart(id);
    stage.cluster.replace(id, 'n=1\nn=2\n');
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1', 'n=2']);
    const [restart, gap, ...more] = await others();
    assert.equal(restart, 'job 1 was queued again (1)');
    assert.match(gap ?? '', /^gap stdout: bytes 0 to 4 were not matched: the job was started again; if/);
    assert.deepEqual(more, []);
  });

  it('begins anew where a job that was started again prints something else', async () => {
    await begin(logging('n=\\d+'));
    await print('n=1\nn=2\nn=3\n');
    stage.cluster.restart(id);
    stage.cluster.replace(id, 'n=7\n');
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1', 'n=2', 'n=3', 'n=7']);
  });

  it('goes on where a job that was started again appends', async () => {
    await begin(`#SBATCH --open-mode=append\n${logging('n=\\d+')}`);
    await print('n=1\n');
    stage.cluster.restart(id);
    await print('n=2\n');
    assert.deepEqual(await logged(), ['n=1', 'n=2']);
    assert.deepEqual(await others(), ['job 1 was queued again (1)']);
  });

  it('keeps apart what two outputs have printed, each with its own position', async () => {
    await begin(`#SBATCH --error=err.txt\n${logging('n=\\d+', 'output=both')}`);
    stage.cluster.print(id, 'n=1\n');
    stage.cluster.print(id, 'n=2\n', 'stderr');
    await pass(30_000);
    stage.cluster.print(id, 'n=3\n', 'stderr');
    await pass(60_000);
    assert.deepEqual([...(await logged())].sort(), ['n=1', 'n=2', 'n=3']);
    const [watcher] = await stage.engine.watchers({});
    assert.deepEqual(watcher?.progress.position, { stdout: 4, stderr: 8 });
  });

  for (const [how, anew] of [
    ['is shorter now', 'n=2\n'],
    ['begins differently now', 'other first line\nn=2\n'],
  ] as const)
    it(`skips after a pause what an output holds that ${how}, and says so`, async () => {
      await begin(logging('n=\\d+'));
      await print('n=1\nn=1\n');
      const ids = (await stage.engine.watchers({})).map((watcher) => watcher.id);
      await stage.engine.pause(ids);
      stage.cluster.replace(id, anew);
      await pass(30_000);
      await stage.engine.resume(ids, 'skip');
      await print('n=3\n');
      assert.deepEqual(await logged(), ['n=1', 'n=1', 'n=3']);
      assert.deepEqual(
        (await others()).filter((line) => line.startsWith('gap')),
        [
          'gap stdout: what followed byte 8 was not matched: the watcher was paused, and its output began anew meanwhile',
        ],
      );
    });

  it('resumes a watcher of the end alone, whatever becomes of outputs', async () => {
    await begin('#WATCHER trigger_on_job_end=true action=log_event(message=over)');
    const ids = (await stage.engine.watchers({})).map((watcher) => watcher.id);
    await stage.engine.pause(ids);
    stage.cluster.print(id, 'n=1\n');
    stage.cluster.unreadable = 'Stale file handle';
    await stage.engine.resume(ids, 'skip');
    stage.cluster.unreadable = null;
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    assert.deepEqual(await logged(), ['over']);
    assert.deepEqual(
      (await others()).filter((line) => line.startsWith('gap')),
      [],
    );
  });

  it('leaves to a pause what the other output has printed, and matches it afterwards if asked', async () => {
    await begin(
      '#SBATCH --error=err.txt\n#WATCHER pattern="n=\\d+" output=both interval=10s actions=[log_event(message="$0"), pause_watcher]',
    );
    stage.cluster.print(id, 'n=1\nn=2\n');
    stage.cluster.print(id, 'n=3\n', 'stderr');
    await pass(30_000);
    const ids = (await stage.engine.watchers({})).map((watcher) => watcher.id);
    for (let round = 0; round < 3; round++) {
      await stage.engine.resume(ids, 'match');
      await pass(30_000);
    }
    assert.deepEqual(await logged(), ['n=1', 'n=2', 'n=3']);
  });

  it('does not complete a job that one answer lacks', async () => {
    await begin(logging('n=\\d+'));
    stage.cluster.blind = 1;
    await pass(5000);
    assert.equal((await stage.engine.jobs({ job: id }))[0]?.phase, 'running');
    await print('n=1\n');
    assert.deepEqual(await logged(), ['n=1']);
  });

  it('names what a watcher missed that was paused when its job ended', async () => {
    await begin(logging('n=\\d+', 'trigger_on_job_end=false'));
    await print('n=1\n');
    await stage.engine.pause((await stage.engine.watchers({})).map((watcher) => watcher.id));
    await print('n=2\nn=');
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    assert.deepEqual(await others(), [
      'state active to paused: asked for',
      'gap stdout: bytes 4 to 10 were not matched: the watcher was paused when the job ended',
      'job 1 ended: COMPLETED',
    ]);
  });

  it('tells of one pattern that breaks the matcher, and disables it, while others go on', async () => {
    const matcher: Matcher = {
      ...inThreadMatcher,
      match: (request) =>
        request.patterns.some(({ pattern }) => pattern === 'bad')
          ? Promise.reject(new WatchError('internal', 'The worker died.', 'Again.'))
          : inThreadMatcher.match(request),
    };
    await begin(`${logging('n=\\d+')}\n${logging('bad')}`, { matcher });
    for (let n = 1; n <= 5; n++) await print(`n=${n}\n`);
    assert.deepEqual(await logged(), ['n=1', 'n=2', 'n=3', 'n=4', 'n=5']);
    assert.deepEqual(await others(), [
      'gap bytes 0 to 4 were not matched: the search broke: The worker died.',
      'gap bytes 4 to 8 were not matched: the search broke: The worker died.',
      'gap bytes 8 to 12 were not matched: the search broke: The worker died.',
      'state active to disabled: its pattern took too long or broke the search 3 times',
    ]);
  });
});
