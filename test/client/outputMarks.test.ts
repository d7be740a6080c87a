// Marks in the margin of an output, from the events of its job.
import assert from 'node:assert/strict';
import type { WatchEvent } from '../../engine/model';
import { toMarks } from '../../client/panels/outputMarks';
import { toEvent } from '../records';

let lastId = 0;
const event = (part: Partial<WatchEvent>): WatchEvent =>
  toEvent({
    ...{ id: (lastId += 1), watcherId: 'w1', watcher: 'loss', kind: 'action', action: 'log_event' },
    ...{ success: true, result: 'low', params: {} },
    place: { stream: 'stdout', line: 40, segment: 40 },
    ...part,
  });

describe('the marks of an output', () => {
  it('tell in one what a watcher has done upon one match', () => {
    const trigger = event({ kind: 'trigger', action: null, success: null, result: 'loss=0.4' });
    const logged = event({ params: { message: 'low', level: 'warning' } });
    const stored = event({ action: 'store_metric', result: 'loss = 0.4' });
    assert.deepEqual(toMarks([trigger, logged, stored]), [
      {
        ...{ event: logged.id, stream: 'stdout', from: 40, level: 'warning', watcher: 'loss' },
        results: ['log_event: low', 'store_metric: loss = 0.4'],
      },
    ]);
  });

  it('are one for each watcher and line, in the order of the events', () => {
    const place = { stream: 'stderr', line: 80, segment: 80 } as const;
    const marks = toMarks([event({}), event({ watcherId: 'w2', watcher: 'nan' }), event({ place })]);
    assert.deepEqual(
      marks.map(({ watcher, stream, from }) => [watcher, stream, from]),
      [
        ['loss', 'stdout', 40],
        ['nan', 'stdout', 40],
        ['loss', 'stderr', 80],
      ],
    );
  });

  it('show the match itself as long as nothing was done', () => {
    const trigger = event({ kind: 'trigger', action: null, success: null });
    assert.deepEqual(
      toMarks([trigger]).map(({ event: shown, results }) => ({ shown, results })),
      [{ shown: trigger.id, results: [] }],
    );
  });

  it('are serious if something has failed', () => {
    assert.equal(toMarks([event({}), event({ success: false })])[0]?.level, 'error');
  });

  it('are not made of what has no place in the output', () => {
    assert.deepEqual(toMarks([event({ place: null }), event({ watcher: null, watcherId: null })]), []);
  });
});
