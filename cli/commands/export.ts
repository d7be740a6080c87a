// slurm-watchers export: events or metrics as CSV, JSON or OpenMetrics text, for other programs.
import { writeFile } from 'node:fs/promises';
import { Argument, Option, type Command } from 'commander';
import { WatchError } from '../../engine/errors';
import { toJson } from '../../language/show/json';
import { toEventCsv, toMetricCsv, toOpenMetrics } from '../../engine/exportText';
import { toEventJson, toMetricJson } from '../../engine/recordJson';
import { withEngine, type Context } from './command';
import { parseLimit, tellOlder, toRecordFilter, type RecordOptions } from './filters';

type Format = 'csv' | 'json' | 'openmetrics';

interface ExportOptions extends RecordOptions {
  readonly format: Format;
  readonly file?: string;
}

export function addExport(program: Command, context: Context): void {
  program
    .command('export')
    .description('write events or metrics for other programs')
    .addArgument(new Argument('<what>', 'what to write').choices(['events', 'metrics']))
    .addOption(new Option('--format <format>', 'how').choices(['csv', 'json', 'openmetrics']).default('csv'))
    .option('--job <id>', 'only of this job')
    .option('--cluster <name>', 'only on this cluster')
    .option('--watcher <id>', 'only of this watcher')
    .option('--limit <n>', 'only the newest, this many', parseLimit)
    .option('--file <path>', 'write to this file instead of standard output')
    .addHelpText('after', '\nExample:\n  slurm-watchers export metrics --job 42 --format csv --file loss.csv')
    .action(async (what: 'events' | 'metrics', options: ExportOptions) => {
      const text = await toText(what, options, context);
      if (options.file === undefined) context.output.raw(text);
      else await write(options.file, text);
      context.exit(0);
    });
}

async function toText(what: 'events' | 'metrics', options: ExportOptions, context: Context): Promise<string> {
  const filter = toRecordFilter(options);
  if (what === 'metrics') {
    const metrics = await withEngine(context, { start: true, settings: 'optional' }, (link) =>
      link.request('engine/metrics', filter),
    );
    if (options.format === 'openmetrics') return toOpenMetrics(metrics);
    return options.format === 'csv' ? toMetricCsv(metrics) : toJsonText(metrics.map(toMetricJson));
  }
  if (options.format === 'openmetrics')
    throw new WatchError(
      'bad-request',
      'OpenMetrics is a format for metrics.',
      'Export events as csv or json.',
    );
  const events = await withEngine(context, { start: true, settings: 'optional' }, async (link) => {
    const found = await link.request('engine/events', filter);
    await tellOlder(filter, found, { link, output: context.output });
    return found;
  });
  return options.format === 'csv' ? toEventCsv(events) : toJsonText(events.map(toEventJson));
}

const toJsonText = (rows: readonly object[]): string => `${toJson(rows, 'pretty')}\n`;

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WatchError('bad-request', `Cannot write ${path}: ${reason}`, 'Check the path.', error);
  }
}
