// A cluster with Slurm, over a machine where its commands run: the same for a login node behind ssh and for this one.
import { toJobEndState } from '../../language/jobStates';
import { WatchError } from '../errors';
import { isJobId } from '../jobId';
import type { ClusterKind } from '../model';
import type { Cluster, ClusterTraits, Machine } from '../ports';
import { Accounting } from './accounting';
import { ArrayMemory } from './arrayMemory';
import { parseBatchOptions } from './batchOptions';
import { sendMailOver } from './clusterMail';
import { cleanQueryEnvironment } from './environment';
import { createMarkedCommands } from './markedCommands';
import { toPrivatePlace } from './commandTexts';
import { fromAccount, fromQueue, toReports, type JobRow } from './jobRows';
import { runLoginSetup } from './loginSetup';
import { readRowId } from './rowId';
import { parseShowJobs, showJobsCommand } from './scontrol';
import { quoteWord } from './shellWords';
import { createSlurmShell, type SlurmShell } from './slurmShell';
import { parseSqueue, squeueCommand, type QueueRow } from './squeue';
import { findPrivateFolder, findSubmission, submitScript } from './submissions';

export interface SlurmClusterOptions {
  readonly name: string;
  readonly kind: Extract<ClusterKind, 'ssh' | 'local'>;
  readonly machine: Machine;
  /** What settings say otherwise. */
  readonly traits?: Partial<ClusterTraits>;
}

const defaultTraits: ClusterTraits = { queryIntervalMs: 10_000, minIntervalMs: 1000, settleMs: 60_000 };

/** So many jobs are asked one by one in a query. */
const maxSingleQuestions = 16;

export function createSlurmCluster({ name, kind, machine, traits }: SlurmClusterOptions): Cluster {
  const shell = createSlurmShell(name, machine);
  const place = { cluster: name, machine, shell };
  const others: { last: readonly QueueRow[] } = { last: [] };
  const query = createQuery(shell, (rows) => (others.last = rows));
  const { runCommand, findCommand, ...commands } = createMarkedCommands({
    cluster: name,
    machine,
    toFolder: async ({ folder }) => toPrivatePlace(folder ?? (await findPrivateFolder(place))),
  });
  return {
    name,
    kind,
    traits: { ...defaultTraits, ...traits },
    get connection() {
      return machine.connection;
    },
    get commands() {
      return machine.counts.commands;
    },
    get reads() {
      return machine.counts.reads;
    },
    findPrivateFolder: () => findPrivateFolder(place),
    setUp: (commands, workdir, tell) => runLoginSetup(machine, { commands, workdir, tell }),
    submit: (submission) => submitScript(submission, place),
    findSubmission: (submission) => findSubmission(submission, place),
    query,
    get others() {
      return toReports(others.last.map(fromQueue));
    },
    appendsByDefault: async () => (await shell.capabilities()).appends,
    findOpenMode: (id) => findOpenMode(id, shell),
    listJobs: async () => toReports((await askQueue(shell)).map(fromQueue)),
    read: (requests) => machine.read(requests),
    cancel: (id) => cancel(id, name, shell),
    sendMail: (mail) => sendMailOver(machine, name, mail),
    findJobWorkdir: (id) => findJobWorkdir(id, shell),
    runCommand,
    findCommand,
    close: () => {
      commands.close();
      return machine.close();
    },
  };
}

async function askQueue(shell: SlurmShell): Promise<readonly QueueRow[]> {
  return parseSqueue((await shell.ask('squeue', ({ user }) => squeueCommand(user))).stdout);
}

/** The array of a task, or the job itself. */
const wholeOf = (id: string): string => id.replace(/_.*/s, '');

