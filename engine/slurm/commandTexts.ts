// The texts that run a command of a watcher at most once, whatever breaks in between, and that find out what became of it.
//
// `<folder>/<token>/` holds the command and marks: `go`, a symbolic link that is made only once and tells who may run it (a
// host's name) or that nobody may any more (`closed`); `out.1` and `out.0`, the last of what it prints; `late`, if its time
// was over; and `done`, how it ended with its last output, which appears whole. The command runs in a session of its own,
// and writes to a process that keeps little, so that neither a cut connection nor a long output harms it.
// Every process on the way to the command has the token's folder in its arguments: by that it is seen whether one is left.
// Every process of the command has the token in its environment: by that all of them are found when its time is over.
import { countBytes } from '../../language/shell/bytes';
import { WatchError } from '../errors';
import type { ClusterCommand } from '../ports';
import { cleanCommandEnvironment } from './environment';
import { findLoginShell, hideToken, isRunningFunction } from './onceTexts';
import { privateFolderFunctions, toPrivateWords } from './privateFolder';
import { quoteWord } from './shellWords';
import { fieldEnd } from './table';

/** Bytes of output that are told. */
const toldBytes = 65_536;
/** Minutes after the time limit until an end that nobody tells is given up. */
const graceMinutes = 30;

/** Where a command's folder is made. */
export interface CommandFolder {
  /** Absolute; the token's folder is in it. */
  readonly path: string;
  /** Makes sure of `$D`: prints what is wrong, and gives 1 if it cannot be made and 2 if others may change it. */
  readonly make: string;
}

/** In a folder of the user's home, looked at before each use. */
export const toPrivatePlace = (folder: string): CommandFolder => ({
  path: `${folder}/commands`,
  make: `${privateFolderFunctions}
make_folder() {
  private_folder ${toPrivateWords(folder)} commands "$T"
}`,
});

/** In a folder that is known to be the user's own. */
export const toOwnPlace = (path: string): CommandFolder => ({
  path,
  make: `make_folder() {
  (umask 077; mkdir -p "$D") || return 1
}`,
});

const tellOutput = `tell_output() {
  cat "$D/out.1" "$D/out.0" 2>/dev/null | tail -c ${toldBytes}
}`;

const define = (token: string, { path, make }: CommandFolder): string => `T=${hideToken(token)}
D=${quoteWord(path)}/$T
${make}
${tellOutput}`;

/** `patience` in tenths of a second. Who cannot be seen at work from here has until a while after the time limit. */
const awaitEnd = ({ timeoutSeconds }: ClusterCommand, patience: number): string => `is_past() {
  find "$D/go" -mmin +${Math.ceil(timeoutSeconds / 60) + graceMinutes} 2>/dev/null | grep -q .
}
${isRunningFunction('is_past && return 1 || return 0')}
tell_done() {
  [ -e "$D/done" ] && { echo 'done'; cat "$D/done"; exit 0; }
}
count=0 next=9
while :; do
  tell_done
  owner=$(readlink "$D/go")
  [ "$owner" = closed ] && { echo closed; exit 0; }
  if [ $count -ge $next ]; then
    next=$((count + 50))
    if ! is_running; then
      tell_done
      case $owner in
        '') ln -s closed "$D/go" 2>/dev/null; continue;;
        "$(uname -n)") echo "dead $owner"; tell_output; exit 0;;
      esac
    fi
    is_past && { echo "lost $owner"; tell_output; exit 0; }
  fi
  [ $count -ge ${patience} ] && { echo pending; exit 0; }
  if [ $count -lt 20 ] && sleep 0.1 2>/dev/null; then count=$((count + 1)); else sleep 1; count=$((count + 10)); fi
done`;

/**
 * Run by a login shell, so that the command has what the user's terminal has. `cd` comes after what start-up files do, and
 * what those print is not the command's. Of zsh, what reads plain words in a way of its own is turned off.
 */
const toInner = ({ workdir }: ClusterCommand): string => `D=$1
set --
[ -z "\${ZSH_VERSION-}" ] || unsetopt equals magicequalsubst rcquotes
: > "$D/begun"
cd ${quoteWord(workdir)} 2>&7 || exit 126
(
  eval "unset D
$(command cat "$D/command")"
) >&7 2>&7 7>&-`;

const ownSession = `in_own_session() {
  command -v setsid > /dev/null && exec setsid "$@"
  command -v perl > /dev/null && exec perl -MPOSIX=setsid -e 'setsid(); exec @ARGV' "$@"
  exec nohup "$@"
}`;

