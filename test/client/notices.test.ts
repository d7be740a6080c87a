// Notices that come closely are told together.
import assert from 'node:assert/strict';
import { createNotices, type Notice } from '../../client/notices';

/** A board whose time passes when the test says so. */
function createBoard() {
  const shown: string[] = [];
  let waiting: (() => void)[] = [];
  const notify = createNotices({
    after: (_milliseconds, wake) => {
      waiting.push(wake);
    },
    show: ({ text }) => {
      shown.push(text);
    },
  });
  const pass = (): void => {
    const due = waiting;
    waiting = [];
    for (const wake of due) wake();
  };
  return { shown, notify, pass };
}

const toNotice = (text: string, part: Partial<Notice> = {}): Notice => ({
  job: 'a',
  level: 'warning',
  place: null,
  text,
  ...part,
});

describe('notices', () => {
  it('tell the first at once and the rest in one', () => {
    const { shown, notify, pass } = createBoard();
    for (const text of ['one', 'two', 'three', 'four']) notify(toNotice(text));
    assert.deepEqual(shown, ['one']);
    pass();
    assert.deepEqual(shown, ['one', '3 more, the last: four']);
  });

  it('tell a single follower as it is', () => {
    const { shown, notify, pass } = createBoard();
    notify(toNotice('one'));
    notify(toNotice('two'));
    pass();
    assert.deepEqual(shown, ['one', 'two']);
  });

  it('begin anew after a quiet time', () => {
    const { shown, notify, pass } = createBoard();
    notify(toNotice('one'));
    pass();
    notify(toNotice('two'));
    assert.deepEqual(shown, ['one', 'two']);
  });

  it('never hold an error back behind a warning, nor one job behind another', () => {
    const { shown, notify } = createBoard();
    notify(toNotice('one'));
    notify(toNotice('error', { level: 'error' }));
    notify(toNotice('other', { job: 'b' }));
    assert.deepEqual(shown, ['one', 'error', 'other']);
  });
});
