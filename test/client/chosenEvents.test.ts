// The events of one watcher or job, as the engine has them and as they come.
import assert from 'node:assert/strict';
import { ChosenEvents, type EventChoice } from '../../client/trees/chosenEvents';
import { toEvent } from '../records';

const parents: Readonly<Record<string, string>> = { task: 'array' };
const parentOf = (job: string): string | null => parents[job] ?? null;

function idsOf(choice: EventChoice): number[] {
  const chosen = new ChosenEvents(choice);
  chosen.add(
    [toEvent({ id: 4 }), toEvent({ id: 5, watcherId: 'w2' }), toEvent({ id: 6, job: 'task' })],
    parentOf,
  );
  chosen.fill([toEvent({ id: 1 }), toEvent({ id: 4 })]);
  return chosen.events.map(({ id }) => id);
}

describe('chosen events', () => {
  it('are those of a watcher, each once, also where news comes before the answer', () => {
    assert.deepEqual(idsOf({ title: '', watcher: 'w1' }), [1, 4, 6]);
  });
  it('are those of a job, whichever watcher they are of', () => {
    assert.deepEqual(idsOf({ title: '', job: 'sandbox 12' }), [1, 4, 5]);
  });
  it('of an array are those of its tasks too', () => {
    assert.deepEqual(idsOf({ title: '', job: 'array' }), [1, 4, 6]);
  });
  it('are asked for by what was chosen', () => {
    assert.deepEqual(new ChosenEvents({ title: '', watcher: 'w1' }).request, { watcher: 'w1', limit: 500 });
    assert.deepEqual(new ChosenEvents({ title: '', job: 'j' }).request, { job: 'j', limit: 500 });
  });
});
