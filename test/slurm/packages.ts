// The Debian packages that a real Slurm and a real sshd need: installed where that is allowed, named where it is not.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const always = ['slurmctld', 'slurmd', 'slurm-client', 'munge', 'openssh-server', 'openssh-client'];
const accounting = ['slurmdbd', 'mariadb-server'];
/** A small mailer that delivers to the machine's own mailboxes, and mail(1). */
const mail = ['dma', 'bsd-mailx'];

const isInstalled = (name: string): boolean =>
  spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name], { encoding: 'utf8' }).stdout === 'ii ';

/** What keeps this machine from running the test bed, in words; undefined where nothing does. */
export function findObstacle(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query'))
    return 'a real Slurm is installed on Debian only';
  if (process.getuid?.() === 0) return undefined;
  return `Slurm's daemons are started as root; as root, run the tests again (packages: ${[...always, ...accounting, ...mail].join(' ')})`;
}

/** Installs what is missing, without starting any of its services. */
export function ensureSlurmPackages(): void {
  const missing = [...always, ...accounting, ...mail].filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  console.log(`Installing Debian's packages ${missing.join(', ')} …`);
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    for (const words of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', ...missing],
    ]) {
      const { status, stdout, stderr } = spawnSync('apt-get', words, {
        encoding: 'utf8',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
      if (status !== 0)
        throw new Error(
          `apt-get ${words.join(' ')} failed; the tests need ${missing.join(', ')}:\n${stdout}${stderr}`,
        );
    }
  } finally {
    if (ours) rmSync(policy);
  }
}
