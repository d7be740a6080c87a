// Files that are due: which streams a watcher reads, how readers share a file, and where each of them is.
import assert from 'node:assert/strict';
import type { Job, Watcher } from '../../../engine/model';
import {
  countRuns,
  findStreams,
  groupByFile,
  positionOf,
  refreshFiles,
} from '../../../engine/watching/dueFiles';
import { withOwnFile } from '../../../engine/watching/ownBytes';
import type { Definition } from '../../../language/definition';
import { toJob, toWatcher } from '../../records';

const job = toJob({ outputs: { stdout: '/out', stderr: '/err' } });
const onOne = toJob({ outputs: { stdout: '/out', stderr: '/out' } });
const reading = (outputType: Definition['outputType'], id = 'w1'): Watcher => ({
  ...toWatcher({ outputType }),
  id,
});

describe('files that are due', () => {
  const streams = (of: Job, outputType: Definition['outputType']): readonly string[] =>
    findStreams(of, reading(outputType)).map(({ stream, path }) => `${stream} ${path}`);

  it('are those of the streams that a watcher reads', () => {
    assert.deepEqual(streams(job, 'both'), ['stdout /out', 'stderr /err']);
    assert.deepEqual(streams(job, 'stderr'), ['stderr /err']);
    assert.deepEqual(streams(toJob(), 'both'), []);
  });

  it('are one if both streams go to it', () => {
    assert.deepEqual(streams(onOne, 'both'), ['stdout /out']);
    assert.deepEqual(streams(onOne, 'stderr'), ['stderr /out']);
  });

  const files = (of: Job, ...watchers: readonly Watcher[]): readonly string[] =>
    groupByFile(of, watchers, false).map(
      ({ path, readers }) => `${path} ${readers.map(({ watcher }) => watcher.id).join()}`,
    );

  it('are read once for all of their readers', () => {
    assert.deepEqual(files(job, reading('both', 'a'), reading('stdout', 'b')), ['/out a,b', '/err a']);
  });

  it('are none for a watcher without a pattern, and none that are no longer the job’s', () => {
    assert.deepEqual(files(job, toWatcher({ pattern: null })), []);
    assert.deepEqual(files(withOwnFile(job, '/out', { closed: 'it was replaced' }), reading('both')), [
      '/err w1',
    ]);
  });

  it('are read from where the job’s own bytes begin, or after what was matched', () => {
    const at = (position: number): number => {
      const watcher = toWatcher({}, { position: { stdout: position, stderr: 0 } });
      const [file] = groupByFile(withOwnFile(job, '/out', { from: 100 }), [watcher], false);
      const [reader] = file?.readers ?? [];
      return reader ? positionOf(reader) : NaN;
    };
    assert.equal(at(0), 100);
    assert.equal(at(250), 250);
  });

  it('go on with what became of their job and their watchers', () => {
    const before = groupByFile(job, [reading('stdout', 'a'), reading('stdout', 'b')], true);
    const books = {
      jobs: new Map([[job.key, withOwnFile(job, '/out', { from: 7 })]]),
      watchers: new Map([['a', reading('stdout', 'a')]]),
    };
    const [file] = refreshFiles(before, books, () => true);
    assert.deepEqual(
      file?.readers.map(({ watcher, floor }) => [watcher.id, floor]),
      [['a', 7]],
    );
    assert.equal(file.final, true);
    assert.deepEqual(
      refreshFiles(before, books, () => false),
      [],
    );
  });

  it('of a job that was queued again show its last run', () => {
    assert.equal(countRuns(toJob({ phase: 'queued', restarts: 2 })), 1);
    assert.equal(countRuns(toJob({ phase: 'running', restarts: 2 })), 2);
    assert.equal(countRuns(toJob({ phase: 'queued' })), 0);
  });
});
