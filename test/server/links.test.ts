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
    ['sbatch -p gpu --mem 4G -Hn 2 next.sh args.sh', '0: next.sh -> file:///next.sh'],
    [
      "sbatch 'next.sh' || sbatch my\\ jobs/b.sh",
      '0: next.sh -> file:///next.sh',
      '0: my\\ jobs/b.sh -> file:///my%20jobs/b.sh',
    ],
    ["sbatch '100%/a b.sh'; echo", '0: 100%/a b.sh -> file:///100%25/a%20b.sh'],
    ['sbatch --wrap next.sh'],
    ['sbatch -J next.sh'],
    ['sbatch $HOME/next.sh'],
    ['sbatch next.shx'],
    ['echo next.sh'],
  ];
  for (const [command, ...expected] of cases)
    it(command, () => {
      assert.deepEqual(links(command), expected);
    });
  it('lie beside the script, wherever it is', () => {
    const target = (uri: string): string | undefined => {
      const { document } = openFixture('#WATCHER pattern="a" action=run_command(command="sbatch ../b.sh")');
      return findLinks({ ...document, uri })[0]?.target;
    };
    assert.equal(target('file:///c%3A/my%20jobs/x/a.sh'), 'file:///c%3A/my%20jobs/b.sh');
    assert.equal(
      target('vscode-remote://ssh-remote%2Bhpc/home/me/a.sh'),
      'vscode-remote://ssh-remote%2Bhpc/home/b.sh',
    );
    assert.equal(target('untitled:Untitled-1'), undefined);
  });
  it('are none in other actions', () => {
    assert.deepEqual(
      findLinks(openFixture('#WATCHER pattern="a" action=log_event("sbatch a.sh")').document),
      [],
    );
  });
});
