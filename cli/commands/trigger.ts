// slurm-watchers trigger: runs the actions of watchers now, or has static ones go through the whole output.
import type { Command } from 'commander';
import type { Context } from './command';
import { addWatcherWish } from './watcherWishes';

export function addTrigger(program: Command, context: Context): void {
  addWatcherWish(program, context, {
    name: 'trigger',
    description:
      'run the actions of watchers now, with their last match; static ones go through the whole output',
    example: 'k3v9',
    isMeant: () => true,
    ask: (link, watchers) => link.request('engine/trigger', { watchers }),
  });
}
