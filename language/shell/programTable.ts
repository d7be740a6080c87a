// The table of programs that do more with their words than print them: what each does with a value that a job has printed.
import { findTail } from '../textEnd';

export interface ProgramRow {
  /** What it does with the values that it is given, in words that follow "which"; undefined if they are only data. */
  readonly does?: string;
  /** Whether a value can become code: it runs or loads what it is given. */
  readonly isCode?: true;
  /** Its words are another command, which it runs. */
  readonly runsCommand?: true;
  /** It takes its words, or those that come with such an option, for a program's text and reads them again. */
  readonly rereads?: RegExp | 'always';
  /** It takes its words for names of variables, or for assignments. */
  readonly assigns?: true;
  /** What it takes for more than a plain operand at the beginning of a word, besides `-`. */
  readonly special?: RegExp;
  /** A `--` does not end its options. */
  readonly hasNoEnd?: true;
  /** Words are printed, or passed over: nothing at their beginning has a meaning that could do harm. */
  readonly takesAnything?: true;
  /** Options of the author's that make it run, send, load or overwrite something else than its name tells. */
  readonly asksFor?: RegExp;
  /** Only the options before its first operand are its own; such ones take the next word with them. */
  readonly optionsFirst?: RegExp;
  /** It runs its first operand: the others are arguments of that. */
  readonly runsFirst?: true;
  /** It may run another program, which its words name. */
  readonly mayRun?: true;
}

const plus = /^\+/;
const assignment = /^[A-Za-z_]\w*\+?=/;
const sign = /^(?:[!(),]|\+)/;
const file = /^@/;
const script = 'runs the script that it is given';
const command = 'runs the command that it is given';
const remote = 'runs commands on other machines, where another shell reads them again';
/** `-c`, also among other letters, as in `-xc`; `--eval`. */
const codeOption = /^-[A-Za-z]*[ceEr]|^--(?:eval|exec|print|command|init-file|rcfile)\b/;

const loads = 'loads, sends or overwrites what is at the address that it is given';
/**
 * All of curl's long options but these: there are new ones each year that write (`--expand-output`) or send a file (`--variable`,
 * `--data-urlencode name@file`), and older versions take any beginning of one. Short ones that write, or read from a file, also
 * among other letters; `-w` writes by `%output{file}`. And what has a file in its value.
 */
const curlOption = new RegExp(
  [
    `^--(?!(?:${[
      'anyauth|basic|compressed|connect-timeout|data|data-ascii|data-binary|data-raw|digest|fail|fail-early|fail-with-body|form',
      'form-string|get|globoff|head|header|http1\\.[01]|http2|include|ipv[46]|json|location|max-filesize|max-redirs|max-time',
      'no-keepalive|no-progress-meter|no-sessionid|oauth2-bearer|referer|request|retry|retry-all-errors|retry-connrefused',
      'retry-delay|retry-max-time|show-error|silent|tcp-nodelay|tlsv1(?:\\.[0-3])?|url|user|user-agent|verbose',
    ].join('|')})$)`,
    String.raw`^-[afgGiIjklLMNpqRsSvZ#\d]*[oOTKxEcDJQtnwb]`,
    String.raw`^(?:-\w*)?@`,
    '[=:][@<]',
  ].join('|'),
);