/** Takes the output, keeps the last of it, and goes on while anybody has it open: nobody's output is cut off. */
const drain = `drain() {
  size=0
  while :; do
    dd bs=8192 count=8 >> "$D/out.0" 2>/dev/null
    now=$(($(wc -c < "$D/out.0")))
    [ $now -eq $size ] && break
    size=$now
    [ $size -ge ${toldBytes} ] && mv "$D/out.0" "$D/out.1" && : > "$D/out.0" && size=0
  done
  cat > /dev/null
  : > "$D/eof"
}`;

/**
 * A number of a process is never taken for the command's alone: its environment has the token, and no job's, which the command
 * may have submitted. The group is asked for only until its first process has been waited for.
 */
const endTree = `find_tree() {
  grep -lF "SLURM_WATCHERS_RUN=$T" /proc/[0-9]*/environ 2>/dev/null | while IFS= read -r seen; do
    named=$(tr '\\0' '\\n' < "$seen" 2>/dev/null | sed -n "s/^SLURM_WATCHERS_RUN=$T$/own/p;s/^SLURM_JOB_ID=.*/job/p")
    case $named in ''|*job*) continue;; esac
    seen=\${seen#/proc/}
    echo "\${seen%/environ}"
  done
}
signal_tree() {
  [ -e "$D/ended" ] || kill -s "$1" -- "-$(cat "$D/group")" 2>/dev/null
  for process in $(find_tree); do kill -s "$1" "$process" 2>/dev/null; done
}
is_left() {
  [ -n "$(find_tree)" ] || { [ ! -e "$D/ended" ] && kill -s 0 -- "-$(cat "$D/group")" 2>/dev/null; }
}
end_tree() {
  [ -e "$D/ended" ] || : > "$D/late"
  signal_tree TERM
  tries=0
  while [ $tries -lt 25 ] && is_left; do rest; tries=$((tries + 1)); done
  tries=0
  while :; do
    signal_tree KILL
    [ $tries -lt 50 ] && is_left || break
    rest
    tries=$((tries + 1))
  done
}`;

/** Folders that are a month old; only what we made goes. */
const sweep = `cd "$D/.." && find . -mindepth 1 -maxdepth 1 -type d -mtime +30 | head -n 20 | while IFS= read -r old; do
  case \${old#./} in ''|*[!A-Za-z0-9]*) continue;; esac
  [ -h "$old/go" ] && rm -rf "$old"
done`;

/** Signals are caught, not ignored: what is ignored stays so in the command. */
const toRunner = (command: ClusterCommand): string => `D=$1
T=\${D##*/}
trap : HUP INT TERM PIPE
${cleanCommandEnvironment}
ln -s "$(uname -n)" "$D/go" || exit 0
: > "$D/out.0"
since=$(date +%s)
${findLoginShell}
rest() {
  sleep 0.2 2>/dev/null || sleep 1
}
${ownSession}
${drain}
${endTree}
${tellOutput}
run() {
  (
    SLURM_WATCHERS_RUN=$T
    export SLURM_WATCHERS_RUN
    in_own_session "$@" -c ${quoteWord(toInner(command))} run_command "$D"
  ) < /dev/null > /dev/null 2>&1 &
  child=$!
  echo "$child" > "$D/group"
  [ -n "$dog" ] || {
    (
      exec 7>&-
      trap 'kill "$sleeper" 2>/dev/null; exit 0' TERM
      sleep ${Math.ceil(command.timeoutSeconds)} &
      sleeper=$!
      wait "$sleeper"
      end_tree
    ) &
    dog=$!
  }
  while :; do
    wait "$child"
    code=$?
    [ $code -gt 128 ] && kill -s 0 "$child" 2>/dev/null || return
  done
}
{
  exec 7>&1 > /dev/null
  dog=
  run "$login" -l
  [ -e "$D/begun" ] || [ -e "$D/late" ] || run /bin/sh
  : > "$D/ended"
  exec 7>&-
  [ -e "$D/late" ] && wait "$dog"
  looks=0 quiet=0 last=
  while [ ! -e "$D/eof" ] && [ $looks -lt 40 ] && [ $quiet -lt 4 ]; do
    rest
    now=$(ls -ln "$D/out.0" "$D/out.1" 2>/dev/null)
    [ "$now" = "$last" ] && quiet=$((quiet + 1)) || quiet=0
    last=$now
    looks=$((looks + 1))
  done
  late=0
  is_left && late=2
  [ -e "$D/late" ] && late=1
  { printf '%s\\037%s\\037%s\\037' "$code" "$late" "$(($(date +%s) - since))"; tell_output; } > "$D/done.new" &&
  mv "$D/done.new" "$D/done"
  while is_left && kill -s 0 "$dog" 2>/dev/null; do sleep 5; done
  kill "$dog" 2>/dev/null
  ${sweep}
} | drain`;

