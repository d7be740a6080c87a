// What a cluster has: where Slurm's commands are, which version, whose jobs, and whether there is accounting.
import { cleanQueryEnvironment } from './environment';
import { quoteWord } from './shellWords';

export interface Capabilities {
  /** What finds Slurm's commands, as text before them; empty where they are found without. */
  readonly setup: string;
  /** `22.05.8`. */
  readonly version: string;
  readonly user: string;
  /** Slurm's own name of the cluster. */
  readonly cluster: string;
  /** Whether sacct can answer. */
  readonly accounting: boolean;
  /** Jobs append to outputs that are there (slurm.conf: JobFileAppend), unless --open-mode says otherwise. */
  readonly appends: boolean;
}

/** Where Slurm often is and no search path leads. */
const wellKnown = [
  '/usr/local/bin',
  '/opt/slurm/bin',
  '/opt/slurm/current/bin',
  '/usr/local/slurm/bin',
  '/cm/shared/apps/slurm/current/bin',
];
const kept = ['PATH', 'LD_LIBRARY_PATH', 'SLURM_CONF'] as const;

const tell = kept.map((name) => `echo "@${name}=$${name}"`).join('; ');

/** As it is, then as a login shell has it, then with a module; each says what its environment makes of it. */
export const locateCommand = `
try() { command -v sbatch >/dev/null 2>&1; }
if try; then echo "@plain=$(command -v sbatch)"; exit 0; fi
for text in ':' 'module load slurm'; do
  bash -l -c "{ $text; } >/dev/null 2>&1; command -v sbatch >/dev/null 2>&1 && { ${tell.replaceAll(/["$\\]/g, '\\$&')}; }" 2>/dev/null </dev/null && exit 0
done
for folder in ${wellKnown.join(' ')}; do
  if [ -x "$folder/sbatch" ]; then PATH="$folder:$PATH"; ${tell}; exit 0; fi
done
exit 0`;

/** The text that finds the commands, or undefined where there are none. */
export function parseLocation(text: string): string | undefined {
  const plain = /^@plain=(.*)$/m.exec(text)?.[1];
  if (plain !== undefined) {
    // A login shell may set a search path of its own that does not lead there.
    const folder = /^(\/.*)\/sbatch$/.exec(plain)?.[1];
    return folder === undefined ? '' : `PATH="$PATH:"${quoteWord(folder)}; export PATH\n`;
  }
  const values = kept.flatMap((name) => {
    const value = new RegExp(`^@${name}=(.+)$`, 'm').exec(text)?.[1];
    return value === undefined ? [] : [`${name}=${quoteWord(value)}; export ${name}`];
  });
  return values.length === 0 ? undefined : `${values.join('\n')}\n`;
}

export const probeCommand = `${cleanQueryEnvironment}
echo "@user=$(id -un)"
echo "@version=$(sbatch --version)"
command -v sacct >/dev/null 2>&1 && echo '@sacct='
scontrol show config || exit`;

/** `setup` is what parseLocation gave. */
export function parseProbe(text: string, setup: string): Capabilities {
  const valueOf = (pattern: RegExp): string => pattern.exec(text)?.[1]?.trim() ?? '';
  const storage = valueOf(/^AccountingStorageType[ \t]*=(.*)$/m);
  return {
    setup,
    version: /\d[\d.]*/.exec(valueOf(/^@version=(.*)$/m))?.[0] ?? '',
    user: valueOf(/^@user=(.*)$/m),
    cluster: valueOf(/^ClusterName[ \t]*=(.*)$/m),
    appends: valueOf(/^JobFileAppend[ \t]*=(.*)$/m) === '1',
    accounting: /^@sacct=/m.test(text) && storage !== '' && !/none|\(null\)/.test(storage),
  };
}
