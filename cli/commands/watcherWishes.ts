// What the commands pause, resume, rearm, trigger and delete have in common: watchers by id, by job, or all.
import type { Command } from 'commander';
import { WatchError } from '../../engine/errors';
import type { EngineLink } from '../../engine/link/greet';
import type { Job, Watcher, WatcherId } from '../../engine/model';
import type { Refusal } from '../../engine/rules';
import { toWatcherJson } from '../json';
import type { ExitCode } from '../output';
import { withEngine, type Context } from './command';

export interface ChoiceOptions {
  readonly job?: string;
  readonly all?: true;
  readonly json?: true;
}

export interface WatcherWish<Options extends ChoiceOptions> {
  readonly name: string;
  readonly description: string;
  /** What follows `slurm-watchers <name>` in an example. */
  readonly example: string;
  /** Which watchers of a job, or of all jobs, are meant if none is named. `job`: undefined if it is not known. */
  readonly isMeant: (watcher: Watcher, job: Job | undefined) => boolean;
  /** Why one of them is not; absent if that is plain. */
  readonly explain?: (watcher: Watcher, job: Job | undefined) => Refusal | undefined;
  /**
   * Gives the watchers as they are afterwards; null where they are gone, `shown` if nothing more was wanted, `declined` if the person
   * did not agree.
   */
  readonly ask: (
    link: EngineLink,
    watchers: readonly WatcherId[],
    options: Options,
  ) => Promise<readonly Watcher[] | null | 'shown' | 'declined'>;
}

/** Gives the command, for options of its own. */
export function addWatcherWish<Options extends ChoiceOptions>(
  program: Command,
  context: Context,
  wish: WatcherWish<Options>,
): Command {
  return program
    .command(wish.name)
    .description(wish.description)
    .argument('[watchers...]', 'ids of watchers, as "slurm-watchers list" shows them')
    .option('--job <id>', 'those of this job')
    .option('--all', 'those of all live jobs')
    .option('--json', 'print JSON')
    .addHelpText('after', `\nExample:\n  slurm-watchers ${wish.name} ${wish.example}`)
    .action(async (ids: readonly string[], options: Options) => {
      const code = await withEngine(context, { start: true }, async (link): Promise<ExitCode> => {
        const chosen = await choose(link, { ids, options, wish });
        const watchers = await wish.ask(link, chosen, options);
        if (watchers === 'declined') return 1;
        if (watchers === 'shown') return 0;
        if (options.json) {
          const jobs = await link.request('engine/jobs', {});
          const rows = (watchers ?? []).map((watcher) =>
            toWatcherJson(
              watcher,
              jobs.find(({ key }) => key === watcher.job),
            ),
          );
          context.output.json(watchers === null ? chosen : rows, 'pretty');
        } else if (watchers === null) for (const id of chosen) context.output.line(`${id} deleted`);
        else
          for (const { id, definition, progress } of watchers)
            context.output.line(`${id} ${progress.state} ${definition.name}`);
        return 0;
      });
      context.exit(code);
    });
}

async function choose<Options extends ChoiceOptions>(
  link: EngineLink,
  {
    ids,
    options: { job, all },
    wish,
  }: { readonly ids: readonly string[]; readonly options: Options; readonly wish: WatcherWish<Options> },
): Promise<readonly WatcherId[]> {
  const ways = [ids.length > 0, job !== undefined, all === true].filter(Boolean).length;
  if (ways !== 1)
    throw new WatchError(
      'bad-request',
      ways === 0 ? 'No watcher was named.' : 'Watchers were named in more than one way.',
      'Give ids, or --job, or --all.',
    );
  if (ids.length > 0) return ids;
  const filter = job === undefined ? { live: true } : { job };
  const watchers = await link.request('engine/watchers', filter);
  const jobs = new Map((await link.request('engine/jobs', filter)).map((found) => [found.key, found]));
  const meant = watchers.filter((watcher) => wish.isMeant(watcher, jobs.get(watcher.job)));
  if (meant.length > 0) return meant.map(({ id }) => id);
  const [reason] = watchers.flatMap((watcher) => wish.explain?.(watcher, jobs.get(watcher.job)) ?? []);
  throw new WatchError(
    'not-found',
    `There is no watcher to ${wish.name}.${reason ? ` ${reason.message}` : ''}`,
    reason?.remedy ?? 'See "slurm-watchers list --all".',
  );
}
