// What jobs must be told of a fault: who is watched before it, and whether each of them has its events afterwards.
import type { Job } from '../../engine/model';
import { waitFor } from '../waitFor';
import type { World } from './world';

export interface Audience {
  readonly jobs: readonly Job[];
  /** What they had been told of before. */
  readonly lastEvent: number;
}

const patienceMs = 90_000;
/** Watchers that are looked at regularly: after a clock's jump a look may be far away. */
const nearMs = 5000;

/** The jobs that run, and whose watchers are due again and again. */
export async function findAudience(world: World): Promise<Audience> {
  const watchers = await world.ask('engine/watchers', { live: true });
  const isDue = ({ state, nextCheck }: (typeof watchers)[number]['progress']): boolean =>
    state === 'active' && nextCheck !== null && Math.abs(nextCheck - world.now()) < nearMs;
  const watched = new Set(watchers.flatMap(({ job, progress }) => (isDue(progress) ? [job] : [])));
  const jobs = (await world.ask('engine/jobs', { live: true })).filter(
    ({ key, phase }) => phase === 'running' && watched.has(key),
  );
  const [newest] = await world.ask('engine/events', { limit: 1 });
  return { jobs, lastEvent: newest?.id ?? 0 };
}

/** Throws where one of them is never told, unless its watching was over `before` (on the engine's clock). */
export async function expectTold(
  world: World,
  { jobs, lastEvent }: Audience,
  { what, before }: { readonly what: RegExp; readonly before: number },
): Promise<void> {
  for (const { key, id } of jobs) {
    const isTold = async (): Promise<boolean> => {
      const events = await world.ask('engine/events', { job: key });
      const isOver = events.some(({ result, time }) => / ended: /.test(result) && time < before);
      return isOver || events.some((event) => event.id > lastEvent && what.test(event.result));
    };
    await waitFor(`job ${id} is told ${what.source}`, isTold, patienceMs).catch(async (error: unknown) => {
      const events = await world.ask('engine/events', { job: key });
      const told = events.map(({ id, time, result }) => `${id} ${new Date(time).toISOString()} ${result}`);
      const since = `after event ${lastEvent}, before ${new Date(before).toISOString()}`;
      throw new Error(`${String(error)}; ${since} it was told: ${told.join('; ')}`);
    });
  }
}
