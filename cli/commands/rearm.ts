// slurm-watchers rearm: watchers that have reached a limit watch again while their job lives.
import type { Command } from 'commander';
import { canRearm, explainNoRearm } from '../../engine/rules';
import type { Context } from './command';
import { addWatcherWish, type ChoiceOptions } from './watcherWishes';

interface RearmOptions extends ChoiceOptions {
  readonly matchMissed?: true;
}

export function addRearm(program: Command, context: Context): void {
  addWatcherWish<RearmOptions>(program, context, {
    name: 'rearm',
    description:
      'have triggered, disabled and completed watchers watch again, with all their triggers and failures anew',
    example: '--job 42',
    isMeant: canRearm,
    explain: explainNoRearm,
    ask: (link, watchers, { matchMissed }) =>
      link.request('engine/rearm', { watchers, missed: matchMissed ? 'match' : 'skip' }),
  }).option('--match-missed', 'match what was printed meanwhile');
}
