// Scripts that commands of watchers submit, as links.
import assert from 'node:assert/strict';
import { findLinks } from '../../server/features/links';
import { openFixture, textAt } from './fixture';

const links = (command: string): string[] => {
  const { document } = openFixture(`#WATCHER pattern="a" action=run_command(command="${command}")`);
  return findLinks(document).map(({ range, target }) => `${textAt(document, range)} -> ${target ?? ''}`);
};

describe('document links', () => {
  const cases: readonly [string, ...string[]][] = [
    ['sbatch next.sh', '0: next.sh -> file:///next.sh'],
    ['cd x && sbatch --time=5 -N1 ./sub/../a.sbatch && echo', '0: ./sub/../a.sbatch -> file:///a.sbatch'],
    ['sbatch /abs/path/b.slurm', '0: /abs/path/b.slurm -> file:///abs/path/b.slurm'],
    ['sbatch $HOME/next.sh'],
    ['sbatch next.shx'],
    ['echo next.sh'],
  ];
  for (const [command, ...expected] of cases)
    it(command, () => {
      assert.deepEqual(links(command), expected);
    });
  it('are none in other actions', () => {
    assert.deepEqual(
      findLinks(openFixture('#WATCHER pattern="a" action=log_event("sbatch a.sh")').document),
      [],
    );
  });
});
