// Consent and login set-ups with real processes: nothing runs that nobody has agreed to, and what is agreed to is kept in the home.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCommandLine, type CommandLine } from './commandLine';

const toScript = (setUp: string): string => `#!/bin/bash
#LOGIN_SETUP_BEGIN
${setUp}
#LOGIN_SETUP_END
#WATCHER name=never pattern="NEVER" action=cancel_job
[ -e ready ] && echo "found $(cat ready)"
`;

describe('a script with a login set-up', () => {
  let cli: CommandLine;
  beforeEach(() => {
    cli = createCommandLine();
  });
  afterEach(() => cli.close());
  const write = (setUp: string): string => {
    const path = join(cli.workdir, 'train.sh');
    writeFileSync(path, toScript(setUp));
    return path;
  };

  it('runs nothing before somebody has agreed, and says what would run', async () => {
    const { status, stdout, stderr } = await cli.run('run', write('echo prepared > ready'));
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /error: train\.sh: nobody has agreed to what it may do\.\n/);
    assert.match(
      stderr,
      / {4}Before the job is submitted, these commands run on this computer:\n {8}echo prepared > ready\n/,
    );
    assert.match(stderr, /agree to it with --yes\.\n$/);
    assert.ok(!existsSync(join(cli.workdir, 'ready')));
    assert.deepEqual(await cli.json('jobs', '--json'), []);
  });

  it('runs with --yes, in the working directory, before the job; and again without, also for the next engine', async () => {
    const path = write('echo here $PWD\nprintf prepared > ready');
    const { status, stdout, stderr } = await cli.run('run', path, '--yes');
    assert.equal(status, 0, stderr);
    assert.match(stderr, new RegExp(`\\n {2}here ${cli.workdir}\\n`));
    const [, job] = /as job (\d+)/.exec(stdout) ?? [];
    assert.equal(readFileSync(join(cli.workdir, `slurm-${job ?? ''}.out`), 'utf8'), 'found prepared\n');
    const kept = join(cli.home, 'consent.json');
    assert.equal(statSync(kept).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(kept, 'utf8'), /prepared/);
    await cli.run('engine', 'stop');
    assert.equal((await cli.run('run', path)).status, 0);
    write('echo here $PWD\nprintf prepared  > ready');
    assert.equal((await cli.run('run', path)).status, 2);
  });

  it('is listed, and asked about again once it is taken back', async () => {
    const path = write(': > ready');
    assert.equal((await cli.run('run', path, '--yes')).status, 0);
    const listed = await cli.run('consent');
    assert.equal(listed.status, 0, listed.stderr);
    assert.match(
      listed.stdout,
      /^ID .*WHAT\n[0-9a-f]{8} .* sandbox, .*Before the job is submitted, these commands run on this computer\.\n$/,
    );
    const [agreement] = await cli.json<readonly { id: string }[]>('consent', '--json');
    const wrong = await cli.run('consent', '--withdraw', 'ffffffff');
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /There is no agreement "ffffffff"\./);
    const withdrawn = await cli.run('consent', '--withdraw', (agreement?.id ?? '').slice(0, 8));
    assert.match(withdrawn.stderr, /1 agreement taken back/);
    assert.equal((await cli.run('run', path)).status, 2);
    assert.equal((await cli.run('consent')).stdout, 'You have agreed to nothing so far.\n');
    assert.equal((await cli.run('consent', '--withdraw-all')).stdout, 'There was nothing to take back.\n');
  });

  it('shows what it prints as it comes', async () => {
    const path = write('echo loading\nwhile [ ! -e go-on ]; do sleep 0.1; done\necho loaded\n: > ready');
    const { child, finished } = cli.begin('submit', path, '--on', 'sandbox', '--yes');
    child.stderr?.on('data', (text: string) => {
      if (text.includes('loading\n') && !text.includes('echo')) writeFileSync(join(cli.workdir, 'go-on'), '');
    });
    const { status, stderr } = await finished;
    assert.equal(status, 0, stderr);
    assert.ok(stderr.endsWith('\n  loading\n  loaded\n'), stderr);
  });

  it('stands in no list of processes, which all users of a login node see', async () => {
    const path = write('export TOKEN=not-to-be-seen\nps -A -o args > processes\n: > ready');
    assert.equal((await cli.run('run', path, '--yes')).status, 0);
    const processes = readFileSync(join(cli.workdir, 'processes'), 'utf8');
    assert.match(processes, /ps -A -o args/);
    assert.doesNotMatch(processes, /not-to-be-seen/);
  });

  it('is not submitted if a command of it fails: its output and its exit code are shown', async () => {
    const { status, stdout, stderr } = await cli.run(
      ...['submit', write('echo resolving\nls /nowhere/at/all\necho never'), '--on', 'sandbox', '--yes'],
    );
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /train\.sh was not submitted: its login set-up ended with exit code \d+:\n {4}resolving\n/,
    );
    assert.match(stderr, /\/nowhere\/at\/all.*No such file/);
    assert.doesNotMatch(stderr, /^ {4}never/m);
    assert.deepEqual(await cli.json('jobs', '--json'), []);
  });

  it('asks for what attached watchers would do to a job that was there before', async () => {
    const path = join(cli.workdir, 'long.sh');
    writeFileSync(path, '#!/bin/bash\nsleep 5\n');
    const { job } = await cli.json<{ job: string }>('submit', path, '--on', 'sandbox', '--json');
    const words = ['attach', job, '--on', 'sandbox', '--pattern', 'x', '--action', 'cancel_job'];
    const refused = await cli.run(...words, '--json');
    assert.equal(refused.status, 2);
    const { error } = JSON.parse(refused.stderr) as {
      readonly error: { readonly consent: readonly object[] };
    };
    assert.deepEqual(
      error.consent.map((power) => ({ ...power, text: '' })),
      [
        {
          kind: 'cancelOther',
          watcher: 'watcher 1',
          text: '',
          sentence: '"watcher 1" cancels the job.',
          covered: false,
        },
      ],
    );
    assert.equal((await cli.run(...words, '--yes')).status, 0);
  });
});
