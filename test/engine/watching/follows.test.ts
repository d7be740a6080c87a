// Following outputs: each byte comes once, in order, with what watchers read; who is slow is told what was left out.
import assert from 'node:assert/strict';
import type { TimedNews } from '../../../engine/followOutput';
import type { FollowRequest } from '../../../engine/protocol';
import { setStage, type Stage } from '../play';

const watching = '#WATCHER pattern="n=\\d+" interval=1s action=log_event(message="$0")';
const done = '#WATCHER name=done trigger_on_job_end=true action=log_event';

describe('following an output', () => {
  let stage: Stage;
  let id: string;
  let news: TimedNews[];
  let isSlow: boolean;
  const begin = async (script: string): Promise<void> => {
    stage = await setStage();
    news = [];
    isSlow = false;
    id = await stage.submit(script);
    await stage.clock.advanceTo(2000);
  };
  afterEach(() => stage.engine.close());

  const follow = (given: Partial<FollowRequest> = {}): ReturnType<Stage['engine']['follow']> =>
    stage.engine.follow(
      { follow: 'f', cluster: 'fake', job: id, stream: 'stdout', from: 0, context: 0, ...given },
      (told) => {
        if (isSlow) return false;
        news.push(told);
        return true;
      },
    );
  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const told = (): readonly unknown[] =>
    news.map((each) => {
      switch (each.kind) {
        case 'piece':
          return [each.from, Buffer.from(each.bytes).toString()];
        case 'skipped':
          return ['skipped', each.from, each.to];
        case 'replaced':
          return ['replaced', each.reason];
        case 'trouble':
          return ['trouble', each.message];
        case 'ended':
          return ['ended', each.endState];
        case 'absent':
          return ['absent'];
      }
    });

  it('gives what is there, what is new, and the end', async () => {
    await begin(watching);
    stage.cluster.print(id, 'n=1\nn=');
    await follow();
    await pass(1000);
    stage.cluster.print(id, '2\n');
    await pass(2000);
    stage.cluster.print(id, 'last');
    stage.cluster.end(id, 'FAILED');
    await pass(10_000);
    assert.deepEqual(told(), [
      [0, 'n=1\nn='],
      [6, '2\n'],
      [8, 'last'],
      ['ended', 'failed'],
    ]);
    assert.ok(news.every(({ time }) => time >= 2000));
    const { reads } = stage.cluster;
    await pass(60_000);
    assert.equal(stage.cluster.reads, reads);
  });

  it('costs no read of its own while a watcher reads the same', async () => {
    await begin(watching);
    const readsOf = async (): Promise<number> => {
      const { reads } = stage.cluster;
      for (let n = 0; n < 20; n++) {
        stage.cluster.print(id, `n=${n}\n`);
        await pass(1000);
      }
      return stage.cluster.reads - reads;
    };
    const alone = await readsOf();
    const requests: number[] = [];
    const read = stage.cluster.read.bind(stage.cluster);
    stage.cluster.read = (all) => {
      requests.push(all.length);
      return read(all);
    };
    await follow({ from: null });
    await pass(1000);
    requests.length = 0;
    const followed = await readsOf();
    const looks = (20 * 1000) / stage.cluster.traits.minIntervalMs;
    assert.ok(followed <= looks + alone, `${followed} requests, ${alone} without it`);
    assert.deepEqual(new Set(requests), new Set([1]));
  });

  it('is done at the least interval for a job without watchers that read', async () => {
    await begin(done);
    await follow();
    await pass(100);
    stage.cluster.print(id, 'a\n');
    await pass(stage.cluster.traits.minIntervalMs);
    assert.deepEqual(told(), [[0, 'a\n']]);
  });

  it('begins at a line near the end if nobody says where', async () => {
    await begin(done);
    stage.cluster.print(id, 'first\nsecond\nthird\n');
    const { followed } = await follow({ from: null, context: 9 });
    assert.deepEqual(followed, { path: '/jobs/slurm-1.out', from: 10 });
    await pass(200);
    assert.deepEqual(told(), [[13, 'third\n']]);
  });

  it('keeps characters whole, and gives a cut one at the end', async () => {
    await begin(done);
    await follow();
    const euro = Buffer.from('€');
    stage.cluster.print(id, Buffer.concat([Buffer.from('a'), euro.subarray(0, 2)]));
    await pass(500);
    stage.cluster.print(id, euro.subarray(2));
    await pass(500);
    stage.cluster.print(id, euro.subarray(0, 1));
    stage.cluster.end(id, 'COMPLETED');
    await pass(10_000);
    assert.deepEqual(told(), [
      [0, 'a'],
      [1, '€'],
      [4, '\ufffd'],
      ['ended', 'completed'],
    ]);
  });

  it('names what was left out of a burst, and goes on near the end', async () => {
    await begin(watching);
    await follow();
    stage.cluster.print(id, 'begin\n');
    await pass(200);
    const line = `${'x'.repeat(99)}\n`;
    stage.cluster.print(id, line.repeat(50_000));
    await pass(2000);
    const [first, skipped, ...rest] = told() as readonly [number | string, number | string, number][];
    assert.deepEqual([first, skipped?.[0], skipped?.[1]], [[0, 'begin\n'], 'skipped', 6]);
    const from = skipped?.[2] ?? 0;
    assert.equal((from - 6) % 100, 0);
    assert.equal(rest[0]?.[0], from);
    const size = 6 + 5_000_000;
    assert.ok(size - from <= 64 * 1024);
    assert.equal(
      rest.reduce((sum, [, text]) => sum + String(text).length, 0),
      size - from,
    );
  });

  it('waits for a client that does not read, and gives it everything later if that is not too much', async () => {
    await begin(done);
    await follow();
    isSlow = true;
    stage.cluster.print(id, 'a\n');
    await pass(1000);
    stage.cluster.print(id, 'b\n');
    stage.cluster.end(id, 'COMPLETED');
    await pass(10_000);
    assert.deepEqual(told(), []);
    isSlow = false;
    await pass(1000);
    assert.deepEqual(told(), [
      [0, 'a\nb\n'],
      ['ended', 'completed'],
    ]);
  });

  it('begins anew if the file was cut or replaced', async () => {
    await begin(done);
    await follow();
    stage.cluster.print(id, 'long enough\n');
    await pass(500);
    stage.cluster.replace(id, 'new\n');
    await pass(500);
    stage.cluster.replace(id, 'newer\n');
    await pass(500);
    assert.deepEqual(told(), [
      [0, 'long enough\n'],
      ['replaced', 'the file has shrunk from 12 or more bytes to 4'],
      [0, 'new\n'],
      ['replaced', 'the file begins differently: it was replaced'],
      [0, 'newer\n'],
    ]);
  });

  it('says what is wrong once, and goes on afterwards', async () => {
    await begin(done);
    stage.cluster.unlink(id);
    await follow();
    await pass(1000);
    stage.cluster.print(id, 'a\n');
    await pass(1000);
    stage.cluster.unreadable = 'Stale file handle';
    await pass(1000);
    stage.cluster.unreadable = null;
    stage.cluster.unreachable = true;
    await pass(5000);
    stage.cluster.unreachable = false;
    stage.cluster.print(id, 'b\n');
    await pass(60_000);
    assert.deepEqual(told(), [
      ['absent'],
      [0, 'a\n'],
      ['trouble', '/jobs/slurm-1.out cannot be read: Stale file handle'],
      ['trouble', 'The cluster cannot be reached.'],
      [2, 'b\n'],
    ]);
  });

  it('is over when it is ended: nothing more is read', async () => {
    await begin(done);
    const { end } = await follow();
    await pass(500);
    end();
    await pass(500);
    const { reads } = stage.cluster;
    stage.cluster.print(id, 'a\n');
    await pass(10_000);
    assert.deepEqual([told(), stage.cluster.reads], [[], reads]);
  });

  it('gives what an ended job has printed, also one of history', async () => {
    await begin(done);
    stage.cluster.print(id, 'all of it');
    stage.cluster.end(id, 'TIMEOUT');
    await pass(60_000);
    await follow();
    await pass(2000);
    assert.deepEqual(told(), [
      [0, 'all of it'],
      ['ended', 'timeout'],
    ]);
  });

  it('is possible for a job that nobody watches, until the scheduler says that it has ended', async () => {
    await begin(done);
    const other = await stage.cluster.submit({
      ...{ token: 't', scriptName: 'o.sh', script: '', cleanScript: '#!/bin/bash\nsleep 1000000\n' },
      ...{ workdir: '/jobs', options: [] },
    });
    await follow({ job: other.id });
    stage.cluster.print(other.id, 'a\n');
    await pass(3000);
    stage.cluster.print(other.id, 'b\n');
    stage.cluster.end(other.id, 'COMPLETED');
    await pass(10_000);
    assert.deepEqual(told(), [
      [0, 'a\n'],
      [2, 'b\n'],
      ['ended', 'completed'],
    ]);
    assert.equal((await stage.engine.jobs({})).length, 1);
  });
});

