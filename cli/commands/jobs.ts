// slurm-watchers jobs: the jobs that are watched, or all of the user's jobs on one cluster, as its scheduler shows them.
import { InvalidArgumentError, type Command } from 'commander';
import type { EngineLink } from '../../engine/link/greet';
import type { Job, JobKey } from '../../engine/model';
import type { ClusterJob, JobReport } from '../../engine/protocol';
import { describeChain, toSlurmDuration } from '../../engine/words';
import { findJobState, jobStateTable, type JobState } from '../../language/jobStates';
import { toClusterJobJson, toJobJson } from '../json';
import { toTable, withColumn } from '../output';
import { withEngine, type Context, type LinkOptions } from './command';

interface JobsOptions {
  readonly cluster?: string;
  readonly job?: string;
  readonly state?: JobState;
  readonly all?: true;
  readonly json?: true;
}

export function addJobs(program: Command, context: Context): void {
  program
    .command('jobs')
    .description('list watched jobs; with --cluster all of your jobs there, watched or not')
    .option('--cluster <name>', 'ask this cluster; signs in if that is needed')
    .option('--job <id>', 'only this job, or the tasks of this array')
    .option('--state <state>', 'only those in this state of Slurm, such as RUNNING', parseState)
    .option('--all', 'watched jobs that have ended too')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers jobs --cluster big')
    .action(async (options: JobsOptions) => {
      // Only a cluster that is asked depends on the settings.
      const linkOptions: LinkOptions =
        options.cluster === undefined ? { start: true, settings: 'optional' } : { start: true };
      await withEngine(context, linkOptions, async (link) => {
        if (options.cluster === undefined) {
          const filter = {
            ...(options.job === undefined ? {} : { job: options.job }),
            ...(options.all || options.job !== undefined ? {} : { live: true }),
          };
          const jobs = await link.request('engine/jobs', filter);
          printWatched(
            {
              jobs: jobs.filter(({ state }) => isWanted(state, options.state)),
              known: await findSuccessors(link, jobs),
            },
            options,
            context,
          );
        } else {
          const { cluster } = options;
          const jobs = await link.request('engine/clusterJobs', { cluster, background: false });
          const wanted = jobs.filter(
            ({ report }) => isWanted(report.state, options.state) && isAbout(report, options.job),
          );
          printListed(wanted, { ...options, cluster }, context);
        }
      });
      context.exit(0);
    });
}

/** Those that continue the first jobs of chains. */
async function findSuccessors(
  link: Pick<EngineLink, 'request'>,
  jobs: readonly Job[],
): Promise<ReadonlyMap<JobKey, Job>> {
  const known = new Map(jobs.map((job) => [job.key, job]));
  for (const { chain, successor } of jobs) {
    if (chain !== null || successor === null || known.has(successor)) continue;
    for (const job of await link.request('engine/jobs', { job: successor })) known.set(job.key, job);
  }
  return known;
}

const isWanted = (state: JobState, wanted: JobState | undefined): boolean =>
  wanted === undefined || state === wanted;

function parseState(text: string): JobState {
  const state = findJobState(text);
  if (state === undefined)
    throw new InvalidArgumentError(
      `Slurm has no such state; its states are ${Object.keys(jobStateTable).join(', ')}.`,
    );
  return state;
}

const isAbout = ({ id, arrayTask }: JobReport, wanted: string | undefined): boolean =>
  wanted === undefined || id === wanted || arrayTask?.job === wanted;

function printWatched(
  { jobs, known }: { readonly jobs: readonly Job[]; readonly known: ReadonlyMap<JobKey, Job> },
  { json, job, state }: JobsOptions,
  { output }: Context,
): void {
  if (json) {
    output.json(jobs.map(toJobJson), 'pretty');
    return;
  }
  if (jobs.length === 0) {
    const isChosen = job !== undefined || state !== undefined;
    output.line(
      isChosen
        ? 'No such job is watched.'
        : 'No job is watched. All of your jobs on a cluster: slurm-watchers jobs --cluster NAME',
    );
    return;
  }
  const header = ['JOB', 'CLUSTER', 'STATE', 'ELAPSED', 'NAME'];
  const rows = jobs.map((job) => [job.id, job.cluster, job.state, toElapsed(job), job.name]);
  const chains = jobs.map((job) => describeChain(job, (key) => known.get(key)));
  for (const line of toTable(...withColumn(header, rows, { title: 'CHAIN', cells: chains })))
    output.line(line);
}

function printListed(
  jobs: readonly ClusterJob[],
  { json, cluster }: JobsOptions & { readonly cluster: string },
  { output }: Context,
): void {
  if (json) {
    output.json(
      jobs.map(({ report }) => toClusterJobJson(report, cluster)),
      'pretty',
    );
    return;
  }
  if (jobs.length === 0) {
    output.line(`You have no such jobs on ${cluster}.`);
    return;
  }
  const rows = jobs.map(({ report, watched }) => [
    report.id,
    report.state,
    toElapsed(report),
    report.timeLimitSeconds === null ? '-' : toSlurmDuration(report.timeLimitSeconds * 1000),
    report.partition,
    watched ? 'yes' : '',
    report.name,
    report.nodes === '' ? report.reason : report.nodes,
  ]);
  const header = ['JOB', 'STATE', 'ELAPSED', 'LIMIT', 'PARTITION', 'WATCHED', 'NAME', 'NODES (REASON)'];
  for (const line of toTable(header, rows)) output.line(line);
}

function toElapsed({ started, ended }: Pick<Job, 'started' | 'ended'>): string {
  return started === null ? '-' : toSlurmDuration((ended ?? Date.now()) - started);
}
