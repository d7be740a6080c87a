// A cluster with Slurm, over a machine where its commands run: the same for a login node behind ssh and for this one.
import { toJobEndState } from '../../language/jobStates';
import { WatchError } from '../errors';
import type { ClusterKind } from '../model';
import type { Cluster, ClusterTraits, Machine } from '../ports';
import { ArrayMemory } from './arrayMemory';
import { cleanQueryEnvironment } from './environment';
import { fromAccount, fromQueue, toReports, type JobRow } from './jobRows';
import { readRowId } from './rowId';
import { parseSacct, sacctCommand } from './sacct';
import { parseShowJobs, showJobsCommand } from './scontrol';
import { quoteWord } from './shellWords';
import { createSlurmShell, type SlurmShell } from './slurmShell';
import { parseSqueue, squeueCommand, type QueueRow } from './squeue';
import { findSubmission, submitScript } from './submissions';

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
  const query = createQuery(shell);
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
    submit: (submission) => submitScript(submission, place),
    findSubmission: (submission) => findSubmission(submission, place),
    query,
    listJobs: async () => toReports((await askQueue(shell)).map(fromQueue)),
    read: (requests) => machine.read(requests),
    cancel: (id) => cancel(id, name, shell),
    close: () => machine.close(),
  };
}

async function askQueue(shell: SlurmShell): Promise<readonly QueueRow[]> {
  return parseSqueue((await shell.ask('squeue', ({ user }) => squeueCommand(user))).stdout);
}

/** The array of a task, or the job itself. */
const wholeOf = (id: string): string => id.replace(/_.*/s, '');

function createQuery(shell: SlurmShell): Cluster['query'] {
  const memory = new ArrayMemory();

  const askAccount = async (ids: readonly string[]): Promise<readonly JobRow[]> =>
    ids.length === 0
      ? []
      : parseSacct((await shell.ask('sacct', () => sacctCommand(ids))).stdout).map(fromAccount);
  const askSingly = async (ids: readonly string[]): Promise<readonly JobRow[]> =>
    ids.length === 0
      ? []
      : parseShowJobs(
          (await shell.ask('scontrol', () => showJobsCommand(ids.slice(0, maxSingleQuestions)))).stdout,
        );

  return async (ids) => {
    const wanted = new Set(ids);
    const wholes = new Set(ids.map(wholeOf));
    const isWanted = (shown: string): boolean => {
      const { id, array } = readRowId(shown);
      return wanted.has(id) || (array !== null && wanted.has(array));
    };
    const queue = (await askQueue(shell)).filter(({ shown }) => isWanted(shown));
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

    const { accounting } = await shell.capabilities();
    const known = toIds(rows);
    const missing = [...new Set([...ids.filter((id) => !known.has(id)), ...lost])];
    const asked = accounting ? [...new Set([...missing, ...unseen])] : [];
    const answers = (await askAccount(asked)).filter(({ shown }) => isWanted(shown));
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
    const unknown = memory.settle(new Set([...toIds(all), ...unbegun]));
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

/** scancel says nothing of jobs that it does not know: the controller is asked in the same breath. */
async function cancel(id: string, name: string, shell: SlurmShell): Promise<void> {
  const word = quoteWord(id);
  const { code, stdout } = await shell.ask(
    'scancel',
    () => `${cleanQueryEnvironment}
scontrol --oneliner show job ${word} 2>&1 || exit 3
scancel ${word}`,
    ({ code, stdout, stderr }) =>
      (code === 3 && /invalid job id|not found/i.test(stdout)) ||
      /already completing or completed/i.test(stderr),
  );
  if (code !== 3) return;
  const { accounting } = await shell.capabilities();
  const rows = accounting ? parseSacct((await shell.ask('sacct', () => sacctCommand([id]))).stdout) : [];
  if (rows.some(({ state }) => toJobEndState(state) !== null)) return;
  throw new WatchError(
    'not-found',
    `${name} has no job ${id}${stdout.trim() === '' ? '' : `: ${stdout.trim()}`}.`,
    'List the jobs to see their ids.',
  );
}