/** What the shell reads: the values as variables, then the command itself. */
export function toCommandInput({ command, environment }: ClusterCommand): string {
  const variables = Object.entries(environment).map(([name, value]) => {
    if (!/^WATCHER_\w+$/.test(name))
      throw new WatchError('bad-request', `No command is given ${JSON.stringify(name)}.`, 'Rename it.');
    return `${name}=${quoteWord(value)}\nexport ${name}\n`;
  });
  return `${variables.join('')}${command}\n`;
}

/** Reads the input of the command from standard input. */
export const runText = (command: ClusterCommand, folder: CommandFolder): string =>
  `${define(command.token, folder)}
words=$(cd ${quoteWord(command.workdir)} 2>&1) || { echo no-workdir; echo "$words"; exit 0; }
words=$(make_folder 2>&1) || {
  [ $? -eq 2 ] && echo unsafe-folder || echo no-folder
  echo "$words"
  exit 0
}
if [ ! -e "$D/done" ] && [ ! -h "$D/go" ]; then
  draft="$D/draft.$$"
  words=$( { cat > "$draft"; } 2>&1) || { echo no-folder; echo "$words"; rm -f "$draft"; exit 0; }
  [ "$(($(wc -c < "$draft")))" -eq ${countBytes(toCommandInput(command))} ] || { rm -f "$draft"; echo incomplete; exit 0; }
  mv "$draft" "$D/command" || exit 1
  ${ownSession}
  in_own_session /bin/sh -c ${quoteWord(toRunner(command))} slurm-watchers "$D" < /dev/null > /dev/null 2>&1 &
fi
${awaitEnd(command, 20)}`;

/** After this nobody begins it, unless somebody has begun already. */
export const closeText = (command: ClusterCommand, folder: CommandFolder): string =>
  `${enter(command, folder)}
ln -s closed "$D/go" 2>/dev/null
${awaitEnd(command, 20)}`;

/** Waits for one that was begun. `patience` in tenths of a second. */
export const awaitText = (command: ClusterCommand, folder: CommandFolder, patience: number): string =>
  `${enter(command, folder)}
${awaitEnd(command, patience)}`;

const enter = ({ token }: ClusterCommand, folder: CommandFolder): string => `${define(token, folder)}
words=$(make_folder 2>&1) || {
  [ -d "$D" ] || { echo closed; exit 0; }
  echo unsafe-folder
  echo "$words"
  exit 0
}`;

export type CommandAnswer =
  | {
      readonly kind: 'done';
      readonly code: number;
      readonly timedOut: boolean;
      readonly leavesProcesses: boolean;
      readonly seconds: number;
      readonly output: string;
    }
  /** Nobody runs it, and nobody will. */
  | { readonly kind: 'closed' }
  /** Who ran it has gone without a word; `output` is what it had printed. */
  | { readonly kind: 'dead'; readonly host: string; readonly output: string }
  /** It must be over by now, and nobody can look there from here. */
  | { readonly kind: 'lost'; readonly host: string; readonly output: string }
  | { readonly kind: 'pending' }
  /** The command did not arrive whole. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'no-workdir' | 'no-folder' | 'unsafe-folder'; readonly words: string };

/** Undefined if the text is none of ours. */
export function parseCommandAnswer(text: string): CommandAnswer | undefined {
  const end = text.indexOf('\n');
  const [kind = '', host = ''] = text.slice(0, Math.max(0, end)).split(' ');
  const body = text.slice(end + 1);
  switch (kind) {
    case 'done': {
      const [code = '', late = '', seconds = '', ...output] = body.split(fieldEnd);
      return {
        kind,
        code: Number(code),
        timedOut: late === '1',
        leavesProcesses: late === '2',
        seconds: Number(seconds),
        output: output.join(fieldEnd),
      };
    }
    case 'dead':
    case 'lost':
      return { kind, host, output: body };
    case 'closed':
    case 'pending':
    case 'incomplete':
      return { kind };
    case 'no-workdir':
    case 'no-folder':
    case 'unsafe-folder':
      return { kind, words: body.trim() };
    default:
      return undefined;
  }
}
