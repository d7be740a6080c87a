// slurm-watchers sign-in: connects to a cluster and asks what it wants to know.
import type { Command } from 'commander';
import { toClusterJson } from '../json';
import { withEngine, type Context } from './command';

export function addSignIn(program: Command, context: Context): void {
  program
    .command('sign-in')
    .description('connect to a cluster; asks for passphrases, passwords and codes if it wants them')
    .argument('<cluster>', 'its name, see "slurm-watchers clusters"')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers sign-in big')
    .action(async (cluster: string, { json }: { readonly json?: true }) => {
      const status = await withEngine(context, { start: true }, (link) =>
        link.request('engine/signIn', { cluster }),
      );
      if (json) context.output.json(toClusterJson(status), 'pretty');
      else context.output.line(`${cluster} is ${status.state}.`);
      context.exit(0);
    });
}
