// slurm-watchers clusters: the clusters that there are, and how they are connected.
import type { Command } from 'commander';
import { toClusterJson } from '../json';
import { toTable } from '../output';
import { withEngine, type Context } from './command';

export function addClusters(program: Command, context: Context): void {
  program
    .command('clusters')
    .description('list the clusters: the sandbox, and every Host of your SSH configuration; connects to none')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers clusters')
    .action(async ({ json }: { readonly json?: true }) => {
      const { output } = context;
      const clusters = await withEngine(context, { start: true }, (link) =>
        link.request('engine/clusters', {}),
      );
      if (json) output.json(clusters.map(toClusterJson), 'pretty');
      else {
        const rows = clusters.map(({ name, kind, state, trouble }) => [
          name,
          kind,
          kind === 'sandbox' ? 'ready' : state,
          trouble ?? '',
        ]);
        for (const line of toTable(['NAME', 'KIND', 'STATE', 'TROUBLE'], rows)) output.line(line);
        if (clusters.every(({ kind }) => kind === 'sandbox')) for (const line of advice) output.note(line);
      }
      context.exit(0);
    });
}

const advice = [
  '',
  'No Slurm cluster is configured yet. Give your login node an entry in ~/.ssh/config, as for ssh:',
  '  Host big',
  '    HostName login1.example.org',
  '    User me',
  'or name it as it is: slurm-watchers run train.sh --on me@login1.example.org',
];
