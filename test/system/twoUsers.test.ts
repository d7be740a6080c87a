// Two users on one machine, and a user whom the system does not know: real processes of other numbers. Only root can be others.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../waitFor';
import { projectRoot, type Finished } from './commandLine';

/** No account has them, and no other run of these tests. */
const victim = 70_000 + 2 * process.pid;
const attacker = victim + 1;
const isRoot = process.getuid?.() === 0;

describe(isRoot ? 'two users' : 'two users: absent here, only root can be somebody else', function () {
  if (!isRoot) return;
  this.timeout(60_000);
  let directory: string;
  let home: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'two-users-'));
    chmodSync(directory, 0o755);
    cpSync(join(projectRoot, 'dist'), join(directory, 'dist'), { recursive: true });
  });
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  let count = 0;
  beforeEach(() => {
    home = makeDirectory(`home${++count}`, victim, 0o700);
  });
  afterEach(async () => {
    chmodSync(home, 0o700);
    chownSync(home, victim, victim);
    await run(['engine', 'stop']);
    for (const name of readdirSync('/tmp'))
      if (name.startsWith(`slurm-watchers-${victim}`)) rmSync(join('/tmp', name), { recursive: true });
  });

  function makeDirectory(name: string, user: number, mode: number): string {
    const path = join(directory, name);
    mkdirSync(path);
    chmodSync(path, mode);
    chownSync(path, user, user);
    return path;
  }

  function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
    const child = spawn(process.execPath, [join(directory, 'dist/cli.js'), ...words], {
      ...{ cwd: '/', uid: victim, gid: victim, stdio: ['ignore', 'pipe', 'pipe'] },
      env: { PATH: process.env['PATH'], SLURM_WATCHERS_HOME: home, ...environment },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (bytes) => (stdout += String(bytes)));
    child.stderr.on('data', (bytes) => (stderr += String(bytes)));
    return new Promise((resolve) => {
      child.once('close', (status) => {
        resolve({ status, stdout, stderr });
      });
    });
  }

  const refuses = async (words: RegExp): Promise<void> => {
    for (const command of [['engine', 'start'], ['clusters']]) {
      const { status, stderr } = await run(command);
      assert.equal(status, 3, stderr);
      assert.match(stderr, words);
      assert.match(stderr, /SLURM_WATCHERS_HOME/);
    }
  };

  it('a home of somebody else is refused', async () => {
    chownSync(home, attacker, attacker);
    chmodSync(home, 0o777);
    await refuses(new RegExp(`${home} belongs to another user \\(${attacker}\\)`));
    assert.deepEqual(readdirSync(home), []);
  });

  it('what somebody else has put into a home is named, and not used', async () => {
    const planted = join(home, 'config.json');
    writeFileSync(planted, '{"ssh": {"configFile": "/evil"}}');
    chownSync(planted, attacker, attacker);
    await refuses(new RegExp(`config\\.json belongs to another user \\(${attacker}\\)`));
    rmSync(planted);
    mkdirSync(join(home, 'engine'));
    chownSync(join(home, 'engine'), attacker, attacker);
    await refuses(/engine belongs to another user/);
  });

  it('a link of somebody else to a home is refused, one of one’s own is followed', async () => {
    const place = makeDirectory('place', victim, 0o755);
    symlinkSync(home, join(place, 'own'));
    const target = home;
    home = join(place, 'own');
    assert.equal((await run(['engine', 'start'])).status, 0);
    assert.equal((await run(['engine', 'stop'])).status, 0);
    const lent = makeDirectory('lent', 0, 0o1777);
    home = join(lent, 'theirs');
    symlinkSync(target, home);
    lchownSync(home, attacker, attacker);
    await refuses(/theirs is a link of another user/);
    home = target;
  });

  it('a directory of somebody else on the way to a home is refused', async () => {
    const theirs = makeDirectory('theirs', attacker, 0o755);
    mkdirSync(join(theirs, 'home'), { mode: 0o700 });
    chownSync(join(theirs, 'home'), victim, victim);
    const own = home;
    home = join(theirs, 'home');
    await refuses(/theirs belongs to another user/);
    home = own;
  });

  it('somebody else who has the socket’s usual place keeps no engine from starting', async () => {
    const taken = `/tmp/slurm-watchers-${victim}`;
    mkdirSync(taken, { mode: 0o777 });
    chownSync(taken, attacker, attacker);
    assert.equal((await run(['engine', 'start'])).status, 0);
    assert.equal((await run(['engine', 'status'])).status, 0);
    const file = readFileSync(join(home, 'generation-1'), 'utf8');
    const { address } = JSON.parse(file) as { readonly address: string };
    assert.match(address, new RegExp(`^${taken}-\\w{6}/`));
    // The same place again, so that they do not pile up.
    await run(['engine', 'stop']);
    assert.equal((await run(['engine', 'start'])).status, 0);
    const places = readdirSync('/tmp').filter((name) => name.startsWith(`slurm-watchers-${victim}-`));
    assert.equal(places.length, 1);
  });

  for (const [what, environment] of [
    ['with a home directory', { HOME: '/nonexistent' }],
    ['without one', {}],
  ] as const)
    it(`a user whom the system does not know runs jobs, ${what}`, async () => {
      const script = join(home, '..', `work${count}.sh`);
      writeFileSync(
        script,
        '#!/bin/bash\n#SBATCH -o %u-%j.txt\n#WATCHER pattern="n=(\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)\necho n=42\n',
      );
      const workdir = makeDirectory(`work${count}`, victim, 0o700);
      const { status, stderr } = await run(['run', script, '--workdir', workdir], environment);
      assert.equal(status, 0, stderr);
      assert.ok(existsSync(join(workdir, `${victim}-1.txt`)));
      const { stdout } = await run(['events', '--json'], environment);
      assert.match(stdout, /submitted .* by the command line \(process \d+, by its own account\)/);
      const clusters = await run(['clusters'], environment);
      assert.equal(clusters.status, 0, clusters.stderr);
      await waitFor('the end of the engine', async () => (await run(['engine', 'stop'])).status === 0);
    });

  it('another user hears nothing of the engine, and cannot read its token', async () => {
    assert.equal((await run(['engine', 'start'])).status, 0);
    const { address } = JSON.parse(readFileSync(join(home, 'generation-1'), 'utf8')) as {
      readonly address: string;
    };
    const script = `
      const attempt = (work) => { try { return String(work()); } catch (error) { return error.code; } };
      const fs = require('fs');
      const token = attempt(() => fs.readFileSync(${JSON.stringify(join(home, 'token'))}, 'utf8'));
      require('net').connect(${JSON.stringify(address)}).once('error', ({ code }) => console.log(token, code));`;
    const child = spawn(process.execPath, ['-e', script], { uid: attacker, gid: attacker, cwd: '/' });
    let said = '';
    child.stdout.on('data', (bytes) => (said += String(bytes)));
    await waitFor('what the attacker sees', () => said !== '');
    assert.equal(said, 'EACCES EACCES\n');
  });
});
