// The store's files: what cuts, flipped bytes, late writers and full disks do to them, and what they never do.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { printChanges } from '../../../engine/io/changeText';
import { DurableStore } from '../../../engine/io/durableStore';
import { migrations } from '../../../engine/io/schema';
import { writeSnapshot } from '../../../engine/io/snapshot';
import type { WatchError } from '../../../engine/errors';
import { eventChange, jobChange, sampleEvent } from '../storeSamples';

/** Nothing leaves for archives. */
const limits = { recentMs: 1e15, recentRows: 1e9, keepMonths: null };

const fullDisk = join(__dirname, 'fullDisk.ts');

describe('durable store', () => {
  let sql: SqlJsStatic;
  let directory: string;
  let folders: string[];
  let opened: DurableStore[];
  let troubles: string[];
  before(async () => {
    sql = await initSqlJs();
  });
  beforeEach(() => {
    folders = [];
    opened = [];
    troubles = [];
    directory = newFolder();
  });
  afterEach(async () => {
    await closeAll();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'slurm-watchers-store-'));
    folders.push(folder);
    return folder;
  };
  const open = async (generation = 1, snapshotBytes = 1e9, folder = directory): Promise<DurableStore> => {
    const store = await DurableStore.open({
      directory: folder,
      home: directory,
      generation,
      snapshotBytes,
      sql,
      limits,
      onTrouble: (message) => troubles.push(message),
    });
    opened.push(store);
    return store;
  };
  const closeAll = async (): Promise<void> => {
    for (const store of opened.splice(0)) await store.close();
  };
  const write = (store: DurableStore, ...ids: number[]): void => {
    for (const id of ids) {
      store.write([printChanges([eventChange(id)])]);
      store.absorb();
    }
  };
  const eventsOf = (store: DurableStore): number[] =>
    store
      .page({ table: 'events', filter: {} }, null, 1e6)
      .rows.map(({ key }) => key)
      .reverse();
  /** Opens, asks and closes. */
  const eventsIn = async (generation: number, folder = directory): Promise<number[]> => {
    const store = await open(generation, 1e9, folder);
    const events = eventsOf(store);
    await closeAll();
    return events;
  };
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  const files = (): string[] => readdirSync(directory).sort();
  const take = (generation: number): void => {
    writeFileSync(join(directory, `generation-${generation}`), '');
  };
  const flip = (path: string, at: number, bits: number): void => {
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(at) ^ bits, at);
    writeFileSync(path, bytes);
  };
  const hasCode =
    (code: WatchError['code']) =>
    (error: WatchError): boolean =>
      error.code === code && error.remedy !== '';

  describe('a file that somebody has put there', () => {
    /** The store of another home, with events 1 to 3 of generation 98 and 99. */
    const makeOther = async (): Promise<string> => {
      const other = newFolder();
      write(await open(98, 1e9, other), 1, 2);
      await closeAll();
      write(await open(99, 1e9, other), 3);
      await closeAll();
      return other;
    };
    const bring = (from: string, name: string): void => {
      copyFileSync(join(from, name), join(directory, name));
    };
    beforeEach(async () => {
      take(1);
      write(await open(1), ...upTo(12));
      await closeAll();
    });

    it('is put aside and told, a journal of another store as well as one that cannot be read', async () => {
      bring(await makeOther(), 'journal-99');
      writeFileSync(join(directory, 'journal-97'), 'nothing of ours');
      writeFileSync(join(directory, 'snapshot-99.sqlite'), 'nothing of ours');
      // As the election has it.
      take(100);
      const store = await open(100);
      assert.deepEqual(eventsOf(store), upTo(12));
      const told = store.load().trouble.join('\n');
      for (const name of ['stray-journal-97', 'stray-journal-99', 'stray-snapshot-99.sqlite']) {
        assert.match(told, new RegExp(`does not belong to this store .* now called ${name}:`));
        assert.ok(files().includes(name), name);
      }
      write(store, 13);
      await closeAll();
      assert.deepEqual(await eventsIn(100), upTo(13));
    });

    it('is put aside though it is a whole snapshot of another store', async () => {
      const other = newFolder();
      write(await open(99, 1, other), 1, 2, 3);
      await closeAll();
      const snapshot = readdirSync(other).find((name) => name.startsWith('snapshot-')) ?? '';
      bring(other, snapshot);
      take(100);
      assert.deepEqual(await eventsIn(100), upTo(12));
      assert.ok(files().includes(`stray-${snapshot}`));
    });

    it('is the store itself if nothing else is there', async () => {
      const other = await makeOther();
      rmSync(join(directory, 'journal-1'));
      for (const name of ['journal-98', 'journal-99']) bring(other, name);
      take(100);
      assert.deepEqual(await eventsIn(100), upTo(3));
      assert.deepEqual(troubles, []);
    });

    it('is used if it follows from what is there: a copy that was made while an engine worked', async () => {
      write(await open(2), 13);
      await closeAll();
      write(await open(3), 14);
      await closeAll();
      take(4);
      assert.deepEqual(await eventsIn(4), upTo(14));
    });

    it('is left alone if it is no file', async () => {
      mkdirSync(join(directory, 'journal-99'));
      execFileSync('mkfifo', [join(directory, 'snapshot-99.sqlite')]);
      take(100);
      assert.deepEqual(await eventsIn(100), upTo(12));
    });
  });

  describe('a journal', () => {
    beforeEach(async () => {
      write(await open(), ...upTo(12));
      await closeAll();
    });
    const copyOf = (): string => {
      const copy = newFolder();
      cpSync(directory, copy, { recursive: true });
      return copy;
    };

    it('that is cut anywhere holds the commits before the cut, and nothing is amiss', async () => {
      const { length } = readFileSync(join(directory, 'journal-1'));
      await fc.assert(
        fc.asyncProperty(fc.nat(length), async (at) => {
          const copy = copyOf();
          truncateSync(join(copy, 'journal-1'), at);
          const store = await open(2, 1e9, copy);
          assert.deepEqual(store.load().trouble, []);
          const events = eventsOf(store);
          assert.deepEqual(events, upTo(events.length));
          assert.ok(at < length || events.length === 12);
          write(store, 100);
          await closeAll();
          assert.deepEqual(await eventsIn(3, copy), [...events, 100]);
        }),
        { numRuns: 60 },
      );
    });

    it('with any flipped bit holds the commits before it, says so, and is kept aside', async () => {
      const { length } = readFileSync(join(directory, 'journal-1'));
      await fc.assert(
        fc.asyncProperty(fc.nat(length - 1), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
          const copy = copyOf();
          flip(join(copy, 'journal-1'), at, 1 << bit);
          const damaged = readFileSync(join(copy, 'journal-1'));
          const store = await open(2, 1e9, copy);
          const events = eventsOf(store);
          assert.deepEqual(events, upTo(events.length));
          assert.ok(events.length < 12);
          assert.match(store.load().trouble.join('\n'), /journal-1 is damaged after \d+ bytes/);
          assert.deepEqual(store.load().trouble, [], 'told once');
          assert.deepEqual(readFileSync(join(copy, 'damaged-journal-1')), damaged);
          write(store, 100);
          await closeAll();
          assert.deepEqual(await eventsIn(3, copy), [...events, 100]);
        }),
        { numRuns: 60 },
      );
    });

    it('that ends in zeros after a power cut is only torn', async () => {
      const path = join(directory, 'journal-1');
      writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(4096)]));
      const store = await open(2);
      assert.deepEqual(store.load().trouble, []);
      assert.deepEqual(eventsOf(store), upTo(12));
    });

    it('that is shorter than its successor had read it is damaged, and its successors do not count', async () => {
      write(await open(2), 13);
      await closeAll();
      truncateSync(join(directory, 'journal-1'), readFileSync(join(directory, 'journal-1')).length - 1);
      const store = await open(3);
      assert.deepEqual(eventsOf(store), upTo(11));
      assert.match(
        store.load().trouble.join('\n'),
        /journal-1 is damaged.*\n.*journal-2 comes after the damage/,
      );
      assert.deepEqual(
        files().filter((name) => name.startsWith('damaged-')),
        ['damaged-journal-1', 'damaged-journal-2'],
      );
      await closeAll();
      assert.deepEqual(await eventsIn(4), upTo(11));
    });

    it('that is missing at the beginning is store-damaged, and nothing is touched', async () => {
      write(await open(2), 13);
      await closeAll();
      rmSync(join(directory, 'journal-1'));
      await assert.rejects(open(3), hasCode('store-damaged'));
      assert.deepEqual(files(), ['journal-2']);
    });

    it('is never continued, not even by its own generation', async () => {
      const before = readFileSync(join(directory, 'journal-1'));
      write(await open(1), 13);
      await closeAll();
      assert.deepEqual(readFileSync(join(directory, 'journal-1')), before);
      assert.deepEqual(files(), ['journal-1', 'journal-1-1']);
      assert.deepEqual(await eventsIn(2), upTo(13));
    });

    it('is not made by an engine that writes nothing', async () => {
      await eventsIn(2);
      assert.deepEqual(files(), ['journal-1']);
    });
  });

  describe('snapshots', () => {
    /** Each commit is followed by a snapshot. */
    const fill = async (count: number): Promise<void> => {
      const store = await open(1, 1);
      for (const id of upTo(count)) {
        write(store, id);
        await store.settle();
      }
      await closeAll();
    };

    it('replace the journals, and the previous one is kept with what came after it', async () => {
      await fill(5);
      assert.deepEqual(files(), ['journal-1-4', 'journal-1-5', 'snapshot-1-4.sqlite', 'snapshot-1-5.sqlite']);
      assert.deepEqual(await eventsIn(2), upTo(5));
      assert.deepEqual(troubles, []);
    });

    it('fall back to the previous one where the newest is damaged anywhere', async () => {
      await fill(5);
      const path = join(directory, 'snapshot-1-5.sqlite');
      const good = readFileSync(path);
      await fc.assert(
        fc.asyncProperty(fc.nat(good.length - 1), async (at) => {
          const copy = newFolder();
          cpSync(directory, copy, { recursive: true });
          flip(join(copy, 'snapshot-1-5.sqlite'), at, 1);
          const store = await open(2, 1e9, copy);
          assert.deepEqual(eventsOf(store), upTo(5));
          assert.match(store.load().trouble.join('\n'), /snapshot-1-5\.sqlite is damaged/);
          assert.ok(existsSync(join(copy, 'damaged-snapshot-1-5.sqlite')));
          write(store, 6);
          await closeAll();
          assert.deepEqual(await eventsIn(3, copy), upTo(6));
        }),
        { numRuns: 25 },
      );
    });

    it('that are all damaged are store-damaged, and nothing is touched', async () => {
      await fill(3);
      for (const name of files()) if (name.startsWith('snapshot-')) truncateSync(join(directory, name), 100);
      const before = files();
      await assert.rejects(open(2), hasCode('store-damaged'));
      assert.deepEqual(files(), before);
    });

    it('that were never finished are removed', async () => {
      await fill(2);
      writeFileSync(join(directory, 'snapshot-1-9.sqlite.tmp'), 'half');
      assert.deepEqual(await eventsIn(2), upTo(2));
      assert.ok(!files().some((name) => name.endsWith('.tmp')));
    });

    it('are made at the end where they save the next start a good deal', async () => {
      const store = await open(1, 8000);
      write(store, 1);
      await closeAll();
      assert.deepEqual(files(), ['journal-1']);
      write(await open(2, 8000), ...upTo(6));
      await closeAll();
      assert.deepEqual(files().at(-1), 'snapshot-2-1.sqlite');
      assert.deepEqual(await eventsIn(3), upTo(6));
    });

    it('are not made by an engine that was superseded', async () => {
      const store = await open(1, 4000);
      write(store, ...upTo(6));
      take(2);
      await closeAll();
      assert.deepEqual(files(), ['generation-2', 'journal-1']);
      assert.deepEqual(troubles, []);
    });

    it('gather the journals of many short lives', async () => {
      for (const generation of upTo(20)) {
        write(await open(generation), generation);
        await closeAll();
      }
      assert.ok(files().some((name) => name.startsWith('snapshot-')));
      assert.deepEqual(await eventsIn(21), upTo(20));
    });

    it('that cannot be made leave the journal and say so', async () => {
      const store = await open(1, 1);
      // What the temporary file would be called is taken by a folder.
      for (const part of upTo(3)) mkdirSync(join(directory, `snapshot-1-${part}.sqlite.tmp`));
      write(store, 1);
      await store.settle();
      assert.match(troubles.join('\n'), /No snapshot of the store could be made/);
      write(store, 2);
      await closeAll();
      for (const part of upTo(3))
        rmSync(join(directory, `snapshot-1-${part}.sqlite.tmp`), { recursive: true, force: true });
      assert.deepEqual(await eventsIn(2), [1, 2]);
    });

    it('open with any sqlite3', async () => {
      const store = await open(1, 1);
      store.write([printChanges([jobChange(), eventChange(1, { result: 'größer 🙂' })])]);
      store.absorb();
      await closeAll();
      const script = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute('PRAGMA integrity_check').fetchone()[0])
print(db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])
print(db.execute('SELECT id, cluster, phase FROM jobs').fetchone())
print(db.execute('SELECT id, matched_text, result FROM events').fetchone())`;
      const python = spawnSync('python3', ['-c', script, join(directory, 'snapshot-1-1.sqlite')], {
        encoding: 'utf8',
        env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
      });
      assert.equal(python.stderr, '');
      assert.equal(
        python.stdout,
        `ok\n${migrations.length}\n('4242', 'main', 'running')\n(1, '${sampleEvent(1).matchedText ?? ''}', 'größer 🙂')\n`,
      );
    });

    it('of newer tables are refused', async () => {
      await fill(1);
      const path = join(directory, 'snapshot-1-1.sqlite');
      const database = new sql.Database(readFileSync(path));
      database.run(`UPDATE meta SET value = '99' WHERE key = 'schema'`);
      await writeSnapshot(directory, { generation: 1, part: 1 }, database.export());
      database.close();
      await assert.rejects(open(2), hasCode('version-mismatch'));
    });
  });

  describe('two engines', () => {
    it('the older one is superseded as soon as the newer has its generation', async () => {
      const older = await open(1);
      write(older, 1);
      take(2);
      const newer = await open(2);
      assert.deepEqual(eventsOf(newer), [1]);
      for (const id of [2, 3])
        assert.throws(() => {
          write(older, id);
        }, hasCode('superseded'));
      assert.deepEqual(eventsOf(older), [1]);
      write(newer, 4);
      await closeAll();
      assert.deepEqual(await eventsIn(3), [1, 4], 'what the loser wrote late never counts');
    });

    it('the older one sees a generation that is several ahead', async () => {
      const older = await open(1);
      take(5);
      assert.throws(() => {
        write(older, 1);
      }, hasCode('superseded'));
    });

    it('what the older one wrote before the newer one read it counts, acknowledged or not', async () => {
      const older = await open(1);
      write(older, 1);
      take(2);
      assert.throws(() => {
        write(older, 2);
      }, hasCode('superseded'));
      const newer = await open(2);
      assert.deepEqual(eventsOf(newer), [1, 2]);
      write(newer, 3);
      await closeAll();
      assert.deepEqual(await eventsIn(3), [1, 2, 3]);
    });

    it('the older one cannot even open', async () => {
      take(2);
      await assert.rejects(open(1), hasCode('superseded'));
    });
  });

  describe('a disk that refuses', () => {
    it('is store-unavailable, and the next attempt is a fresh one', async () => {
      const file = join(directory, 'home');
      writeFileSync(file, 'not a folder');
      await assert.rejects(open(1, 1e9, file), hasCode('store-unavailable'));
      rmSync(file);
      write(await open(1, 1e9, file), 1);
    });

    it('acknowledges nothing while it cannot see whether another engine has taken over', async () => {
      const home = newFolder();
      const store = await DurableStore.open({
        ...{ directory, home, generation: 1, snapshotBytes: 1e9, sql, limits },
        onTrouble: (message) => troubles.push(message),
      });
      opened.push(store);
      write(store, 1);
      renameSync(home, `${home}-away`);
      assert.throws(() => {
        write(store, 2);
      }, hasCode('store-unavailable'));
      renameSync(`${home}-away`, home);
      write(store, 3);
      assert.deepEqual(eventsOf(store), [1, 3]);
      await closeAll();
      assert.deepEqual(await eventsIn(2), [1, 3]);
    });

    it('counts nothing that it refused, and goes on with another journal', async () => {
      const limited = spawnSync(
        'bash',
        [
          '-c',
          'ulimit -f 256 && exec "$@"',
          'bash',
          process.execPath,
          '--import',
          'tsx',
          fullDisk,
          directory,
        ],
        { encoding: 'utf8' },
      );
      assert.equal(limited.stderr, '');
      const outcomes = limited.stdout.trim().split('\n');
      // The one beside it shares the fate of the big one if both were waiting when the worker came to write.
      const beside = outcomes[2] === 'beside it: acknowledged';
      assert.deepEqual(outcomes, [
        'small: acknowledged',
        'too big: store-unavailable',
        `beside it: ${beside ? 'acknowledged' : 'store-unavailable'}`,
        'small: acknowledged',
      ]);
      assert.deepEqual(files(), ['journal-1', 'journal-1-1']);
      const store = await open(2);
      assert.deepEqual(store.load().trouble, []);
      assert.deepEqual(eventsOf(store), beside ? [1, 3, 4] : [1, 4]);
    });
  });
});