/** Longest groups last; a name stands in one group only. */
const groups: readonly (ProgramRow & { readonly names: string })[] = [
  { names: 'echo : true false', takesAnything: true },
  { names: 'printf', takesAnything: true, rereads: /^-v$/ },
  { names: 'test [', hasNoEnd: true, special: sign, rereads: /^-[vR]$/ },
  { names: 'expr', special: sign },
  { names: 'logger', asksFor: /^-[ies]*[nPTdufS]|^--(?:se|so|po|tc|ud|f|rf|j|n)/ },
  {
    names: 'date',
    does: 'sets the clock to the time that it is given, if it may',
    special: plus,
    asksFor: /^-[uR]*[sf]|^--(?:s|f)/,
  },

  // What runs or loads.
  {
    names: 'sh bash dash ash ksh mksh zsh csh tcsh fish rbash busybox toybox',
    does: script,
    isCode: true,
    runsFirst: true,
    rereads: codeOption,
    special: plus,
    asksFor: codeOption,
  },
  {
    names: 'python python2 python3 pypy pypy3 ipython',
    does: 'runs the program, module or code that it is given',
    isCode: true,
    runsFirst: true,
    rereads: /^-[A-Za-z]*c/,
    asksFor: /^-(?:[A-Za-z]*[ci]|$)/,
    optionsFirst: /^-[A-Za-z]*[WX]$|^--/,
  },
  {
    names:
      'perl ruby node nodejs deno bun php lua luajit julia Rscript R tclsh wish guile octave matlab sage gnuplot scala groovy java jshell',
    does: 'runs the program or code that it is given',
    isCode: true,
    runsFirst: true,
    rereads: /^-[A-Za-z]*[ceEpr]|^--(?:eval|exec|print|batch)/,
    special: /^[@|]/,
    asksFor: codeOption,
  },
  {
    names:
      'awk gawk mawk nawk sed gsed ed ex jq bc dc m4 gdb sqlite3 psql mysql mariadb duckdb redis-cli expect ftp sftp lftp telnet',
    does: 'reads what it is given as a program, which can run commands and write files',
    isCode: true,
    rereads: 'always',
    special: /^[@\\/]/,
  },
  {
    names: 'eval trap let watch parallel su runuser crontab at batch',
    does: 'reads what it is given as a program again',
    isCode: true,
    rereads: 'always',
    runsCommand: true,
  },
  {
    names: 'compgen complete',
    does: 'can run what it is given as a command',
    isCode: true,
    rereads: 'always',
  },
  {
    names: 'source .',
    does: 'runs the script that it is given in the same shell',
    isCode: true,
    rereads: 'always',
  },
  {
    names:
      'env sudo doas nohup nice ionice chrt timeout time stdbuf setsid unbuffer exec command builtin coproc xargs taskset numactl setarch linux64 chroot unshare nsenter systemd-run cgexec flock script strace ltrace valgrind perf nsys ncu xvfb-run catchsegv tini gosu fakeroot hyperfine entr',
    does: command,
    isCode: true,
    runsCommand: true,
    special: /^(?:[!(),]|[A-Za-z_]\w*\+?=)/,
  },
  {
    names: 'find fd',
    does: 'finds, runs and deletes what it is told to',
    isCode: true,
    runsCommand: true,
    hasNoEnd: true,
    special: /^[!(),]/,
  },
  {
    names:
      'srun salloc mpirun mpiexec mpiexec.hydra orterun prun torchrun accelerate deepspeed ray dask conda mamba micromamba poetry pipenv pixi hatch nox tox npx npm yarn pnpm bunx cargo go dotnet',
    does: 'runs the program that it is given',
    isCode: true,
    runsCommand: true,
    special: /^(?:[@:+]|[A-Za-z_]\w*\+?=)/,
  },
  {
    names:
      'docker podman nerdctl singularity apptainer enroot shifter charliecloud ch-run kubectl helm vagrant tmux screen',
    does: 'runs the image or the command that it is given',
    isCode: true,
    runsCommand: true,
  },
  {
    names: 'ssh rsh slogin dsh pdsh clush mosh dbclient autossh',
    does: remote,
    isCode: true,
    runsCommand: true,
    rereads: 'always',
  },
  {
    names: 'make gmake just task rake ninja snakemake nextflow cmake invoke',
    does: 'runs the recipes that it is given, and puts values into them as text',
    isCode: true,
    rereads: 'always',
    special: assignment,
  },
  {
    names: 'sbatch',
    does: 'submits the script that it is given as a job',
    isCode: true,
    rereads: /^--wra?p?/,
    asksFor: /^--(?:wr|bc|container|ge|ui|gi)/,
  },
  {
    names: 'scontrol sacctmgr scancel sattach sbcast strigger sreport',
    does: 'changes or cancels the jobs that it is given',
    special: assignment,
  },
  {
    names: 'pip pip2 pip3 pipx easy_install gem cpan apt apt-get dnf yum spack eb brew module ml lmod',
    does: 'loads the package or program that it is given, and runs code of it',
    isCode: true,
    special: /^[@:+]|^git\+/,
    rereads: /^(?:python|-c)$/,
    asksFor: /^-[if]|^--(?:index|extra-i|find|tru|pro|cert|config|target|root|prefix|src|python)/,
  },
  {
    names: 'uv uvx',
    does: 'loads the package or program that it is given, and runs code of it',
    isCode: true,
    mayRun: true,
    special: /^[@:+]|^git\+/,
    rereads: /^-c$/,
    asksFor:
      /^-(?:[cif]$|-(?:index|default-i|extra-i|find|allow-ins|config|env-file|directory|project|target|prefix|script))/,
  },
  {
    names:
      'wandb mlflow tensorboard aim dvc clearml comet neptune huggingface-cli hf gsutil gcloud aws az rclone s3cmd gh glab slack',
    does: 'runs, loads or sends what it is given',
    isCode: true,
    special: /^@/,
    asksFor: /^(?:agent|launch|launch-agent|job|docker|docker-run)$/,
  },
  {
    names: 'nvidia-smi rocm-smi',
    does: 'changes the settings of the GPUs that it is given',
    hasNoEnd: true,
    asksFor:
      /^-(?:f|pm|e|p|c|r|ac|rac|rgc|lgc|lmc|rmc|pl|cc|am|caa|gom|vm|gtt|mig)$|^--(?:filename|persistence|ecc|reset|compute|gpu-reset|lock|power|acc|auto|driver|applications)/,
  },
  {
    names: 'vi vim nvim view ex vimdiff emacs emacsclient nano less more most man w3m lynx',
    does: 'loads the file that it is given, and can run commands from it',
    isCode: true,
    special: /^[+|]/,
  },
  {
    names: 'git hg svn git-lfs',
    does: 'loads, sends or overwrites what it is given, and can run commands from it',
    isCode: true,
    rereads:
      /^-(?:c|x|u|O|-config\b.*|-exec\b.*|-upload-pack\b.*|-receive-pack\b.*|-open-files-in-pager\b.*|-config-env\b.*)|^(?:config|foreach|filter-branch|run)$/,
    special: /^(?:[:+!|]|ext::)/,
    asksFor: /^-/,
  },
  {
    names: 'tar bsdtar gtar cpio pax zip unzip unzstd 7z 7za rar unrar ar',
    does: 'overwrites files from the archive, or sends them to the place, that it is given, and can run commands',
    isCode: true,
    rereads: /^-(?:-(?:ch|to-c|us|rs|rm|in|ne)|[A-Za-z]*[FI]|T|-unzip-command)/,
    special: file,
    asksFor: /^-/,
  },
  {
    names: 'gcc g++ cc c++ clang clang++ gfortran ifort icc nvcc ld as javac rustc',
    does: 'loads the files that it is given as a program',
    isCode: true,
    hasNoEnd: true,
    special: file,
  },
  {
    names: 'convert magick mogrify identify montage composite compare ffmpeg ffprobe ffplay openssl gpg',
    does: 'loads and overwrites the files that it is given, and can run commands from them',
    isCode: true,
    hasNoEnd: true,
    special: /^[|@(+!]|^[a-z]+:/i,
  },

  // What sends, overwrites, deletes.
  {
    names: 'rsync',
    does: 'sends or overwrites the files that it is given, also on other machines',
    rereads: /^-(?:[A-Za-z]*[eM]|-rs|-rem)/,
    special: /^[:~]/,
    asksFor:
      /^-(?:[A-Za-z]*[eMT]|-(?:rs|rem|dae|conf|password|files-f|write|read|only-w|log-file|temp|backup-d|partial-d|compare|copy-dest|link-d|sockopts|del|force))/,
  },
  {
    names: 'scp rcp bbcp globus sendmail mail mailx mutt nc ncat netcat socat',
    does: 'sends or overwrites the files that it is given, also on other machines',
    rereads: /^-(?:[A-Za-z]*[eSoc]|-sh-exec|-exec)/,
    special: /^[:~!|]/,
    asksFor: /^-/,
  },
  {
    names: 'curl',
    does: loads,
    special: /^[@<:]/,
    asksFor: curlOption,
  },
  {
    names: 'wget wget2 aria2c http https httpie xh',
    does: loads,
    special: /^[@<:]/,
    asksFor: /^-/,
  },
  {
    names: 'cp mv ln install dd tee truncate split csplit shred patch touch mkdir mkfifo mknod mktemp',
    does: 'creates or overwrites the files that it is given',
    special: assignment,
    asksFor: /^-(?:[A-Za-z]*[tS]|-(?:t|s|st|c|b))/,
  },
  {
    names: 'rm rmdir unlink chmod chown chgrp chattr setfacl setfattr mount umount',
    does: 'deletes or changes the files that it is given',
    special: plus,
  },
  {
    names: 'kill pkill killall skill fuser renice',
    does: 'ends what it is given',
    hasNoEnd: true,
    special: /^[%0+]/,
  },
  { names: 'set', does: 'sets the options of the shell', special: plus },
  {
    names:
      'export readonly local declare typeset alias unset read mapfile readarray getopts ulimit umask hash enable shopt setenv unsetenv',
    does: 'sets what it is given for all that comes after it',
    isCode: true,
    assigns: true,
  },
  {
    names: 'cd pushd popd',
    does: 'goes to the folder that it is given, where all that comes after it happens',
    hasNoEnd: true,
    special: plus,
  },
  {
    names:
      'cat head tail grep egrep fgrep zgrep rg nl od xxd hexdump strings base64 diff cmp sort uniq cut paste join comm tac rev fold zcat bzcat xzcat gunzip gzip bzip2 xz zstd column',
    does: 'reads the files that it is given: their text is kept with the output of the command',
    special: plus,
  },
  { names: '[[', rereads: 'always' },
];

const rows: ReadonlyMap<string, ProgramRow> = new Map(
  groups.flatMap(({ names, ...row }) => names.split(' ').map((name) => [name, row] as const)),
);

/** `python3.11` is python3, and `/usr/bin/env` is env. */
export function findProgram(word: string): ProgramRow | undefined {
  const name = toProgramName(word);
  return rows.get(name) ?? rows.get(name.slice(0, findTail(name, /[\d.]/)));
}

export const toProgramName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);
