// Submits to a world's cluster by the command line, and asks what became of it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterName, type ClusterWorld } from '../slurm/clusterWorld';
import { waitFor } from '../waitFor';
import type { EventRow, MetricRow } from './rows';

/** A shared machine may take so long for what Slurm does, ms. */
export const patienceMs = 90_000;
/** And a test that waits for several of them, so long. */
export const longestMs = 600_000;

export class Observer {
  constructor(readonly world: ClusterWorld) {}

  async submit(name: string, script: string, ...options: string[]): Promise<string> {
    const path = this.world.write(name, script);
    const words = options.length > 0 ? ['--', ...options] : [];
    const { job } = await this.world.cli.json<{ job: string }>(
      'submit',
      path,
      '--on',
      clusterName,
      '--yes',
      '--json',
      ...words,
    );
    return job;
  }

  /** Of an array: of its tasks too. */
  events(job: string): Promise<EventRow[]> {
    return this.world.cli.json('events', '--job', job, '--json');
  }

  async numbers(job: string): Promise<number[]> {
    const rows = await this.world.cli.json<MetricRow[]>('metrics', '--job', job, '--name', 'n', '--json');
    return rows.map(({ value }) => value);
  }

  /** Waits for an event of the job, or of its tasks, whose result fits. */
  see(job: string, result: RegExp): Promise<EventRow> {
    return waitFor(
      `${job}: ${result.source}`,
      async () => (await this.events(job)).find((event) => result.test(event.result)),
      patienceMs,
    );
  }

  /** Gives the signal that a script waits for. */
  signal(name: string): void {
    writeFileSync(join(this.world.slurm.workdir, name), '');
  }

  /** Slurm's own word for how a job or task ended. */
  async accounted(job: string): Promise<string> {
    const text = await this.world.slurm.run('sacct', '-n', '-P', '-X', '-j', job, '-o', 'State');
    return text.trim().split('\n').at(-1)?.split(' ')[0] ?? '';
  }
}
