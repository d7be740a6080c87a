// The texts that hand a script in at most once, whatever breaks in between, and that find out what became of it.
//
// `<private folder>/<token>/` holds the script and `.submission/`: `go`, a symbolic link that is made only once
// and tells who may run sbatch (a host's name) or that nobody may any more (`closed`); `out` and `err`, what sbatch
// prints; `answer`, its exit code with both, which appears whole; and `given`, which of sbatch's options the user's own
// start-up files set. sbatch runs in a session of its own and writes to files, so that a cut connection does not reach it.
// Every process on the way to sbatch has the token's folder in its arguments: by that it is seen whether one is left.
import type { Submission } from '../model';
import { cleanSubmitEnvironment } from './environment';
import { givenCommand, parseGiven } from './givenOptions';
import { findLoginShell, hideToken, isRunningFunction } from './onceTexts';
import { privateFolderFunctions, toPrivateWords } from './privateFolder';
import type { Handover } from './submissionRules';
import { quoteWord, quoteWords } from './shellWords';
import { fieldEnd, recordEnd } from './table';

/** A submission whose private folder is known: none of version 0.1.0. */
export type PlacedSubmission = Submission & { readonly folder: string };

/** What the command is made of besides the submission. */
export interface HandoverParts extends Handover {
  /** What finds sbatch, as a capability. */
  readonly setup: string;
  /** Slurm's name of the cluster that the job must be of. */
  readonly cluster: string;
}

/** Version 0.1.0 had them in the working directory. */
const oldFolderOf = ({ workdir }: Submission): string => `${workdir.replace(/\/$/, '')}/.slurm-watchers`;

const define = ({ token }: Submission, folder: string): string => `T=${hideToken(token)}
D=${quoteWord(folder)}/$T
S="$D/.submission"
${privateFolderFunctions}`;

/** `patience` in tenths of a second. Who cannot be seen at work from here has half an hour. */
const awaitAnswer = (patience: number): string => `is_old() {
  find "$S/go" -mmin +30 2>/dev/null | grep -q .
}
${isRunningFunction('is_old && return 1 || return 0')}
tell() {
  echo "$1"
  cat "$S/$2" 2>/dev/null
  printf '\\036'
  cat "$S/given" 2>/dev/null
  exit 0
}
tell_answer() {
  [ -e "$S/answer" ] && tell answer answer
}
count=0
while :; do
  tell_answer
  owner=$(readlink "$S/go")
  [ "$owner" = closed ] && { echo closed; exit 0; }
  if [ $((count % 10)) -eq 9 ] && ! is_running; then
    tell_answer
    [ -z "$owner" ] || [ "$owner" = "$(uname -n)" ] && tell dead out
    [ $count -ge ${patience} ] && { is_old && echo dead || echo "elsewhere $owner"; exit 0; }
  fi
  [ $count -ge ${patience} ] && { echo pending; exit 0; }
  count=$((count + 1))
  sleep 0.1 2>/dev/null || { sleep 1; count=$((count + 9)); }
done`;

/**
 * Run by a login shell, so that the job has what the user's terminal has. `cd` comes after what start-up files do. Those
 * may send sbatch to another cluster, where the job would be numbered and have to be watched, or let it wait for the job.
 */
const toInner = (
  { workdir, scriptName }: Submission,
  { words, cluster, setup }: HandoverParts,
): string => `${setup}
D=$SLURM_WATCHERS_FOLDER
unset SLURM_WATCHERS_FOLDER SBATCH_WAIT
exec > "$D/.submission/out" 2> "$D/.submission/err" < /dev/null
cd ${quoteWord(workdir)} || exit
${givenCommand} > "$D/.submission/given"
for there in "\${SBATCH_CLUSTERS-}" "\${SLURM_CLUSTERS-}"; do
  case $there in
    ''|${quoteWord(cluster)}) ;;
    *) echo "Your start-up files send jobs to the cluster $there (SBATCH_CLUSTERS or SLURM_CLUSTERS), and this is ${cluster.replaceAll(/[^\w.-]/g, '_')}." >&2; exit 1;;
  esac
done
exec sbatch --parsable ${quoteWords(words)} "$D"/${quoteWord(scriptName)}`;

