// What may be handed to sbatch: options that would keep us from the job's id are refused or taken out before.
import { findSbatchLines } from '../../language/sbatch/lines';
import { readOptions, type WrittenOption } from '../../language/sbatch/writtenOptions';
import { WatchError } from '../errors';
import type { Submission } from '../model';

export interface Handover {
  readonly script: string;
  /** Options for the command line; they win over the script's. */
  readonly words: readonly string[];
}

/** Why an option cannot be used here, and what to do instead. */
const refused: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  wrap: ['it takes the place of the script', 'Write the command into the script.'],
  'test-only': ['it submits nothing', 'Run sbatch --test-only in a terminal.'],
  quiet: ['it hides the number of the job', 'Leave it out.'],
};

const refuse = (message: string, remedy: string): WatchError =>
  new WatchError('submission-refused', message, remedy);

/** Throws submission-refused for what must not reach sbatch; --wait is taken out. `cluster` is Slurm's name of it. */
export function prepareHandover({ scriptName, cleanScript, options }: Submission, cluster: string): Handover {
  if (/[/\0\n\r]/.test(scriptName) || /^(?:|\.|\.\.|\.submission)$/.test(scriptName))
    throw refuse(`A script cannot be called ${JSON.stringify(scriptName)}.`, 'Rename it.');
  if (cleanScript.includes('\r\n'))
    throw refuse(
      'sbatch: error: Batch script contains DOS line breaks (\\r\\n) instead of expected UNIX line breaks (\\n).',
      'Save the script with Unix line ends.',
    );
  const words = options.map((text) => ({ text, start: 0, end: text.length }));
  const given = readOptions(words);
  for (const option of given) checkWord(option);
  const written = readScript(cleanScript);
  for (const option of [...written, ...given]) checkOption(option, cluster);
  return {
    script: written.filter(isWait).reduceRight(withoutWait, cleanScript),
    words: options
      .map((text, index) =>
        given
          .filter((option) => option.word === words[index] && isWait(option))
          .reduceRight(withoutWait, text),
      )
      .filter((text, index) => text.trim() !== '' || options[index]?.trim() === ''),
  };
}

const readScript = (script: string): readonly WrittenOption[] =>
  findSbatchLines(script)
    .filter(({ ignored }) => ignored === null)
    .flatMap(({ options }) => options);

const meaningOf = ({ options }: WrittenOption): string | undefined =>
  options.length === 1 ? options[0] : undefined;
const isWait = (option: WrittenOption): boolean => meaningOf(option) === 'wait';

/** A word that is no option would be taken for the script. */
function checkWord({ name }: WrittenOption): void {
  if (/^--?[A-Za-z]/.test(name.text)) return;
  throw refuse(
    `"${name.text}" is not an option of sbatch.`,
    'Write options as --name=value, one word each; arguments for the script are not possible.',
  );
}

function checkOption(option: WrittenOption, cluster: string): void {
  const name = meaningOf(option);
  // Its job would be numbered, and have to be watched, elsewhere.
  if (name === 'clusters' && option.value?.text !== cluster)
    throw refuse(
      `The script is for the cluster "${option.value?.text ?? ''}", and this is "${cluster}".`,
      'Submit it on a login node of that cluster, without --clusters.',
    );
  const reason = name === undefined ? undefined : refused[name];
  if (reason) throw refuse(`--${name ?? ''} cannot be used here: ${reason[0]}.`, reason[1]);
}

/** A letter among others leaves, a word of its own becomes blank; what stands before it stays where it is. */
function withoutWait(text: string, { name, word }: WrittenOption): string {
  const isLetter = !word.text.startsWith('--') && word.text.length > '-W'.length;
  const start = isLetter ? name.end - 1 : name.start;
  return text.slice(0, start) + (isLetter ? '' : ' '.repeat(name.end - start)) + text.slice(name.end);
}

/** What sbatch's words are about, where they name no option. */
const topics: readonly (readonly [RegExp, readonly string[]])[] = [
  [/partition/i, ['partition']],
  [/\baccount\b/i, ['account']],
  [/qos/i, ['qos']],
  [/time limit/i, ['time', 'time-min']],
  [/memory/i, ['mem', 'mem-per-cpu', 'mem-per-gpu']],
  [/array/i, ['array']],
  [/dependency/i, ['dependency']],
  [/gres|gpu/i, ['gres', 'gpus', 'gpus-per-node']],
  [/directory|chdir/i, ['chdir']],
  [/feature|constraint/i, ['constraint']],
  [/reservation/i, ['reservation']],
  [/node count|node configuration/i, ['nodes', 'ntasks', 'cpus-per-task']],
];

/** The error for what sbatch answered, with the line of the script that it speaks of. */
export function toRefusal(words: string, { scriptName, script }: Submission): WatchError {
  const named = [...words.matchAll(/--([a-z][a-z-]+)/g)].map((match) => match[1] ?? '');
  const about =
    named.length > 0 ? named : topics.flatMap(([topic, names]) => (topic.test(words) ? names : []));
  const line = findSbatchLines(script).find(
    ({ ignored, options }) =>
      ignored === null &&
      options.some((option) => about.includes(meaningOf(option) ?? option.name.text.replace(/^-+/, ''))),
  );
  const remedy = line
    ? `Look at ${scriptName}:${line.line + 1}: ${script.slice(line.span.start, line.span.end)}`
    : 'Change the script or its options, and submit it again.';
  return new WatchError(
    'submission-refused',
    words.trim() || 'sbatch refused it without giving a reason.',
    remedy,
  );
}

/** sbatch gave up without knowing whether the controller took the job. */
export const isUncertain = (words: string): boolean =>
  /timed out|Zero Bytes|Connection reset|Transport endpoint|unexpected message/i.test(words);
