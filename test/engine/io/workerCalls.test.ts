// Calls to a worker: answers, refusals, notices, and a worker that dies.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { WorkerCalls } from '../../../engine/io/workerCalls';

type Request = { readonly kind: 'echo'; readonly text: string } | { readonly kind: 'die' };
interface Answers {
  readonly echo: string;
  readonly die: null;
}

const program = `
const { parentPort, workerData } = require('node:worker_threads');
parentPort.on('message', ({ id, request }) => {
  if (request.kind === 'die') throw new Error('dying');
  if (request.text === 'refuse')
    parentPort.postMessage({ replies: [{ id, error: { code: 'not-found', message: 'none', remedy: 'look' } }] });
  else if (request.text === 'notice') parentPort.postMessage({ notice: 'by the way' });
  else parentPort.postMessage({ replies: [{ id, answer: workerData + request.text }] });
});`;

describe('worker calls', () => {
  let directory: string;
  let calls: WorkerCalls<Request, Answers>;
  let notices: string[];
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-worker-'));
    writeFileSync(join(directory, 'worker.cjs'), program);
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });
  beforeEach(() => {
    notices = [];
    calls = new WorkerCalls<Request, Answers>({
      path: join(directory, 'worker.cjs'),
      data: 'data:',
      onDeath: (cause) => new WatchError('internal', `died of ${String(cause)}`, 'wait'),
      onNotice: (notice) => notices.push(notice),
    });
  });
  afterEach(() => calls.close());

  const echo = (text: string): Promise<string> => calls.call({ kind: 'echo', text });

  it('gives each call its answer', async () => {
    assert.deepEqual(await Promise.all([echo('a'), echo('b'), echo('c')]), ['data:a', 'data:b', 'data:c']);
  });

  it('throws what the worker refuses', () =>
    assert.rejects(echo('refuse'), {
      name: 'WatchError',
      code: 'not-found',
      message: 'none',
      remedy: 'look',
    }));

  it('passes notices on', async () => {
    const unanswered = assert.rejects(echo('notice'));
    await echo('a');
    assert.deepEqual(notices, ['by the way']);
    await calls.close();
    await unanswered;
  });

  it('fails the calls under which the worker dies, and answers the next ones', async () => {
    assert.equal(await echo('a'), 'data:a');
    const deadly = calls.call({ kind: 'die' });
    const behind = echo('b');
    const behindFails = assert.rejects(behind, { code: 'internal' });
    await assert.rejects(deadly, { code: 'internal', message: 'died of Error: dying' });
    await behindFails;
    assert.equal(await echo('c'), 'data:c');
  });

  it('starts no worker before the first call, and none after the end', async () => {
    assert.equal(calls.isRunning, false);
    await calls.close();
    await assert.rejects(echo('a'), { code: 'engine-stopping' });
    assert.equal(calls.isRunning, false);
  });
});
