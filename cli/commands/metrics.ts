// slurm-watchers metrics: the numbers that store_metric kept.
import type { Command } from 'commander';
import type { Metric } from '../../engine/model';
import { toClockTime } from '../eventLine';
import { toMetricJson } from '../../engine/recordJson';
import { toTable, type Output } from '../output';
import { withEngine, type Context } from './command';
import { parseLimit, tellUnknown, toRecordFilter, type RecordOptions } from './filters';

interface MetricOptions extends RecordOptions {
  readonly name?: string;
}

export function addMetrics(program: Command, context: Context): void {
  program
    .command('metrics')
    .description('list the stored values of metrics')
    .option('--job <id>', 'only of this job')
    .option('--cluster <name>', 'only on this cluster')
    .option('--watcher <id>', 'only of this watcher')
    .option('--name <name>', 'only this metric')
    .option('--limit <n>', 'only the newest, this many', parseLimit)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers metrics --job 42 --name train_loss')
    .action(async (options: MetricOptions) => {
      const filter = {
        ...toRecordFilter(options),
        ...(options.name === undefined ? {} : { name: options.name }),
      };
      const { output } = context;
      const json = options.json === true;
      const code = await withEngine(context, { start: true, settings: 'optional' }, async (link) => {
        const metrics = await link.request('engine/metrics', filter);
        if (json) output.json(metrics.map(toMetricJson), 'pretty');
        const isUnknown = metrics.length === 0 && (await tellUnknown(filter, link, { output, json }));
        if (!json && !isUnknown) printMetrics(metrics, output);
        return isUnknown ? 1 : 0;
      });
      context.exit(code);
    });
}

function printMetrics(metrics: readonly Metric[], output: Output): void {
  if (metrics.length === 0) {
    output.line('No such values are stored. The action store_metric keeps some.');
    return;
  }
  const rows = metrics.map(({ time, jobId, name, step, value, unit }) => [
    toClockTime(time),
    jobId,
    name,
    String(step),
    `${value}${unit === null ? '' : ` ${unit}`}`,
  ]);
  for (const line of toTable(['TIME', 'JOB', 'NAME', 'STEP', 'VALUE'], rows)) output.line(line);
}
