// The real store keeps what every store promises, with its journal alone and with snapshots after every few commits.
import assert from 'node:assert/strict';
import { storeConformance } from '../storeConformance';
import { eventChange } from '../storeSamples';
import { StoreFolder } from './storeFolder';

const conformanceWith = (name: string, snapshotBytes: number): void => {
  storeConformance(name, () => {
    const folder = new StoreFolder();
    return Promise.resolve({
      open: async () => {
        await folder.close();
        return folder.open({ snapshotBytes });
      },
      close: () => folder.remove(),
    });
  });
};

conformanceWith('sqlite, from its journal', 1e9);
conformanceWith('sqlite, from snapshots', 1);

describe('the sqlite store, of very much text', () => {
  const folder = new StoreFolder();
  after(() => folder.remove());

  it('gives the newest events that fit into one answer, over pages, and says so', async () => {
    const told: string[] = [];
    const store = folder.open({
      answerCharacters: 20_000_000,
      onTrouble: (message) => told.push(message),
    });
    const output = 'x'.repeat(1_000_000);
    await store.commit(Array.from({ length: 40 }, (_, index) => eventChange(index + 1, { output })));
    const ids = (await store.events({})).map(({ id }) => id);
    assert.ok(ids.length >= 20 && ids.length < 30, String(ids.length));
    assert.deepEqual(
      ids,
      Array.from(ids, (_, index) => 41 - ids.length + index),
    );
    assert.match(told[0] ?? '', /^Events were asked for that are too long/);
    assert.equal((await store.events({ beforeId: ids[0] ?? 0, limit: 1 })).length, 1);
    assert.equal((await store.events({ limit: 15 })).length, 15);
    assert.equal(told.length, 1);
  });
});
