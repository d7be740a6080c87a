// Waiting for the actions of a job's end: until they are done, not for what needs a person, and never without a bound.
import assert from 'node:assert/strict';
import { waitForActions } from '../../cli/settle';
import type { PendingAction } from '../../engine/protocol';

const pending = (part: Partial<PendingAction> = {}): PendingAction => ({
  ...{ job: '12', watcher: 'save', action: 'run_command', obstacle: null },
  ...part,
});

interface Waited {
  readonly left: readonly PendingAction[];
  readonly notes: readonly string[];
  readonly ms: number;
}

/** `at`: what is not done after this many milliseconds. */
async function wait(
  at: (ms: number) => readonly PendingAction[],
  part: Partial<Parameters<typeof waitForActions>[0]> = {},
): Promise<Waited> {
  let ms = 0;
  const notes: string[] = [];
  const left = await waitForActions({
    fetch: () => Promise.resolve(at(ms)),
    isShown: () => true,
    note: (text) => notes.push(text),
    pause: (milliseconds) => {
      ms += milliseconds;
      return Promise.resolve(false);
    },
    now: () => ms,
    ...part,
  });
  return { left, notes, ms };
}

describe('waiting for the actions of a job that has ended', () => {
  it('ends at once if there are none, and says nothing', async () => {
    assert.deepEqual(await wait(() => []), { left: [], notes: [], ms: 0 });
  });

  it('says nothing of what is done soon', async () => {
    const { left, notes } = await wait((ms) => (ms < 900 ? [pending()] : []));
    assert.deepEqual([left, notes], [[], []]);
  });

  it('says once what takes longer, and ends when it is done', async () => {
    const { left, notes, ms } = await wait((now) => (now < 5000 ? [pending()] : []));
    assert.deepEqual(left, []);
    assert.deepEqual(notes, [
      'The job has ended. Waiting for run_command of "save" (Ctrl+C to stop waiting).',
    ]);
    assert.equal(ms, 5000);
  });

  it('does not wait for what only a person can give', async () => {
    const obstacle = { reason: 'There is no Slack webhook yet.', isRetried: false };
    const { left, ms } = await wait(() => [pending({ action: 'notify_slack', obstacle })]);
    assert.deepEqual([left.length, ms], [1, 0]);
  });

  it('waits half a minute for what is tried again, and says why', async () => {
    const obstacle = { reason: 'Slack answered 503.', isRetried: true };
    const { left, notes, ms } = await wait(() => [pending({ action: 'notify_slack', obstacle })]);
    assert.deepEqual([left.length, ms], [1, 30_000]);
    assert.match(notes.join(), /notify_slack of "save" \(tried again: Slack answered 503\.\)/);
  });

  it('has a limit, however much there is to do', async () => {
    const { left, notes, ms } = await wait(() => Array.from({ length: 5 }, () => pending()));
    assert.deepEqual([left.length, ms], [5, 150_000]);
    assert.match(notes.join(), /5 actions: (run_command of "save", ){3}…/);
  });

  it('ends when the person gives up', async () => {
    const { left } = await wait(() => [pending()], { pause: () => Promise.resolve(true) });
    assert.equal(left.length, 1);
  });

  it('goes on until the events have been shown', async () => {
    let shown = 0;
    const { left } = await wait(() => [], { isShown: () => shown++ > 2 });
    assert.deepEqual(left, []);
    assert.equal(shown, 4);
  });
});
