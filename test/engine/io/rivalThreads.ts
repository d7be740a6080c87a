// Threads of this process that keep all its processors busy for as long as something runs.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';

/** For each processor; the thread that runs `work` is left with a seventh of one. */
const rivalsEach = 6;
const spin = "require('node:worker_threads').parentPort.postMessage('busy'); for (;;);";

export async function besideRivals<Result>(work: () => Result): Promise<Result> {
  const rivals = Array.from(
    { length: rivalsEach * availableParallelism() },
    () => new Worker(spin, { eval: true }),
  );
  try {
    await Promise.all(rivals.map((rival) => once(rival, 'message')));
    return work();
  } finally {
    await Promise.all(rivals.map((rival) => rival.terminate()));
  }
}
