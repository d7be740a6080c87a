// Waits of the command line: what takes long is said, once, and what does not is not.
import assert from 'node:assert/strict';
import { sayLongWaits } from '../../cli/longWaits';
import type { EngineLink } from '../../engine/link/greet';
import type { ClusterStatus } from '../../engine/model';
import { waitFor } from '../waitFor';

const status = (part: Partial<ClusterStatus>): ClusterStatus => ({
  ...{ name: 'big', kind: 'ssh', state: 'connected', commands: 0, reads: 0 },
  ...{ lastTickMs: null, lastTickCommands: null, lastTickReads: null, trouble: null },
  ...part,
});

describe('a request of the command line that takes long', () => {
  let notes: string[];
  let finish: () => void;
  let isAsking: boolean;
  let looks: number;
  beforeEach(() => {
    notes = [];
    isAsking = false;
    looks = 0;
  });
  const begin = (cluster: ClusterStatus, asked: string[] = []): Promise<unknown> => {
    const slow = new Promise<void>((resolve) => (finish = resolve));
    const request = (async (method: string) => {
      asked.push(method);
      if (method === 'engine/clusters') return Promise.resolve([cluster]);
      await slow;
      return null;
    }) as EngineLink['request'];
    const waits = {
      note: (text: string) => notes.push(text),
      isAsking: () => (looks++, isAsking),
      delayMs: 1,
    };
    return sayLongWaits(request, waits)('engine/cancelJob', { cluster: 'big', job: '1' });
  };

  it('says what is wrong with its cluster', async () => {
    const answer = begin(
      status({ state: 'disconnected', trouble: 'big: files were not read. It is tried again.' }),
    );
    await waitFor('a note', () => notes.length > 0);
    assert.deepEqual(notes, ['Still waiting for big: big: files were not read. It is tried again.']);
    finish();
    assert.equal(await answer, null);
  });

  it('says how its cluster is where nothing is wrong', async () => {
    const answer = begin(status({ state: 'connecting' }));
    await waitFor('a note', () => notes.length > 0);
    assert.deepEqual(notes, ['Still waiting for big: it is being connected to']);
    finish();
    await answer;
  });

  it('says nothing while a person is asked', async () => {
    isAsking = true;
    const asked: string[] = [];
    const answer = begin(status({}), asked);
    await waitFor('the time when it would be said', () => looks > 0);
    finish();
    await answer;
    assert.deepEqual([notes, asked], [[], ['engine/cancelJob']]);
  });
});
