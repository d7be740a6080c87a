// slurm-watchers list: the watchers, by job, with what they have seen.
import type { Command } from 'commander';
import { describeChain } from '../../engine/words';
import { toWatcherJson } from '../json';
import { toTable, withColumn } from '../output';
import { withEngine, type Context } from './command';

interface ListOptions {
  readonly job?: string;
  readonly cluster?: string;
  readonly all?: true;
  readonly json?: true;
}

export function addList(program: Command, context: Context): void {
  program
    .command('list')
    .description('list the watchers of live jobs')
    .option('--job <id>', 'only those of this job')
    .option('--cluster <name>', 'only those on this cluster')
    .option('--all', 'those of ended jobs too')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers list --job 42')
    .action(async ({ job, cluster, all, json }: ListOptions) => {
      const filter = {
        ...(job === undefined ? {} : { job }),
        ...(cluster === undefined ? {} : { cluster }),
        ...(all || job !== undefined ? {} : { live: true }),
      };
      const { watchers, jobs } = await withEngine(
        context,
        { start: true, settings: 'optional' },
        async (link) => ({
          watchers: await link.request('engine/watchers', filter),
          jobs: new Map((await link.request('engine/jobs', filter)).map((found) => [found.key, found])),
        }),
      );
      if (json) {
        context.output.json(
          watchers.map((watcher) => toWatcherJson(watcher, jobs.get(watcher.job))),
          'pretty',
        );
      } else if (watchers.length === 0) {
        context.output.line(
          job === undefined && !all
            ? 'No live job has watchers. Submit a script that has some: slurm-watchers run train.sh'
            : 'There are no such watchers.',
        );
      } else {
        const rows = watchers.map(({ id, job: key, definition, progress }) => [
          id,
          jobs.get(key)?.cluster ?? '',
          jobs.get(key)?.id ?? '',
          progress.state,
          String(progress.triggerCount),
          definition.name,
          Object.entries(progress.variables)
            .map(([name, value]) => `${name}=${value}`)
            .join(' '),
        ]);
        const header = ['ID', 'CLUSTER', 'JOB', 'STATE', 'TRIGGERS', 'NAME', 'LAST VALUES'];
        const cells = watchers.map(({ job: key }) => {
          const found = jobs.get(key);
          return found && describeChain(found, (other) => jobs.get(other));
        });
        for (const line of toTable(...withColumn(header, rows, { title: 'CHAIN', cells })))
          context.output.line(line);
      }
      context.exit(0);
    });
}
