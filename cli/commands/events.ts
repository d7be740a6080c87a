// slurm-watchers events: what happened, oldest first, and with --follow what happens.
import type { Command } from 'commander';
import type { EventFilter } from '../../engine/protocol';
import type { WatchEvent } from '../../engine/model';
import { WatchError } from '../../engine/errors';
import { Mirror, MirrorKeeper } from '../../engine/link/mirror';
import { printEvent } from '../eventLine';
import { toEventJson } from '../json';
import { createFailure, toSteadyOptions, withEngine, type Context } from './command';
import { parseLimit, toRecordFilter, type RecordOptions } from './filters';

const kinds: readonly WatchEvent['kind'][] = ['trigger', 'action', 'skip', 'error', 'state', 'gap'];

interface EventOptions extends RecordOptions {
  readonly kind?: string;
  readonly follow?: true;
}

export function addEvents(program: Command, context: Context): void {
  program
    .command('events')
    .description('list what happened: triggers, actions, errors, changes of state, gaps')
    .option('--job <id>', 'only of this job')
    .option('--cluster <name>', 'only on this cluster')
    .option('--watcher <id>', 'only of this watcher')
    .option('--kind <kind>', `only of this kind: ${kinds.join(', ')}`)
    .option('--limit <n>', 'only the newest, this many', parseLimit)
    .option('--follow', 'go on with what happens, until Ctrl+C')
    .option('--json', 'print JSON; with --follow one object a line')
    .addHelpText('after', '\nExample:\n  slurm-watchers events --job 42 --follow')
    .action(async (options: EventOptions) => {
      const filter = { ...toRecordFilter(options), ...toKind(options.kind) };
      if (options.follow) await follow(filter, options.json === true, context);
      else {
        const events = await withEngine(context, { start: true, settings: 'optional' }, (link) =>
          link.request('engine/events', filter),
        );
        if (options.json) context.output.json(events.map(toEventJson), 'pretty');
        else for (const event of events) printEvent(event, context.output);
      }
      context.exit(0);
    });
}

function toKind(text: string | undefined): Pick<EventFilter, 'kind'> {
  if (text === undefined) return {};
  const kind = kinds.find((known) => known === text);
  if (!kind)
    throw new WatchError(
      'bad-request',
      `There is no kind of event called "${text}".`,
      `Use one of: ${kinds.join(', ')}.`,
    );
  return { kind };
}

/** Asks the engine again at each change: its filter is the only one. The limit is for what there is at first. */
async function follow({ limit, ...filter }: EventFilter, json: boolean, context: Context): Promise<void> {
  const { failed, fail } = createFailure();
  const first = limit === undefined ? {} : { limit };
  const keeper = new MirrorKeeper(new Mirror(), {
    fetch: async (last) => {
      const wanted = { ...filter, ...(last === 0 ? first : { afterId: last }) };
      return { jobs: [], watchers: [], events: await link.request('engine/events', wanted) };
    },
    onFilled: (events) => {
      for (const event of events)
        if (json) context.output.json(toEventJson(event));
        else printEvent(event, context.output);
    },
    onChange: () => undefined,
    onFailed: fail,
  });
  const link = await context.connectSteadily({
    ...toSteadyOptions(keeper),
    settings: 'optional',
    onChange: ({ events }) => {
      if (events.length > 0) keeper.fill();
    },
  });
  try {
    await Promise.race([context.interrupted, failed]);
  } finally {
    await link.close();
  }
}
