// kill -9 under load, again and again on the same files: what was acknowledged is there, once, and no commit is half there.
import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { waitFor } from '../waitFor';
import { StoreFolder } from '../engine/io/storeFolder';

/** More of them: STORE_KILLS=200. */
const kills = Number(process.env['STORE_KILLS'] ?? 20);
/** Small, so that kills hit snapshots too. */
const snapshotBytes = 60_000;

type Victim = ChildProcessByStdio<null, Readable, null>;

const startVictim = (folder: StoreFolder, generation: number): Victim =>
  spawn(
    process.execPath,
    [
      ...['--import', 'tsx', join(__dirname, '../engine/io/storeVictim.ts')],
      ...[folder.path, String(generation), String(snapshotBytes)],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

/** Kills it after `count` acknowledgements; gives the numbers of all commits that it saw acknowledged. */
async function killAfter(count: number, victim: Victim): Promise<number[]> {
  let output = '';
  victim.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ended = once(victim.stdout, 'end');
  try {
    await waitFor(`${count} acknowledgements`, () => output.split('\n').length > count);
  } finally {
    victim.kill('SIGKILL');
    await ended;
  }
  // A last line without its end was being printed: it was acknowledged, and its number may be cut.
  return output.split('\n').slice(0, -1).map(Number);
}

describe('store under kill -9', () => {
  let folder: StoreFolder;
  beforeEach(() => {
    folder = new StoreFolder();
  });
  afterEach(() => folder.remove());

  it(`keeps everything acknowledged over ${kills} kills`, async () => {
    const acknowledged: number[] = [];
    for (let kill = 1; kill <= kills; kill++) {
      folder.takeGeneration(2 * kill - 1);
      acknowledged.push(...(await killAfter(1 + ((kill * 97) % 400), startVictim(folder, 2 * kill - 1))));
      folder.takeGeneration(2 * kill);
      const store = folder.open({ generation: 2 * kill, snapshotBytes });
      assert.deepEqual((await store.load()).trouble, []);
      const events = (await store.events({})).map(({ id }) => id);
      const metrics = (await store.metrics({})).map(({ id }) => id);
      assert.equal(new Set(events).size, events.length, 'an event is there twice');
      assert.deepEqual(metrics, events, 'a commit is half there');
      const stored = new Set(events);
      assert.deepEqual(
        acknowledged.filter((id) => !stored.has(id)),
        [],
        'an acknowledged commit is lost',
      );
      await folder.close();
    }
    assert.ok(
      folder.files().some((name) => name.startsWith('snapshot-')),
      'no snapshot was ever made',
    );
  }).timeout(kills * 10_000);
});
