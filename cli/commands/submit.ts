// slurm-watchers submit: hands a script in with its watchers and prints the job id.
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { WatchError } from '../../engine/errors';
import type { Submitted } from '../../engine/protocol';
import { createLineFlow } from '../../engine/link/lineFlow';
import { toSubmissionProblems, isBehindSsh } from '../../engine/rules';
import { count } from '../../engine/words';
import { parseScript } from '../../language/script';
import { requestWithConsent, yesWords, type ConsentOptions } from '../consent';
import { readFileText } from '../input';
import { withEngine, type Context, type SteadyLink } from './command';
import { toNotes, type ExitCode } from '../output';
import { isSerious, printProblems } from '../problems';
import { isError } from '../../language/problem';

export function addSubmit(program: Command, context: Context): void {
  program
    .command('submit')
    .description('submit a script with its watchers and print the job id')
    .argument('<script>', 'batch script')
    .argument('[options...]', 'sbatch options, after --')
    .requiredOption('--on <cluster>', 'the cluster, "sandbox" for this machine without Slurm')
    .option('--workdir <dir>', workdirWords)
    .option('--yes', yesWords)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers submit train.sh --on sandbox -- --time=1:00:00')
    .action(
      async (
        path: string,
        words: readonly string[],
        { on, workdir, yes, json }: ConsentOptions & { readonly on: string; readonly workdir?: string },
      ) => {
        const code = await withEngine(context, { start: true }, async (link): Promise<ExitCode> => {
          const script = { path, cluster: on, options: words, workdir, yes, json };
          const submitted = await submitScript(link, script, context);
          if (!submitted) return 1;
          if (submitted.isRemote) context.output.note(`The job works in ${submitted.workdir}.`);
          const watchers = submitted.watchers.map(({ id }) => id);
          if (json) context.output.json({ cluster: submitted.cluster, job: submitted.job.id, watchers });
          else context.output.line(submitted.job.id);
          return 0;
        });
        context.exit(code);
      },
    );
}

export interface ScriptToSubmit extends ConsentOptions {
  readonly path: string;
  readonly cluster: string;
  readonly options: readonly string[];
  /** As the person gave it. */
  readonly workdir: string | undefined;
}

export const workdirWords =
  'folder that the job works in; by default this one, and over ssh the root directory of the cluster, or your home there';

const loginSetupWords = 'The login set-up runs before the job is submitted.';

export interface SubmittedScript extends Submitted {
  /** Absolute path on the cluster. */
  readonly workdir: string;
  /** Behind ssh: its folders are not those of this machine. */
  readonly isRemote: boolean;
}

/**
 * Submits the script. What is wrong with it is shown where it stands, and errors refuse. Undefined if the person does not agree
 * to what it may do.
 */
export async function submitScript(
  link: SteadyLink,
  submission: ScriptToSubmit,
  context: Context,
): Promise<SubmittedScript | undefined> {
  const { path, cluster, options } = submission;
  const script = await readFileText(path);
  const parsed = parseScript(script);
  const problems = toSubmissionProblems(parsed.problems).filter(isSerious);
  printProblems({ path, text: script, problems }, toNotes(context.output));
  const errors = problems.filter(isError).length;
  if (errors > 0) {
    throw new WatchError(
      'script-problems',
      `${path} was not submitted: ${errors === 1 ? 'it has an error' : `it has ${count(errors, 'error')}`}.`,
      'Correct what is shown above and submit again.',
    );
  }
  const clusters = await link.request('engine/clusters', {});
  const isRemote = isBehindSsh(clusters, cluster);
  const given = submission.workdir ?? null;
  const workdir = isRemote ? given : resolve(context.cwd, given ?? '.');
  const { output } = context;
  const printed = createLineFlow((line) => {
    output.note(`  ${line}`);
  });
  const request = { cluster, scriptName: basename(path), script, workdir, options };
  const hasLoginSetup = parsed.loginSetups.length > 0;
  const consent = {
    ...{ verb: 'Submit', options: submission, context, listen: printed.take },
    ...(hasLoginSetup && { announcement: loginSetupWords }),
  };
  const asked = requestWithConsent(link, ['engine/submit', request], consent);
  const submitted = await asked.finally(printed.end);
  if (!submitted) return undefined;
  // An engine of an older version tells it at the end alone.
  if (!printed.hasBegun()) printed.take(submitted.loginOutput ?? '');
  printed.end();
  return { ...submitted, isRemote, workdir: submitted.job.submission?.workdir ?? workdir ?? '~' };
}
