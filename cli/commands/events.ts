// slurm-watchers events: what happened, oldest first, and with --follow what happens.
import type { Command } from 'commander';
import type { EventFilter } from '../../engine/protocol';
import type { WatchEvent } from '../../engine/model';
import { WatchError } from '../../engine/errors';
import { Mirror, MirrorKeeper } from '../../engine/link/mirror';
import { printEvent } from '../eventLine';
import { toEventJson } from '../../engine/recordJson';
import { createFailure, toSteadyOptions, withEngine, type Context } from './command';
import { parseLimit, tellOlder, tellUnknown, toRecordFilter, type RecordOptions } from './filters';
import type { ExitCode } from '../output';
import { actionTypes, findAction } from '../../language/actionTable';

const kinds: readonly WatchEvent['kind'][] = ['trigger', 'action', 'skip', 'error', 'state', 'gap'];

interface EventOptions extends RecordOptions {
  readonly kind?: string;
  readonly action?: string;
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
    .option('--action <name>', 'only of this action, such as run_command')
    .option('--limit <n>', 'only the newest, this many', parseLimit)
    .option('--follow', 'go on with what happens, until Ctrl+C')
    .option('--json', 'print JSON; with --follow one object a line')
    .addHelpText('after', '\nExample:\n  slurm-watchers events --job 42 --follow')
    .action(async (options: EventOptions) => {
      const filter = { ...toRecordFilter(options), ...toKind(options.kind), ...toAction(options.action) };
      const json = options.json === true;
      context.exit(options.follow ? await follow(filter, json, context) : await list(filter, json, context));
    });
}

function list(filter: EventFilter, json: boolean, context: Context): Promise<ExitCode> {
  const { output } = context;
  return withEngine(context, { start: true, settings: 'optional' }, async (link) => {
    const events = await link.request('engine/events', filter);
    if (json) output.json(events.map(toEventJson), 'pretty');
    else for (const event of events) printEvent(event, output);
    await tellOlder(filter, events, { link, output });
    return events.length === 0 && (await tellUnknown(filter, link, { output, json })) ? 1 : 0;
  });
}

function toKind(text: string | undefined): Pick<EventFilter, 'kind'> {
  if (text === undefined) return {};
  const kind = kinds.find((known) => known === text);
  if (kind) return { kind };
  const action = findAction(text);
  throw new WatchError(
    'bad-request',
    action ? `"${text}" is an action, not a kind of event.` : `There is no kind of event called "${text}".`,
    action ? `Write --action ${action}.` : `Use one of: ${kinds.join(', ')}.`,
  );
}

function toAction(text: string | undefined): Pick<EventFilter, 'action'> {
  if (text === undefined) return {};
  const action = findAction(text);
  if (action) return { action };
  throw new WatchError(
    'bad-request',
    `There is no action called "${text}".`,
    `Use one of: ${actionTypes.join(', ')}.`,
  );
}

/** Asks the engine again at each change: its filter is the only one. The limit is for what there is at first. */
async function follow({ limit, ...filter }: EventFilter, json: boolean, context: Context): Promise<ExitCode> {
  const { failed, fail } = createFailure();
  const first = limit === undefined ? {} : { limit };
  const keeper = new MirrorKeeper(new Mirror(), {
    fetch: async (last) => {
      const wanted = { ...filter, ...(last === 0 ? first : { afterId: last }) };
      const events = await link.request('engine/events', wanted);
      if (last === 0) await tellOlder(wanted, events, { link, output: context.output });
      return { jobs: [], watchers: [], events };
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
    // What is not known yet may come.
    await tellUnknown(filter, link, { output: context.output, json });
    await Promise.race([context.interrupted, failed]);
    return 0;
  } finally {
    await link.close();
  }
}