/** `onOthers` gets the rows of the queue that were not asked for. */
function createQuery(shell: SlurmShell, onOthers: (rows: readonly QueueRow[]) => void): Cluster['query'] {
  const memory = new ArrayMemory();

  const accounting = new Accounting(shell);

  const askSingly = async (ids: readonly string[]): Promise<readonly JobRow[]> =>
    ids.length === 0
      ? []
      : parseShowJobs(
          (await shell.ask('scontrol', () => showJobsCommand(ids.slice(0, maxSingleQuestions)))).stdout,
        );

  return async (asked, onSilence) => {
    const ids = asked.filter(isJobId);
    const wanted = new Set(ids);
    const wholes = new Set(ids.map(wholeOf));
    const isWanted = (shown: string): boolean => {
      const { id, array } = readRowId(shown);
      return wanted.has(id) || (array !== null && wanted.has(array));
    };
    const listed = await askQueue(shell);
    const queue = listed.filter(({ shown }) => isWanted(shown));
    onOthers(listed.filter(({ shown }) => !isWanted(shown)));
    const rows = queue.map(fromQueue);
    const arrays = new Set(
      queue.map(({ shown }) => readRowId(shown).array ?? '').filter((array) => wanted.has(array)),
    );
    const unseen = [...arrays].filter((array) => memory.isNew(array));
    const lost = [...arrays].flatMap((array) =>
      memory.note(
        array,
        queue.filter(({ shown }) => readRowId(shown).array === array),
      ),
    );
    memory.keep(wholes);

    const known = toIds(rows);
    const missing = [...new Set([...ids.filter((id) => !known.has(id)), ...lost])];
    const { rows: records, trouble } = await accounting.ask(
      [...new Set([...missing, ...unseen])],
      onSilence === undefined,
    );
    const answers = records.map(fromAccount).filter(({ shown }) => isWanted(shown));
    // The controller does not know these: what accounting holds for alive is only late.
    const accounts = answers.filter(({ state }) => toJobEndState(state) !== null);
    // Tasks that were cancelled before they began have one record together.
    const unbegun = accounts.flatMap(({ shown }) => {
      const { array, waiting } = readRowId(shown);
      return waiting.map((task) => `${array ?? ''}_${task}`);
    });
    const found = new Set([...known, ...toIds(accounts), ...unbegun]);
    const others = await askSingly(missing.filter((id) => !found.has(id)));
    const past = accounts.filter(({ shown }) => !known.has(readRowId(shown).id));
    const all = [...rows, ...past, ...others.filter(({ shown }) => isWanted(shown))];
    const silent = trouble ? missing.filter((id) => !toIds(all).has(id)) : [];
    if (trouble && silent.length > 0) {
      if (!onSilence) throw trouble;
      onSilence({ ids: silent, cause: trouble });
    }
    // What nobody could be asked for is not unknown yet.
    const unknown = trouble ? [] : memory.settle(new Set([...toIds(all), ...unbegun]));
    return toReports([...all, ...unknown]).filter(({ id }) => isWanted(id));
  };
}

/** Ids that rows answer for: each its own, and a task's its array's too. */
function toIds(rows: readonly JobRow[]): ReadonlySet<string> {
  return new Set(
    rows.flatMap(({ shown }) => {
      const { id, array } = readRowId(shown);
      return array === null ? [id] : [id, array];
    }),
  );
}

const submitLineMark = '@submitline';

/**
 * Slurm keeps the script, and accounting the words, which come late: null until they do. Where nothing keeps the words,
 * they are taken to say nothing of it.
 */
async function findOpenMode(id: string, shell: SlurmShell): Promise<'append' | 'truncate' | null> {
  const { accounting, appends } = await shell.capabilities();
  const { stdout } = await shell.ask(
    'scontrol',
    () => `${cleanQueryEnvironment}
scontrol write batch_script ${quoteWord(wholeOf(id))} - 2>/dev/null
echo
printf '%s' ${quoteWord(submitLineMark)}
sacct --noheader --parsable2 --allocations --jobs=${quoteWord(id)} --format=SubmitLine 2>/dev/null || echo none
exit 0`,
  );
  const [script = '', words = ''] = stdout.split(submitLineMark);
  const mode = parseBatchOptions(script, words.trim().split(/\s+/)).get('open-mode');
  if (mode !== undefined) return /^a/i.test(mode) ? 'append' : 'truncate';
  if (accounting && words.trim() === '') return null;
  return appends ? 'append' : 'truncate';
}

/**
 * Each program prints it alone: between other fields, as scontrol has it, a job's comment could pass for it. Of jobs that the
 * controller has forgotten, accounting knows it.
 */
async function findJobWorkdir(id: string, shell: SlurmShell): Promise<string | null> {
  if (!isJobId(id)) return null;
  const { stdout } = await shell.ask(
    'squeue',
    () => `${cleanQueryEnvironment}
squeue --noheader --states=all --jobs=${quoteWord(id)} --format=%Z 2>/dev/null | head -n 1
sacct --noheader --parsable2 --allocations --jobs=${quoteWord(id)} --format=WorkDir 2>/dev/null | head -n 1
exit 0`,
  );
  return stdout.split('\n').find((line) => line.startsWith('/')) ?? null;
}

/** scancel says nothing of jobs that it does not know: the controller is asked in the same breath. */
async function cancel(id: string, name: string, shell: SlurmShell): Promise<void> {
  if (!isJobId(id)) throw toNotFound(id, name, '');
  const word = quoteWord(id);
  const { code, stdout } = await shell.ask(
    'scancel',
    () => `${cleanQueryEnvironment}
scontrol --oneliner show job ${word} 2>&1 || exit 3
scancel ${word}`,
    {
      isFine: ({ code, stdout, stderr }) =>
        (code === 3 && /invalid job id|not found/i.test(stdout)) ||
        /already completing or completed/i.test(stderr),
    },
  );
  if (code !== 3) return;
  const { rows } = await new Accounting(shell).ask([id], true);
  if (rows.some(({ state }) => toJobEndState(state) !== null)) return;
  throw toNotFound(id, name, stdout.trim());
}

const toNotFound = (id: string, name: string, words: string): WatchError =>
  new WatchError(
    'not-found',
    `${name} has no job ${id}${words === '' ? '' : `: ${words}`}.`,
    'List the jobs to see their ids.',
  );
