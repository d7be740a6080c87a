// The texts that hand a script in at most once, whatever breaks in between, and that find out what became of it.
//
// `<workdir>/.slurm-watchers/<token>/` holds the script and `.submission/`: `go`, a symbolic link that is made only once
// and tells who may run sbatch (a host's name) or that nobody may any more (`closed`); `out` and `err`, what sbatch
// prints; and `answer`, its exit code with both, which appears whole. sbatch runs in a session of its own and writes to
// files, so that a cut connection does not reach it. Every process on the way to sbatch has the token's folder in its
// arguments: by that it is seen whether one is left.
import type { Submission } from '../model';
import { cleanSubmitEnvironment } from './environment';
import type { Handover } from './submissionRules';
import { quoteWord, quoteWords } from './shellWords';
import { fieldEnd } from './table';

const folderOf = ({ workdir, token }: Submission): string =>
  `${workdir.replace(/\/$/, '')}/.slurm-watchers/${token}`;

/** What squeue shows as the job's command. */
export const scriptPathOf = (submission: Submission): string =>
  `${folderOf(submission)}/${submission.scriptName}`;

/** Our own shell has this text in its arguments: the token is written so that it does not find itself. */
const hideToken = (token: string): string => `${quoteWord(token.slice(0, 1))}''${quoteWord(token.slice(1))}`;

const define = ({ workdir, token }: Submission): string => `W=${quoteWord(workdir)} T=${hideToken(token)}
D="\${W%/}/.slurm-watchers/$T"
S="$D/.submission"`;

const prepare = `prepare() {
  (umask 077; mkdir -p "$S" || exit 1; cd "$D/.." && { [ -e .gitignore ] || echo '*' > .gitignore; } || exit 0)
}`;

/** `patience` in tenths of a second. Who cannot be seen at work from here has half an hour. */
const awaitAnswer = (patience: number): string => `is_old() {
  find "$S/go" -mmin +30 2>/dev/null | grep -q .
}
is_running() {
  command -v ps > /dev/null || { is_old && return 1 || return 0; }
  ps -A -o args= 2>/dev/null | while IFS= read -r line; do
    case $line in *"/.slurm-watchers/$T"*) echo yes; break;; esac
  done | grep -q yes
}
tell_answer() {
  [ -e "$S/answer" ] && { echo answer; cat "$S/answer"; exit 0; }
}
count=0
while :; do
  tell_answer
  owner=$(readlink "$S/go")
  [ "$owner" = closed ] && { echo closed; exit 0; }
  if [ $((count % 10)) -eq 9 ] && ! is_running; then
    tell_answer
    [ -z "$owner" ] || [ "$owner" = "$(uname -n)" ] && { echo dead; cat "$S/out" 2>/dev/null; exit 0; }
    [ $count -ge ${patience} ] && { is_old && echo dead || echo "elsewhere $owner"; exit 0; }
  fi
  [ $count -ge ${patience} ] && { echo pending; exit 0; }
  count=$((count + 1))
  sleep 0.1 2>/dev/null || { sleep 1; count=$((count + 9)); }
done`;

/** Run by a login shell, so that the job has what the user's terminal has. `cd` comes behind what start-up files do. */
const toInner = ({ workdir, scriptName }: Submission, { words }: Handover, setup: string): string => `${setup}
D=$SLURM_WATCHERS_FOLDER
${cleanSubmitEnvironment}
cd ${quoteWord(workdir)} && exec sbatch --parsable ${quoteWords(words)} "$D"/${quoteWord(scriptName)} > "$D/.submission/out" 2> "$D/.submission/err" < /dev/null`;

/** Folders of submissions that are a month old and whose jobs the controller does not know; only what we made goes. */
const sweep = `cd "$D/.." && find . -mindepth 2 -maxdepth 2 -type d -name .submission -mtime +30 | head -n 20 |
while IFS= read -r old; do
  token=\${old#./} token=\${token%/.submission}
  case $token in ''|*[!A-Za-z0-9]*) continue;; esac
  id=$(tr '\\037' '\\n' < "./$token/.submission/answer" 2>/dev/null | sed -n '2,$s/^\\([0-9][0-9]*\\)\\(;.*\\)*$/\\1/p' | head -n 1)
  known='Invalid job id'
  [ -z "$id" ] || known=$(scontrol show job "$id" 2>&1)
  case $known in *'Invalid job id'*) rm -rf "./$token";; esac
done`;

