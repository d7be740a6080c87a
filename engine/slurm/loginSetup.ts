// The login set-up of a script: commands that run where it is handed in, before it is, in the user's own login environment.
import { WatchError } from '../errors';
import type { Machine, SetUpResult } from '../ports';
import { cleanSubmitEnvironment } from './environment';
import { quoteWord } from './shellWords';

/** Environments of Python take their time, and nobody else waits for it. */
const limitMs = 3_600_000;

/** So much of what it prints is kept: its end. */
const keptBytes = 64 * 1024;

/**
 * Commands are run by the login shell, as `module` and its like are functions there, and `set -e` has the first one that fails
 * end them: in a shell below it, as what runs at its logout would be ended too, and tell another code. What they print goes through a file: what start-up files print is nobody's answer, and nobody waits for a
 * program that a command leaves behind.
 */
export const loginSetupCommand = (commands: string, workdir: string): string => `${cleanSubmitEnvironment}
SLURM_WATCHERS_OUTPUT=$(mktemp) || exit
export SLURM_WATCHERS_OUTPUT
login=$(getent passwd "$(id -un)" 2>/dev/null | cut -d: -f7)
login=\${login:-$SHELL}
case $login in
  */bash|*/zsh|*/ksh|*/ksh93|*/dash|*/sh) ;;
  *) login=$(command -v bash || echo /bin/sh);;
esac
"$login" -l -c ${quoteWord(`exec > "$SLURM_WATCHERS_OUTPUT" 2>&1
unset SLURM_WATCHERS_OUTPUT
cd ${quoteWord(workdir)} || exit
(
  set -e
  eval ${quoteWord(commands)}
)
exit $?
`)} < /dev/null > /dev/null 2>&1
code=$?
tail -c ${keptBytes} "$SLURM_WATCHERS_OUTPUT"
rm -f "$SLURM_WATCHERS_OUTPUT"
exit $code`;

export async function runLoginSetup(
  machine: Pick<Machine, 'run'>,
  commands: string,
  workdir: string,
): Promise<SetUpResult> {
  try {
    const { code, stdout } = await machine.run({
      script: loginSetupCommand(commands, workdir),
      timeLimitMs: limitMs,
    });
    return { code, output: stdout };
  } catch (error) {
    if (error instanceof WatchError && error.code === 'timed-out') throw toTooLong(error);
    throw error;
  }
}

const toTooLong = (cause: WatchError): WatchError =>
  new WatchError(
    'timed-out',
    `The login set-up was given up after ${limitMs / 60_000} minutes; nothing was submitted.`,
    'Run what takes that long by hand before you submit.',
    cause,
  );
