// What goes wrong in a campaign, whatever the cluster: engines that die, disks, clocks, clients, files cut and flipped.
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WatchError } from '../../engine/errors';
import { journalName, listStoreFiles } from '../../engine/io/storeFiles';
import { clockLookMs } from './clockFile';
import type { CountingJob } from './countingJob';
import type { Random } from './random';
import { waitFor } from '../waitFor';
import type { Fault } from './stage';
import { expectTold, findAudience } from './told';
import type { World } from './world';

const kill: Fault = { name: 'kill -9 of the engine', strike: (world) => world.kill() };

const killTwice: Fault = {
  name: 'kill -9 while the engine starts',
  strike: async (world, random) => {
    await world.kill();
    const starting = world.connect().then(
      (link) => link.close(),
      () => undefined,
    );
    await delay(random.whole(20, 300));
    await world.kill();
    await starting;
  },
};

/** An engine that finds a look long overdue says since when nobody watched. */
const absence: Fault = {
  name: 'no engine for 14 s',
  isLong: true,
  strike: async (world) => {
    const audience = await findAudience(world);
    const before = world.now();
    await world.kill();
    await delay(14_000);
    await expectTold(world, audience, { what: /watching goes on after/, before });
  },
};

const clockJump: Fault = {
  name: 'clock jump',
  strike: (world, random) => {
    const seconds = random.pick([-86_400, -3600, -30, 0, 30, 3600, 86_400]);
    world.setClock(seconds * 1000);
    // The engine looks at its clock's file from time to time; what is held goes on by the new one.
    return delay(2 * clockLookMs);
  },
};

const hangUp: Fault = { name: 'closed window', strike: (world) => world.hangUp() };

const secondClient: Fault = {
  name: 'two clients at once',
  strike: async (world) => {
    const links = await Promise.all([world.connect(), world.connect()]);
    await Promise.all(links.map((link) => link.request('engine/events', { limit: 10 })));
    await Promise.all(links.map((link) => link.close()));
  },
};

const refusedMessages: Fault = {
  name: 'refused messages',
  strike: async ({ inbox }, random) => {
    inbox.manner = random.pick(['busy', 'broken', 'cut']);
    await delay(random.whole(300, 3000));
    inbox.manner = 'open';
  },
};

const pauseAndResume: Fault = {
  name: 'pause and resume',
  strike: async (world) => {
    const live = await world.ask('engine/watchers', { live: true });
    const watchers = live.filter(({ progress }) => progress.state === 'active').map(({ id }) => id);
    // Each by itself: the job of any may end meanwhile.
    const unlessEnded = (error: unknown): void => {
      if (!(error instanceof WatchError && error.code === 'not-found')) throw error;
    };
    for (const id of watchers) await world.ask('engine/pause', { watchers: [id] }).catch(unlessEnded);
    for (const id of watchers)
      await world.ask('engine/resume', { watchers: [id], missed: 'match' }).catch(unlessEnded);
  },
};

const fullDisk: Fault = {
  name: 'full disk',
  strike: async (world, random) => {
    await whileFull(world, async () => {
      await delay(random.whole(200, 2500));
      if (random.next() < 0.3) await world.kill();
    });
  },
};

const longFullDisk: Fault = {
  name: 'full disk for long',
  isLong: true,
  strike: async (world) => {
    const findTroubles = async (): Promise<readonly string[]> =>
      (await world.ask('engine/status', {})).clusters.flatMap(({ trouble }) => trouble ?? []);
    const untilWell = (): Promise<boolean> =>
      waitFor('no trouble', async () => (await findTroubles()).length === 0, 90_000);
    await untilWell();
    const audience = await findAudience(world);
    if (audience.jobs.length === 0) return;
    await whileFull(world, async () => {
      // The journal has kept room for a while; and the sandbox itself, on the same disk, may be in trouble before.
      const isRefused = async (): Promise<boolean> => {
        // What a snapshot has replaced meanwhile made room.
        fill(world);
        return (await findTroubles()).some((trouble) => /store could not be used/.test(trouble));
      };
      // Where all jobs have ended within that room nothing is written any more, and nobody is there to be told.
      const isOver = async (): Promise<boolean> =>
        (await world.ask('engine/jobs', { live: true })).length === 0;
      await waitFor(
        'that nothing can be stored',
        async () => (await isRefused()) || (await isOver()),
        120_000,
      );
      // A disk that is full for less than one of the engine's looks is not worth a word, and looks take their time.
      const seen = await countCommands(world);
      const end = performance.now() + longestLooksMs;
      while (performance.now() < end && (await countCommands(world)) < seen + looks) await delay(200);
    });
    await untilWell();
    const before = world.now();
    await expectTold(world, audience, {
      what: /nothing could be stored for|The store could not be used/,
      before,
    });
  },
};

