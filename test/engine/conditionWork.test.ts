// Conditions that take too long on what a job printed: told, their lines are gaps, and after three the watcher is given up.
import assert from 'node:assert/strict';
import { setStage } from './play';

const hostile = 'len(str([m] * 1000)) > 0';
const watcher = (condition: string, action = ''): string =>
  `#WATCHER pattern="m: (\\S+)" captures=[m] condition="${condition}" interval=1s action=log_event(message="m $m")${action}`;

describe('conditions that take too long', () => {
  it('cost their line alone, which is told as a gap', async () => {
    const stage = await setStage();
    const id = await stage.submit(watcher(hostile));
    stage.cluster.print(id, `m: 1\nm: ${'x'.repeat(100_000)}\nm: 2\n`);
    await stage.clock.advanceTo(2000);
    assert.deepEqual(await stage.lines(), [
      'log_event m 1',
      `error The condition ${hostile} could not be evaluated: LimitError: the condition needs too much work on a text or list of this length`,
      'gap bytes 5 to 100009 were not matched: the condition took too long on what was captured there',
      'log_event m 2',
    ]);
  });

  it('disable their watcher after three lines, and can be re-armed', async () => {
    const stage = await setStage();
    const id = await stage.submit(watcher(hostile));
    stage.cluster.print(id, `m: ${'x'.repeat(100_000)}\n`.repeat(5));
    await stage.clock.advanceTo(2000);
    assert.deepEqual((await stage.lines()).slice(-1), [
      'state active to disabled: its condition took too long 3 times',
    ]);
    assert.equal((await stage.lines()).filter((line) => line.startsWith('gap')).length, 3);
    const [disabled] = await stage.engine.watchers({});
    assert.equal(disabled?.progress.position.stdout, 3 * 100_004);
    await stage.engine.rearm([disabled.id], 'skip');
    stage.cluster.print(id, 'm: 7\n');
    await stage.clock.advanceTo(4000);
    assert.deepEqual((await stage.lines()).slice(-1), ['log_event m 7']);
  });

  it('are stopped together where each of many lines costs a lot', async () => {
    const stage = await setStage();
    const id = await stage.submit(watcher('len(str([m] * 500)) > 0'));
    stage.cluster.print(id, `m: ${'x'.repeat(100)}\n`.repeat(200));
    await stage.clock.advanceTo(2000);
    const gaps = (await stage.lines()).filter((line) => line.startsWith('gap'));
    assert.equal(gaps.length, 1);
    assert.match(gaps[0] ?? '', /to 20800 were not matched: the condition took too long/);
  });

  it('leave their action out, and disable the watcher after three', async () => {
    const stage = await setStage();
    const id = await stage.submit(watcher('True', ` action=log_event(message="never") if ${hostile}`));
    stage.cluster.print(id, `m: ${'x'.repeat(100_000)}\n`.repeat(4));
    await stage.clock.advanceTo(2000);
    const lines = (await stage.lines()).map((line) =>
      line.replace(/x{9,}(?:… \(\d+ more characters\))?/, 'x'),
    );
    assert.equal(lines.filter((line) => line === 'log_event m x').length, 3);
    assert.equal(lines.filter((line) => line.includes('never')).length, 0);
    assert.deepEqual(lines.slice(-2), [
      'state active to disabled: the condition of log_event took too long 3 times',
      'log_event m x',
    ]);
  });
});
