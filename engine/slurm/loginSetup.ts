// The login set-up of a script: commands that run where it is handed in, before it is, in the user's own login environment.
import { WatchError } from '../errors';
import type { Machine, SetUpResult } from '../ports';
import { cleanSubmitEnvironment } from './environment';
import { quoteWord } from './shellWords';

/** Environments of Python take their time, and nobody else waits for it. */
const limitMs = 3_600_000;

/** So much of what it prints is kept: its end; and so much is told as it comes: its beginning. */
const keptBytes = 64 * 1024;
const toldBytes = 1024 * 1024;

/** Writes to standard error what comes into the file, until the commands have ended. */
const tellOutput = `tell_output() {
  told=0
  while :; do
    [ -e "$SLURM_WATCHERS_FOLDER/ended" ] && last=1 || last=
    now=$(($(wc -c < "$SLURM_WATCHERS_FOLDER/output")))
    [ $now -gt ${toldBytes} ] && now=${toldBytes}
    if [ $now -gt $told ]; then
      tail -c +$((told + 1)) "$SLURM_WATCHERS_FOLDER/output" | head -c $((now - told)) >&2
      told=$now
    fi
    [ -n "$last" ] && break
    sleep 0.2 2>/dev/null || sleep 1
  done
}`;

/**
 * Commands are run by the login shell, as `module` and its like are functions there, and `set -e` has the first one that fails
 * end them: in a shell below it, as what runs at its logout would be ended too, and tell another code. What they print goes
 * through a file: what start-up files print is nobody's answer, and nobody waits for a program that a command leaves behind.
 * They are read from standard input, and kept in a folder of the user's own: in arguments all users of the node would see them.
 */
export const loginSetupCommand = (workdir: string): string => `${cleanSubmitEnvironment}
SLURM_WATCHERS_FOLDER=$(mktemp -d) || exit
cat > "$SLURM_WATCHERS_FOLDER/commands" || exit
export SLURM_WATCHERS_FOLDER
login=$(getent passwd "$(id -un)" 2>/dev/null | cut -d: -f7)
login=\${login:-$SHELL}
case $login in
  */bash|*/zsh|*/ksh|*/ksh93|*/dash|*/sh) ;;
  *) login=$(command -v bash || echo /bin/sh);;
esac
${tellOutput}
: > "$SLURM_WATCHERS_FOLDER/output" || exit
tell_output > /dev/null < /dev/null &
"$login" -l -c ${quoteWord(`slurm_watchers_folder=$SLURM_WATCHERS_FOLDER
unset SLURM_WATCHERS_FOLDER
exec > "$slurm_watchers_folder/output" 2>&1
cd ${quoteWord(workdir)} || exit
(
  set -e
  eval "$(cat "$slurm_watchers_folder/commands")"
)
exit $?
`)} < /dev/null > /dev/null 2>&1
code=$?
: > "$SLURM_WATCHERS_FOLDER/ended"
wait
tail -c ${keptBytes} "$SLURM_WATCHERS_FOLDER/output"
rm -rf "$SLURM_WATCHERS_FOLDER"
exit $code`;

export interface LoginSetup {
  readonly commands: string;
  readonly workdir: string;
  /** Given what they print as it comes. */
  readonly tell: (text: string) => void;
}

export async function runLoginSetup(
  machine: Pick<Machine, 'run'>,
  { commands, workdir, tell }: LoginSetup,
): Promise<SetUpResult> {
  try {
    const { code, stdout } = await machine.run({
      script: loginSetupCommand(workdir),
      input: commands,
      timeLimitMs: limitMs,
      onErrorText: tell,
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
