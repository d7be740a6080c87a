// slurm-watchers consent: what was agreed to, and takes it back.
import type { Command } from 'commander';
import { WatchError } from '../../engine/errors';
import type { AgreedPower } from '../../engine/protocol';
import { count } from '../../engine/words';
import { toAgreementJson } from '../json';
import { toTable } from '../output';
import { withEngine, type Context } from './command';

interface Options {
  readonly withdraw?: readonly string[];
  readonly withdrawAll?: true;
  readonly json?: true;
}

export function addConsent(program: Command, context: Context): void {
  program
    .command('consent')
    .description('list what you have agreed to that watchers and login set-ups may do, or take it back')
    .option('--withdraw <agreements...>', 'take these back, by their ids: you are asked again')
    .option('--withdraw-all', 'take all of it back')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers consent --withdraw 1a2b3c4d')
    .action(async ({ withdraw, withdrawAll, json }: Options) => {
      const isTakingBack = withdraw !== undefined || withdrawAll === true;
      const agreements = await withEngine(context, { start: true }, async (link) => {
        const all = await link.request('engine/agreements', {});
        if (!isTakingBack) return all;
        const keys = withdrawAll ? null : (withdraw ?? []).map((id) => findKey(all, id));
        return link.request('engine/withdrawConsent', { agreements: keys });
      });
      if (json) context.output.json(agreements.map(toAgreementJson), 'pretty');
      else show(context, agreements, isTakingBack);
      context.exit(0);
    });
}

/** Characters of a key that people see and type. */
const idLength = 8;

function findKey(all: readonly AgreedPower[], id: string): string {
  const found = all.filter(({ key }) => key.startsWith(id));
  const [agreement] = found;
  if (agreement && found.length === 1 && id.length >= idLength) return agreement.key;
  throw new WatchError(
    'bad-request',
    found.length > 1 && id.length >= idLength
      ? `Several agreements begin with "${id}".`
      : `There is no agreement "${id}".`,
    'See "slurm-watchers consent" for their ids; nothing was taken back.',
  );
}

function show({ output }: Context, agreements: readonly AgreedPower[], isTakenBack: boolean): void {
  if (agreements.length === 0)
    output.line(isTakenBack ? 'There was nothing to take back.' : 'You have agreed to nothing so far.');
  else {
    const rows = agreements.map(({ key, time, place, sentence }) => [
      key.slice(0, idLength),
      time === null ? '' : new Date(time).toISOString().slice(0, 16).replace('T', ' '),
      place ?? '',
      sentence ?? 'agreed to with an older version, which has kept no words of it',
    ]);
    for (const line of toTable(['ID', 'SINCE (UTC)', 'WHERE', 'WHAT'], rows)) output.line(line);
  }
  if (isTakenBack && agreements.length > 0)
    output.note(`${count(agreements.length, 'agreement')} taken back; what has begun goes on.`);
}
