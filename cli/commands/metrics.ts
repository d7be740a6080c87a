// slurm-watchers metrics: the numbers that store_metric kept.
import type { Command } from 'commander';
import { toClockTime } from '../eventLine';
import { toMetricJson } from '../json';
import { toTable } from '../output';
import { withEngine, type Context } from './command';
import { parseLimit, toRecordFilter, type RecordOptions } from './filters';

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
    .option('--limit <n>', 'the newest so many', parseLimit)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers metrics --job 42 --name train_loss')
    .action(async (options: MetricOptions) => {
      const filter = {
        ...toRecordFilter(options),
        ...(options.name === undefined ? {} : { name: options.name }),
      };
      const metrics = await withEngine(context, { start: true, settings: 'optional' }, (link) =>
        link.request('engine/metrics', filter),
      );
      if (options.json) context.output.json(metrics.map(toMetricJson), 'pretty');
      else if (metrics.length === 0)
        context.output.line('No such values are stored. The action store_metric keeps some.');
      else {
        const rows = metrics.map(({ time, jobId, name, step, value, unit }) => [
          toClockTime(time),
          jobId,
          name,
          String(step),
          `${value}${unit === null ? '' : ` ${unit}`}`,
        ]);
        for (const line of toTable(['TIME', 'JOB', 'NAME', 'STEP', 'VALUE'], rows)) context.output.line(line);
      }
      context.exit(0);
    });
}
