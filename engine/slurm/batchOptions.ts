// The options of a batch script: `#SBATCH` lines before the first command, and words behind them that win.

/** Short option -> long one. Source: sbatch(1). */
const shortOptions: Readonly<Record<string, string>> = {
  A: 'account',
  a: 'array',
  b: 'begin',
  C: 'constraint',
  c: 'cpus-per-task',
  D: 'chdir',
  d: 'dependency',
  e: 'error',
  G: 'gpus',
  H: 'hold',
  i: 'input',
  J: 'job-name',
  L: 'licenses',
  M: 'clusters',
  m: 'distribution',
  N: 'nodes',
  n: 'ntasks',
  o: 'output',
  p: 'partition',
  q: 'qos',
  t: 'time',
  W: 'wait',
  w: 'nodelist',
  x: 'exclude',
};

/** Options without a value. */
const flags = new Set([
  'hold',
  'wait',
  'requeue',
  'no-requeue',
  'exclusive',
  'overcommit',
  'contiguous',
  'spread-job',
  'use-min-nodes',
  'reboot',
  'kill-on-invalid-dep',
  'quiet',
  'verbose',
  'parsable',
  'test-only',
]);

export type BatchOptions = ReadonlyMap<string, string>;

/** Long names to values; later ones win, flags have an empty value. */
export function parseBatchOptions(script: string, words: readonly string[]): BatchOptions {
  const options = new Map<string, string>();
  for (const line of script.split('\n')) {
    const text = line.trim();
    if (text !== '' && !text.startsWith('#')) break;
    const directive = /^#SBATCH\s+(.*)$/.exec(line);
    if (directive) readWords(splitWords(directive[1] ?? ''), options);
  }
  readWords(words, options);
  return options;
}

function readWords(words: readonly string[], options: Map<string, string>): void {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(word);
    const short = /^-([a-zA-Z])(?:=?(.+))?$/s.exec(word);
    const name = long?.[1] ?? shortOptions[short?.[1] ?? ''];
    if (name === undefined) continue;
    const given = long ? long[2] : short?.[2];
    if (given !== undefined || flags.has(name)) options.set(name, given ?? '');
    else options.set(name, words[++index] ?? '');
  }
}

/** Words as a shell splits them, with quotes and a trailing comment. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/#.*$|(?:"[^"]*"|'[^']*'|[^\s"'#]|(?<=\S)#)+/g)) {
    if (match[0].startsWith('#')) break;
    words.push(
      match[0].replace(
        /"([^"]*)"|'([^']*)'/g,
        (_, double: string | undefined, single: string | undefined) => double ?? single ?? '',
      ),
    );
  }
  return words;
}
