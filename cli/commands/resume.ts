// slurm-watchers resume: paused watchers go on, after what was printed meanwhile, or with it.
import type { Command } from 'commander';
import { canResume } from '../../engine/rules';
import type { Context } from './command';
import { addWatcherWish, type ChoiceOptions } from './watcherWishes';

interface ResumeOptions extends ChoiceOptions {
  readonly matchMissed?: true;
}

export function addResume(program: Command, context: Context): void {
  addWatcherWish<ResumeOptions>(program, context, {
    name: 'resume',
    description: 'resume paused watchers; what was printed meanwhile is a gap',
    example: '--job 42 --match-missed',
    isMeant: canResume,
    ask: (link, watchers, { matchMissed }) =>
      link.request('engine/resume', { watchers, missed: matchMissed ? 'match' : 'skip' }),
  }).option('--match-missed', 'match what was printed meanwhile');
}
