// Handing scripts to sbatch at most once, and finding out what became of a submission that was interrupted.
import { WatchError } from '../errors';
import type { Submission } from '../model';
import type { FoundSubmission, Machine } from '../ports';
import { parseSubmitLines, submitLinesCommand } from './sacct';
import { toCommandError, type SlurmShell } from './slurmShell';
import { parseSqueue, squeueCommand } from './squeue';
import { homeCommand, privateFolderOf } from './privateFolder';
import { isOf } from './scriptToken';
import {
  findCommand,
  parseAnswer,
  parseJobNumber,
  recordCommand,
  submitCommand,
  type Answer,
} from './submissionCommands';
import { isUncertain, prepareHandover, toRefusal } from './submissionRules';

export interface SubmissionPlace {
  readonly cluster: string;
  readonly machine: Machine;
  readonly shell: SlurmShell;
}

/** Longer than the commands themselves wait. */
const submitLimitMs = 75_000;

export async function submitScript(submission: Submission, place: SubmissionPlace): Promise<FoundSubmission> {
  const { setup, cluster } = await place.shell.capabilities();
  const handover = prepareHandover(submission, cluster);
  const folder = submission.folder ?? (await findPrivateFolder(place));
  const script = submitCommand({ ...submission, folder }, { ...handover, setup, cluster });
  const answer = await ask(place, script, handover.script);
  switch (answer.kind) {
    case 'answer': {
      const id = parseJobNumber(answer.out);
      if (answer.code === 0 && id !== undefined) return toFound(id, answer.given);
      if (isUncertain(answer.words)) throw unknownOutcome(answer.words.trim());
      throw toRefusal(answer.words.trim() || answer.out, submission);
    }
    case 'no-workdir':
      throw new WatchError(
        'submission-refused',
        `The job cannot work in ${submission.workdir} on ${place.cluster}: ${answer.words}`,
        'Choose a working directory that exists and that you may enter.',
      );
    case 'no-folder':
      throw new WatchError(
        'submission-refused',
        `The script cannot be put into ${folder} on ${place.cluster}: ${answer.words}`,
        'Make room in your home there, or let it be writable for you (ask your site how: quota), and submit it again.',
      );
    case 'unsafe-folder':
      throw new WatchError(
        'submission-refused',
        `The script was not put into ${folder} on ${place.cluster}: ${answer.words}.`,
        'Another user could have you submit a script of theirs. Take the right to write away from others (chmod go-w), or move away what is not yours, and submit it again.',
      );
    case 'closed':
      throw givenUp();
    case 'dead': {
      const found = await findSubmission(submission, place);
      if (found) return found;
      throw givenUp();
    }
    default:
      throw unknownOutcome(describe(answer));
  }
}

export async function findSubmission(
  submission: Submission,
  place: SubmissionPlace,
): Promise<FoundSubmission | null> {
  const answer = await ask(place, findCommand(submission));
  switch (answer.kind) {
    case 'answer':
    case 'dead': {
      const id = parseJobNumber(answer.out);
      if (id !== undefined) return toFound(id, answer.given);
      // A clear refusal is an answer; anything else is looked for among the jobs.
      const isRefused = answer.kind === 'answer' && !isUncertain(answer.words);
      return isRefused ? null : await lookUp(submission, place, answer.given);
    }
    case 'closed':
      return null;
    default:
      throw unknownOutcome(describe(answer));
  }
}

async function ask({ machine }: SubmissionPlace, script: string, input?: string): Promise<Answer> {
  const result = await machine.run({
    script,
    timeLimitMs: submitLimitMs,
    ...(input === undefined ? {} : { input }),
  });
  const answer = parseAnswer(result.stdout);
  if (!answer) throw toCommandError('Handing the script in', result);
  return answer;
}

/** Where the scripts of the user are kept there. */
export async function findPrivateFolder({ shell }: SubmissionPlace): Promise<string> {
  const { cluster } = await shell.capabilities();
  const { stdout } = await shell.ask('Finding your home', () => homeCommand);
  return privateFolderOf(stdout.replace(/\n$/, ''), cluster);
}

const toFound = (id: string, given: readonly string[]): FoundSubmission =>
  given.length === 0 ? { id } : { id, given };

/** Nobody runs sbatch any more, and its answer is lost: the job is known by the token in its script's path. */
async function lookUp(
  submission: Submission,
  place: SubmissionPlace,
  given: readonly string[],
): Promise<FoundSubmission | null> {
  const { shell, machine } = place;
  const record = async (id: string | null): Promise<FoundSubmission | null> => {
    await machine.run({ script: recordCommand(submission, id), timeLimitMs: submitLimitMs });
    return id === null ? null : toFound(id, given);
  };
  // What sbatch had sent may still be on its way in the controller when it is asked for the first time.
  for (const pause of ['', 'sleep 3\n']) {
    const { stdout } = await shell.ask('squeue', ({ user }) => pause + squeueCommand(user));
    const row = parseSqueue(stdout).find(({ words }) => isOf(submission, words));
    if (row) return await record(row.arrayJob);
  }
  const { accounting } = await shell.capabilities();
  if (!accounting) return await record(null);
  const { code, stdout } = await shell.ask('sacct', ({ user }) => submitLinesCommand(user), {
    isFine: ({ stderr }) => /Invalid field/i.test(stderr),
  });
  const line = code === 0 ? parseSubmitLines(stdout).find(({ words }) => isOf(submission, words)) : undefined;
  return await record(line?.id ?? null);
}

function describe(answer: Answer): string {
  switch (answer.kind) {
    case 'elsewhere':
      return `sbatch was begun on the login node ${answer.host} and has not answered yet`;
    case 'pending':
      return 'sbatch is still at work';
    case 'incomplete':
      return 'the script did not arrive whole';
    case 'unsafe-folder':
      return answer.words;
    default:
      return 'sbatch was interrupted';
  }
}

const givenUp = (): WatchError =>
  new WatchError(
    'submission-refused',
    'The submission was given up before sbatch had it.',
    'Submit the script again.',
  );

const unknownOutcome = (words: string): WatchError =>
  new WatchError(
    'command-failed',
    `It is not known yet whether the job was submitted: ${words}.`,
    'The cluster is asked again; the script is never submitted twice.',
  );
