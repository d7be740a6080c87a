// slurm-watchers pause: watchers that look no further until they are resumed.
import type { Command } from 'commander';
import { canPause } from '../../engine/rules';
import type { Context } from './command';
import { addWatcherWish } from './watcherWishes';

export function addPause(program: Command, context: Context): void {
  addWatcherWish(program, context, {
    name: 'pause',
    description: 'pause watchers; their jobs go on',
    example: '--job 42',
    isMeant: canPause,
    ask: (link, watchers) => link.request('engine/pause', { watchers }),
  });
}