/** Commands on the cluster that make two whole looks at it, at least. */
const looks = 6;
const longestLooksMs = 20_000;

const countCommands = async (world: World): Promise<number> =>
  (await world.ask('engine/status', {})).clusters.reduce((sum, { commands }) => sum + commands, 0);

async function whileFull(world: World, deed: () => Promise<void>): Promise<void> {
  fill(world);
  try {
    await deed();
  } finally {
    if (world.disk !== null) rmSync(ballastOf(world.disk), { force: true });
  }
}

const ballastOf = (disk: string): string => join(disk, 'ballast');

function fill({ disk }: World): void {
  if (disk === null) return;
  for (let size = 1 << 20; size > 64;) {
    try {
      writeFileSync(ballastOf(disk), Buffer.alloc(size), { flag: 'a' });
    } catch {
      size >>= 1;
    }
  }
}

/** The one fault that may take what was acknowledged: afterwards it is told, and what can be read again is. */
export const damageName = 'damaged store';

/** Cuts a file of the store short, or flips a bit of it, while no engine runs. */
const createDamage = (jobs: () => readonly CountingJob[]): Fault => ({
  name: damageName,
  strike: async (world, random) => {
    world.damages++;
    await world.kill();
    const copy = join(world.directory, 'store-copy');
    cpSync(world.store, copy, { recursive: true });
    const { length } = world.log();
    try {
      const mayLookTorn = harm(world.store, random);
      await world.ask('engine/status', {});
      const isTold = await expectDamageTold(world, world.log().slice(length));
      if (isTold || mayLookTorn) return;
      for (const job of jobs())
        if (!(await job.isKnown(world))) throw new Error(`job ${job.id} was forgotten, and nobody was told`);
    } catch (error) {
      // Where no whole beginning is left it says so, and a person brings the files back.
      if (!(error instanceof WatchError && error.code === 'store-damaged')) throw error;
      await world.hangUp();
      for (const name of readdirSync(world.store)) rmSync(join(world.store, name), { recursive: true });
      cpSync(copy, world.store, { recursive: true });
    } finally {
      world.damages++;
      rmSync(copy, { recursive: true, force: true });
      // What was kept aside would fill the small disk in the end.
      for (const name of readdirSync(world.store))
        if (name.startsWith('damaged-')) rmSync(join(world.store, name), { force: true });
    }
  },
});

/** Every job that is watched is told what the log says of the store. Gives whether that is anything. */
async function expectDamageTold(world: World, log: string): Promise<boolean> {
  const sentences = [
    ...log.matchAll(/(?:journal|snapshot)-\S+ (?:is damaged|is missing|comes after)[^\n]*/g),
  ];
  for (const { key, id } of await world.ask('engine/jobs', { live: true })) {
    const told = (await world.ask('engine/events', { job: key, kind: 'error' })).map(({ result }) => result);
    for (const [sentence] of sentences)
      if (!told.includes(sentence)) throw new Error(`job ${id} was not told that ${sentence}`);
  }
  return sentences.length > 0;
}

/** Gives whether it looks like a write that a crash has interrupted: nobody can tell the newest journal's cut from that. */
function harm(directory: string, random: Random): boolean {
  const names = readdirSync(directory).filter((name) => /^(journal|snapshot)-/.test(name));
  if (names.length === 0) return false;
  const name = random.pick(names);
  const path = join(directory, name);
  const { size } = statSync(path);
  if (size === 0) return false;
  if (random.next() < 0.5) {
    const newest = listStoreFiles(directory).journals.at(-1);
    truncateSync(path, random.whole(0, size - 1));
    return newest !== undefined && name === journalName(newest);
  }
  const bytes = readFileSync(path);
  const at = random.whole(0, size - 1);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.whole(0, 7)), at);
  writeFileSync(path, bytes);
  return false;
}

/** For a stage's faults, and for those of the outputs of the jobs that run. */
export function listFaults(world: World, jobs: () => readonly CountingJob[]): readonly Fault[] {
  const onJob = (name: string, harmIt: (job: CountingJob) => void): Fault => ({
    name,
    strike: (_world, random) => {
      // What one of its watchers ends has lines up to its end, whenever that is.
      const running = jobs().filter(({ isStopped }) => !isStopped);
      if (running.length > 0) harmIt(random.pick(running));
      return Promise.resolve();
    },
  });
  return [
    ...[kill, kill, killTwice, clockJump, hangUp, secondClient, pauseAndResume, refusedMessages],
    ...[createDamage(jobs), absence],
    onJob('truncated output', (job) => {
      job.truncate();
    }),
    onJob('replaced output', (job) => {
      job.replace();
    }),
    ...(world.disk !== null && existsSync(world.disk) ? [fullDisk, longFullDisk] : []),
  ];
}
