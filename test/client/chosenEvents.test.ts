// The events of one watcher or job, as the engine has them and as they come.
import assert from 'node:assert/strict';
import { ChosenEvents, describeEventList, type EventChoice } from '../../client/trees/chosenEvents';
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
  it('are not all if the engine has older ones', () => {
    const chosen = new ChosenEvents({ title: '', watcher: 'w1' });
    assert.equal(describeEventList(chosen.events, chosen.isCut), 'Nothing has happened here yet.');
    chosen.fill([toEvent({ id: 3 }), toEvent({ id: 4 })]);
    assert.equal(describeEventList(chosen.events, chosen.isCut), '');
    chosen.fill([toEvent({ id: 3 }), toEvent({ id: 4 })], true);
    assert.match(describeEventList(chosen.events, chosen.isCut), /^Only the newest 2 events are listed: /);
    chosen.fill(Array.from({ length: 500 }, (_, index) => toEvent({ id: index + 1 })));
    assert.match(describeEventList(chosen.events, chosen.isCut), /^Only the newest 500 events/);
  });
});