describe('going through an output', () => {
  let stage: Stage;
  let id: string;
  const where = () => ({ cluster: 'fake', job: id, stream: 'stdout' }) as const;
  beforeEach(async () => {
    stage = await setStage();
    id = await stage.submit(done);
  });
  afterEach(() => stage.engine.close());

  it('finds the lines that match, with their offsets, also a last one without an end', async () => {
    stage.cluster.print(id, 'a n=1\n10%\rn=2 n=3\nnothing\nn=4');
    const answer = await stage.engine.searchOutput({ ...where(), pattern: 'n=(\\d)', from: 0, limit: 10 });
    assert.deepEqual(answer, {
      matches: [
        { line: 0, segment: 0, text: 'n=1' },
        { line: 6, segment: 10, text: 'n=2' },
        { line: 26, segment: 26, text: 'n=4' },
      ],
      ...{ unmatched: [], to: 29, size: 29, isEnd: true },
    });
  });

  it('goes on where the limit or the window has ended it', async () => {
    const line = `${'x'.repeat(99)}\n`;
    stage.cluster.print(id, `n=0\n${line.repeat(200_000)}n=1\nn=2\nn=3\n`);
    const found: number[] = [];
    let asked = 0;
    for (let from = 0, isEnd = false; !isEnd; asked++) {
      const answer = await stage.engine.searchOutput({ ...where(), pattern: 'n=\\d', from, limit: 2 });
      assert.ok(answer.to > from);
      found.push(...answer.matches.map((match) => match.line));
      ({ to: from, isEnd } = answer);
    }
    assert.deepEqual(found, [0, 20_000_004, 20_000_008, 20_000_012]);
    assert.ok(asked >= 3 && asked <= 5);
  });

  it('refuses a pattern that cannot be used', () =>
    assert.rejects(
      stage.engine.searchOutput({ ...where(), pattern: '(', from: 0, limit: 2 }),
      /The pattern cannot be used: missing \)/,
    ));

  it('counts lines up to an offset, and finds where a line begins', async () => {
    stage.cluster.print(id, 'a\nb\r\n10%\r20%\nrest');
    const count = (from: number, to: number | null, lines: number | null) =>
      stage.engine.countLines({ ...where(), from, to, lines });
    const size = 17;
    assert.deepEqual(await count(0, null, null), { to: 17, lines: 3, size, isDone: true });
    assert.deepEqual(await count(0, 4, null), { to: 4, lines: 1, size, isDone: true });
    assert.deepEqual(await count(0, null, 2), { to: 5, lines: 2, size, isDone: true });
    assert.deepEqual(await count(2, null, 9), { to: 17, lines: 2, size, isDone: true });
    assert.deepEqual(await count(0, null, 0), { to: 0, lines: 0, size, isDone: true });
  });

  it('counts a long output window by window', async () => {
    stage.cluster.print(id, 'x\n'.repeat(10_000_000));
    let [from, lines, asked] = [0, 0, 0];
    for (let isDone = false; !isDone; asked++) {
      const answer = await stage.engine.countLines({ ...where(), from, to: null, lines: null });
      lines += answer.lines;
      ({ to: from, isDone } = answer);
    }
    assert.deepEqual([lines, asked], [10_000_000, 3]);
  });
});