/**
 * Folders of submissions that are a month old and whose jobs the controller does not know; only what we made goes. What
 * version 0.1.0 left in the working directory goes likewise; a link there is followed nowhere.
 */
const sweep = (workdir: string): string => `sweep() {
  find . -mindepth 2 -maxdepth 2 -type d -name .submission -mtime +30 | head -n 20 |
  while IFS= read -r old; do
    token=\${old#./} token=\${token%/.submission}
    case $token in ''|*[!A-Za-z0-9]*) continue;; esac
    id=$(tr '\\037' '\\n' < "./$token/.submission/answer" 2>/dev/null | sed -n '2,$s/^\\([0-9][0-9]*\\)\\(;.*\\)*$/\\1/p' | head -n 1)
    known='Invalid job id'
    [ -z "$id" ] || known=$(scontrol show job "$id" 2>&1)
    case $known in *'Invalid job id'*) rm -rf "./$token";; esac
  done
}
${privateFolderFunctions}
cd "$D/.." && sweep
cd -P ${quoteWord(workdir)} 2>/dev/null && old=$(pwd -P)/.slurm-watchers &&
cd -P .slurm-watchers 2>/dev/null && [ "$(pwd -P)" = "$old" ] && private_own . > /dev/null && {
  sweep
  [ "$(ls -A)" != .gitignore ] || { rm .gitignore && rmdir "$old"; }
}`;

/** What our own process brings is taken out before start-up files are read: what those set counts as it does by hand. */
const toRunner = ({ workdir }: Submission, inner: string, setup: string): string => `trap '' HUP INT TERM PIPE
D=$SLURM_WATCHERS_FOLDER
S="$D/.submission"
${cleanSubmitEnvironment}
SLURM_WATCHERS_FOLDER=$D
export SLURM_WATCHERS_FOLDER
ln -s "$(uname -n)" "$S/go" || exit 0
${findLoginShell}
"$login" -l -c ${quoteWord(inner)} "$D"
code=$?
if [ ! -e "$S/err" ]; then
  /bin/sh -c ${quoteWord(inner)} "$D"
  code=$?
fi
{ printf '%s\\037' "$code"; cat "$S/out"; printf '\\037'; cat "$S/err"; } > "$S/answer.new"
mv "$S/answer.new" "$S/answer"
${setup}${sweep(workdir)}`;

/** Reads the script from standard input. */
export function submitCommand(submission: PlacedSubmission, parts: HandoverParts): string {
  const { workdir, folder, scriptName } = submission;
  const runner = quoteWord(toRunner(submission, toInner(submission, parts), parts.setup));
  return `${define(submission, folder)}
words=$(cd ${quoteWord(workdir)} 2>&1) || { echo no-workdir; echo "$words"; exit 0; }
words=$(private_folder ${toPrivateWords(folder)} "$T" .submission 2>&1) || {
  [ $? -eq 2 ] && echo unsafe-folder || echo no-folder
  echo "$words"
  exit 0
}
if [ ! -e "$S/answer" ] && [ ! -h "$S/go" ]; then
  draft="$S/script.$$"
  words=$( { cat > "$draft"; } 2>&1) || { echo no-folder; echo "$words"; rm -f "$draft"; exit 0; }
  [ "$(($(wc -c < "$draft")))" -eq ${countBytes(parts.script)} ] || { rm -f "$draft"; echo incomplete; exit 0; }
  mv "$draft" "$D"/${quoteWord(scriptName)} || exit 1
  SLURM_WATCHERS_FOLDER=$D
  export SLURM_WATCHERS_FOLDER
  own_session=$(command -v setsid || command -v nohup)
  $own_session /bin/sh -c ${runner} slurm-watchers "$D" < /dev/null > /dev/null 2>&1 &
fi
${awaitAnswer(450)}`;
}

