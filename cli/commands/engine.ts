// slurm-watchers engine: what the engine's process does, and how to end it.
import type { Command } from 'commander';
import type { ClusterStatus, Time } from '../../engine/model';
import type { WaitingActions } from '../../engine/protocol';
import { count, toAge, toDuration } from '../../engine/words';
import { toStatusJson } from '../json';
import { toTable } from '../output';
import { withEngine, type Context } from './command';

export function addEngine(program: Command, context: Context): void {
  const engine = program
    .command('engine')
    .description("the engine's own process, shared by VS Code and the terminal")
    .addHelpText('after', '\nExample:\n  slurm-watchers engine status');
  engine
    .command('status')
    .description('show whether an engine is running, and how its clusters are')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers engine status --json')
    .action(async ({ json }: { readonly json?: true }) => {
      await printStatus(json === true, context);
    });
  engine
    .command('stop')
    .description('end the engine; watchers go on where they stopped when it is started again')
    .addHelpText('after', '\nExample:\n  slurm-watchers engine stop')
    .action(async () => {
      const link = await context.connect({ start: false, settings: 'optional' });
      if (link) {
        try {
          await link.request('engine/stop', {});
        } finally {
          await link.close();
        }
      }
      context.output.line(
        link
          ? 'The engine has stopped. Nothing is watched until it is started again.'
          : 'No engine is running.',
      );
      context.exit(0);
    });
  engine
    .command('start')
    .description('start the engine if none is running; it resumes the watchers of live jobs')
    .addHelpText('after', '\nExample:\n  slurm-watchers engine start')
    .action(async () => {
      const { pid } = await withEngine(context, { start: true, settings: 'optional' }, (link) =>
        link.request('engine/status', {}),
      );
      context.output.line(`The engine is running (pid ${pid}).`);
      context.exit(0);
    });
}

async function printStatus(json: boolean, context: Context): Promise<void> {
  const { output } = context;
  const link = await context.connect({ start: false, settings: 'optional' });
  try {
    const status = await link?.request('engine/status', {});
    if (json) output.json(toStatusJson(status), 'pretty');
    else if (!status) output.line('No engine is running. It is started when a script is submitted.');
    else {
      const { pid, version, uptimeSeconds, activeWatchers, clusters, waiting = [] } = status;
      output.line(
        `Engine ${version} (pid ${pid}) has been running for ${toDuration(uptimeSeconds * 1000)}, with ${count(activeWatchers, 'active watcher')}.`,
      );
      for (const line of waiting.map((one) => describeWaiting(one, Date.now()))) output.line(line);
      const header = ['CLUSTER', 'KIND', 'STATE', 'COMMANDS', 'READS', 'LAST TICK', 'TROUBLE'];
      const rows = clusters.map((cluster) => [
        cluster.name,
        cluster.kind,
        cluster.state,
        String(cluster.commands),
        String(cluster.reads),
        toTickWords(cluster),
        cluster.trouble ?? '',
      ]);
      for (const line of toTable(header, rows)) output.line(line);
    }
  } finally {
    await link?.close();
  }
  context.exit(0);
}

/** `12 ms, 1 command, 1 read`. */
function toTickWords({ lastTickMs, lastTickCommands, lastTickReads }: ClusterStatus): string {
  if (lastTickMs === null) return '-';
  return `${Math.round(lastTickMs)} ms, ${count(lastTickCommands ?? 0, 'command')}, ${count(lastTickReads ?? 0, 'read')}`;
}

/** `notify_slack waits (3 of them, since 12 min ago): There is no Slack webhook yet.` */
export function describeWaiting(
  { action, reason, isRetried, count, since }: WaitingActions,
  now: Time,
): string {
  const many = count === 1 ? '' : `${count} of them, `;
  return `${action} ${isRetried ? 'is tried again' : 'waits'} (${many}triggered ${toAge(since, now)}): ${reason}`;
}
