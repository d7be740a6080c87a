// What people install: the command line from the npm tarball, its engine and workers found from there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCommandLine, projectRoot, type CommandLine } from './commandLine';

describe('the npm package', () => {
  let directory: string;
  let cli: CommandLine;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-package-'));
    const npm = (...words: string[]): string =>
      execFileSync('npm', words, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    // The bundles are built already, and other suites use them: no build of its own.
    npm('pack', projectRoot, '--ignore-scripts', '--loglevel=error');
    const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? '';
    npm(
      'install',
      '--prefix',
      directory,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--loglevel=error',
      join(directory, tarball),
    );
    cli = createCommandLine({ entry: join(directory, 'node_modules/slurm-watchers/dist/cli.js') });
  });
  after(async () => {
    await cli.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('has its command on the path', () => {
    const version = execFileSync(join(directory, 'node_modules/.bin/slurm-watchers'), ['--version'], {
      encoding: 'utf8',
    });
    assert.match(version, /^\d+\.\d+\.\d+\n$/);
  });

  it('watches a job with nothing else installed', async () => {
    const script = join(cli.workdir, 'job.sh');
    writeFileSync(
      script,
      '#!/bin/bash\n#WATCHER pattern="value=(\\d+)" captures=[v] interval=1s action=store_metric(name=v, value=$v)\necho value=42\n',
    );
    const { status, stderr } = await cli.run('run', script);
    assert.equal(status, 0, stderr);
    const metrics = await cli.json<{ name: string; value: number }[]>('metrics', '--json');
    assert.deepEqual(
      metrics.map(({ name, value }) => [name, value]),
      [['v', 42]],
    );
  });

  it('goes on when it is removed under the running engine', async () => {
    const script = join(cli.workdir, 'long.sh');
    writeFileSync(
      script,
      '#!/bin/bash\n#WATCHER pattern="n=(\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)\nfor n in 1 2 3; do echo n=$n; sleep 1; done\n',
    );
    const running = cli.begin('run', script);
    rmSync(join(directory, 'node_modules/slurm-watchers/dist/engine'), { recursive: true });
    const { status, stderr } = await running.finished;
    assert.equal(status, 0, stderr);
    const metrics = await cli.json<{ value: number }[]>('metrics', '--name', 'n', '--json');
    assert.deepEqual(
      metrics.map(({ value }) => value),
      [1, 2, 3],
    );
  });
});