/** After this nobody runs sbatch for the submission, unless somebody has begun to already. */
export const findCommand = (submission: Submission): string =>
  `${submission.folder === undefined ? enterOld(submission) : enter(submission, submission.folder)}
ln -s closed "$S/go" 2>/dev/null
${awaitAnswer(50)}`;

const enter = (submission: Submission, folder: string): string => `${define(submission, folder)}
words=$(private_folder ${toPrivateWords(folder)} "$T" .submission 2>&1) || {
  [ -d "$D" ] || { echo closed; exit 0; }
  echo unsafe-folder
  echo "$words"
  exit 0
}`;

/**
 * Others may be able to rename what is in a working directory: the folder is entered first, and looked at from within. One
 * that is not ours tells nothing, and only the scheduler knows then.
 */
const enterOld = (submission: Submission): string => `${define(submission, oldFolderOf(submission))}
[ -d "$S" ] || { echo closed; exit 0; }
is_ours() {
  cd -P "$S" && case $(pwd -P) in */.slurm-watchers/"$T"/.submission) ;; *) return 1;; esac
  private_own . && private_own .. && private_own ../..
}
is_ours > /dev/null 2>&1 && S=. || { echo dead; exit 0; }`;

/** Keeps what was found out, so that it is not asked again: the job's id, or null where none can come any more. */
export const recordCommand = (submission: Submission, id: string | null): string =>
  `${submission.folder === undefined ? enterOld(submission) : enter(submission, submission.folder)}
printf '%s\\037%s\\n\\037' ${id === null ? 'closed' : 0} ${quoteWord(id ?? '')} > "$S/answer.$$" && mv "$S/answer.$$" "$S/answer"`;

export type Answer =
  | {
      readonly kind: 'answer';
      readonly code: number;
      readonly out: string;
      readonly words: string;
      readonly given: readonly string[];
    }
  /** Nobody runs sbatch for it, and nobody will. */
  | { readonly kind: 'closed' }
  /** Who ran sbatch has gone without an answer; `out` is what sbatch had printed. */
  | { readonly kind: 'dead'; readonly out: string; readonly given: readonly string[] }
  /** Begun on another login node a short while ago, and nobody can look there from here. */
  | { readonly kind: 'elsewhere'; readonly host: string }
  /** sbatch is still at it. */
  | { readonly kind: 'pending' }
  /** The script did not arrive whole. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'no-workdir'; readonly words: string }
  /** The script cannot be written into the private folder. */
  | { readonly kind: 'no-folder'; readonly words: string }
  /** Others may be able to change what is in the private folder. */
  | { readonly kind: 'unsafe-folder'; readonly words: string };

/** Undefined where the text is none of ours. */
export function parseAnswer(text: string): Answer | undefined {
  const [first = '', ...rest] = text.split('\n');
  const [kind = '', host = ''] = first.split(' ');
  const body = rest.join('\n');
  const end = body.lastIndexOf(recordEnd);
  const told = end < 0 ? body : body.slice(0, end);
  const given = end < 0 ? [] : parseGiven(body.slice(end + 1));
  switch (kind) {
    case 'answer': {
      const [code = '', out = '', ...words] = told.split(fieldEnd);
      if (code === 'closed') return { kind: 'closed' };
      return { kind, code: Number(code), out, words: words.join(fieldEnd), given };
    }
    case 'dead':
      return { kind, out: told, given };
    case 'elsewhere':
      return { kind, host };
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

/** What `sbatch --parsable` prints, `id` or `id;cluster`, after whatever a site's wrapper says before. */
export const parseJobNumber = (out: string): string | undefined => /^(\d+)(?:;\S+)?\s*$/m.exec(out)?.[1];

/** In UTF-8. */
function countBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
