// slurm-watchers delete: removes watchers; what they did stays among the events.
import type { Command } from 'commander';
import type { Context } from './command';
import { addWatcherWish } from './watcherWishes';

export function addDelete(program: Command, context: Context): void {
  addWatcherWish(program, context, {
    name: 'delete',
    description: 'delete watchers of live jobs; their events stay',
    example: 'k3v9',
    isMeant: () => true,
    ask: async (link, watchers) => {
      await link.request('engine/remove', { watchers });
      return null;
    },
  });
}
