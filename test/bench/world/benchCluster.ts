// A cluster of files that stand still or grow as a benchmark says: its jobs cost nothing.
import { resolve } from 'node:path';
import { FileReader } from '../../../engine/io/fileReader';
import type { Cluster, ClusterDirectory, JobReport } from '../../../engine/ports';
import { toReport } from '../../records';

export interface BenchJob {
  readonly id: string;
  readonly output: string;
}

/** All jobs run for ever; submissions are not possible: watchers are attached. */
export function createBenchCluster(jobs: readonly BenchJob[]): ClusterDirectory {
  const reports = new Map(jobs.map((job) => [job.id, reportOf(job)]));
  const counts = { commands: 0, reads: 0 };
  const files = createBuiltFileReader();
  files.start();
  const refuse = (): Promise<never> => Promise.reject(new Error('a benchmark does not submit'));
  const cluster: Cluster = {
    name: 'bench',
    kind: 'sandbox',
    connection: 'connected',
    traits: { queryIntervalMs: 10_000, minIntervalMs: 0, settleMs: 0 },
    get commands() {
      return counts.commands;
    },
    get reads() {
      return counts.reads;
    },
    findPrivateFolder: refuse,
    setUp: refuse,
    submit: refuse,
    findSubmission: refuse,
    query: (ids) => {
      counts.commands++;
      return Promise.resolve(ids.flatMap((id) => reports.get(id) ?? []));
    },
    others: [],
    appendsByDefault: () => Promise.resolve(false),
    findOpenMode: () => Promise.resolve('truncate'),
    listJobs: () => Promise.resolve([...reports.values()]),
    read: (requests) => {
      counts.reads++;
      return files.read(requests);
    },
    cancel: () => Promise.resolve(),
    findJobWorkdir: refuse,
    runCommand: refuse,
    findCommand: refuse,
    sendMail: refuse,
    close: () => {
      files.close();
      return Promise.resolve();
    },
  };
  const opened = {
    cluster,
    findWorkdir: (path: string | null) => Promise.resolve(path ?? '/'),
    allowSignIn: () => undefined,
  };
  return {
    list: () => Promise.resolve([{ name: 'bench', kind: 'sandbox' }]),
    open: () => Promise.resolve(opened),
  };
}

/** As it ships; benchmarks run in the project's folder. */
export const createBuiltFileReader = (): FileReader =>
  new FileReader({ program: [process.execPath, resolve('dist/engine/readFiles.js')] });

const reportOf = ({ id, output }: BenchJob): JobReport =>
  toReport({ id, name: `job ${id}`, outputs: { stdout: output, stderr: output } });