const toRunner = (inner: string, setup: string): string => `trap '' HUP INT TERM PIPE
D=$SLURM_WATCHERS_FOLDER
S="$D/.submission"
ln -s "$(uname -n)" "$S/go" || exit 0
login=$(getent passwd "$(id -un)" 2>/dev/null | cut -d: -f7)
login=\${login:-$SHELL}
case $login in
  */bash|*/zsh|*/ksh|*/ksh93|*/dash|*/sh) ;;
  *) login=$(command -v bash || echo /bin/sh);;
esac
"$login" -l -c ${quoteWord(inner)} "$D"
code=$?
if [ ! -e "$S/err" ]; then
  /bin/sh -c ${quoteWord(inner)} "$D"
  code=$?
fi
{ printf '%s\\037' "$code"; cat "$S/out"; printf '\\037'; cat "$S/err"; } > "$S/answer.new"
mv "$S/answer.new" "$S/answer"
${setup}${sweep}`;

/** Reads the script from standard input. */
export function submitCommand(submission: Submission, handover: Handover, setup: string): string {
  const runner = quoteWord(toRunner(toInner(submission, handover, setup), setup));
  return `${define(submission)}
${prepare}
[ -d "$W" ] || { echo no-workdir; exit 0; }
words=$(prepare 2>&1) || { echo no-folder; echo "$words"; exit 0; }
if [ ! -e "$S/answer" ] && [ ! -h "$S/go" ]; then
  draft="$D/.submission/script.$$"
  cat > "$draft" || exit 1
  [ "$(($(wc -c < "$draft")))" -eq ${countBytes(handover.script)} ] || { rm -f "$draft"; echo incomplete; exit 0; }
  mv "$draft" "$D"/${quoteWord(submission.scriptName)} || exit 1
  SLURM_WATCHERS_FOLDER=$D
  export SLURM_WATCHERS_FOLDER
  own_session=$(command -v setsid || command -v nohup)
  $own_session /bin/sh -c ${runner} slurm-watchers "$D" < /dev/null > /dev/null 2>&1 &
fi
${awaitAnswer(450)}`;
}

/** After this nobody runs sbatch for the submission, unless somebody has begun to already. */
export const findCommand = (submission: Submission): string => `${define(submission)}
${prepare}
[ -d "$W" ] || { echo closed; exit 0; }
[ -w "$W" ] || [ -d "$S" ] || { echo closed; exit 0; }
prepare || exit 1
ln -s closed "$S/go" 2>/dev/null
${awaitAnswer(50)}`;

/** Keeps what was found out, so that it is not asked again: the job's id, or null where none can come any more. */
export const recordCommand = (submission: Submission, id: string | null): string => `${define(submission)}
printf '%s\\037%s\\n\\037' ${id === null ? 'closed' : 0} ${quoteWord(id ?? '')} > "$S/answer.$$" && mv "$S/answer.$$" "$S/answer"`;

export type Answer =
  | { readonly kind: 'answer'; readonly code: number; readonly out: string; readonly words: string }
  /** Nobody runs sbatch for it, and nobody will. */
  | { readonly kind: 'closed' }
  /** Who ran sbatch has gone without an answer; `out` is what sbatch had printed. */
  | { readonly kind: 'dead'; readonly out: string }
  /** Begun on another login node a short while ago, and nobody can look there from here. */
  | { readonly kind: 'elsewhere'; readonly host: string }
  /** sbatch is still at it. */
  | { readonly kind: 'pending' }
  /** The script did not arrive whole. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'no-workdir' }
  /** Nothing can be written in the working directory. */
  | { readonly kind: 'no-folder'; readonly words: string };

/** Undefined where the text is none of ours. */
export function parseAnswer(text: string): Answer | undefined {
  const [first = '', ...rest] = text.split('\n');
  const [kind = '', host = ''] = first.split(' ');
  const body = rest.join('\n');
  switch (kind) {
    case 'answer': {
      const [code = '', out = '', ...words] = body.split(fieldEnd);
      if (code === 'closed') return { kind: 'closed' };
      return { kind, code: Number(code), out, words: words.join(fieldEnd) };
    }
    case 'dead':
      return { kind, out: body };
    case 'elsewhere':
      return { kind, host };
    case 'closed':
    case 'pending':
    case 'incomplete':
    case 'no-workdir':
      return { kind };
    case 'no-folder':
      return { kind, words: body.trim() };
    default:
      return undefined;
  }
}

/** What `sbatch --parsable` prints, `id` or `id;cluster`, behind whatever a site's wrapper says before. */
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
