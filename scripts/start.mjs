// The main job from a fresh clone: submits the example to the sandbox, shows its events and ends with the job.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, root, run } from './packages.mjs';

ensurePackages();
if (run('node', ['scripts/build.mjs']) !== 0) process.exit(1);

const workdir = join(root, '.cache/start');
mkdirSync(workdir, { recursive: true });
const cli = join(root, 'dist/cli.js');
// A home of its own: the example never mixes with the watchers of real jobs.
const env = { ...process.env, SLURM_WATCHERS_HOME: join(workdir, 'home') };

console.log('$ slurm-watchers run examples/train.sh\n');
const { status } = spawnSync(process.execPath, [cli, 'run', join(root, 'examples/train.sh')], {
  cwd: workdir,
  env,
  stdio: 'inherit',
});
console.log('\n$ slurm-watchers metrics --name train_loss\n');
spawnSync(process.execPath, [cli, 'metrics', '--name', 'train_loss', '--limit', '5'], {
  cwd: workdir,
  env,
  stdio: 'inherit',
});
const { stdout } = spawnSync(process.execPath, [cli, 'events', '--limit', '50', '--json'], {
  cwd: workdir,
  env,
  encoding: 'utf8',
});
spawnSync(process.execPath, [cli, 'engine', 'stop'], { cwd: workdir, env });

/** @type {{ action: string | null, success: boolean | null, watcher: string | null }[]} */
const events = JSON.parse(stdout || '[]');
const cancelled = events.some(
  ({ action, success, watcher }) =>
    action === 'cancel_job' && success === true && watcher === 'out of memory',
);
if (status === 1 && cancelled) {
  console.log(`
The example's job was cancelled by its watcher, as its script asks: examples/train.sh.

To have the same in VS Code:
  npm run package
  code --install-extension slurm-watchers-*.vsix
then open a batch script and run "Slurm Watchers: Submit with Watchers".`);
} else {
  console.error(
    `\nThe example's job did not end as it should: "slurm-watchers run" exited with ${status}, expected was 1 after a cancellation by the watcher "out of memory".`,
  );
  process.exitCode = 1;
}
