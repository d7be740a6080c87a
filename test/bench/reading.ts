// Row 6: reading 100 growing files of this machine and of a login node: milliseconds near by, round trips at 30 ms.
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalMachine } from '../../engine/io/localMachine';
import type { Machine } from '../../engine/ports';
import { startFaultProxy } from '../slurm/faultProxy';
import { findObstacle } from '../slurm/packages';
import { createBuiltFileReader } from './world/benchCluster';
import { SshSide } from '../slurm/sshBench';
import { startSshd } from '../slurm/sshd';

const fileCount = 100;
const rounds = 15;
const roundTripMs = 30;
const line = `${'x'.repeat(79)}\n`;
/** The files are long enough that their heads lie apart from what is new. */
const linesBefore = 100;

interface Reading {
  /** Of the first call, which opens the files. */
  readonly firstMs: number;
  readonly medianMs: number;
  /** Of this process, for each of the later calls. */
  readonly processorMs: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function follow(machine: Machine, folder: string): Promise<Reading> {
  const paths = Array.from({ length: fileCount }, (_, index) => join(folder, `job-${index}.out`));
  for (const path of paths) writeFileSync(path, line.repeat(linesBefore));
  await machine.run({ script: 'true', timeLimitMs: 20_000 });
  const times: number[] = [];
  let processorMs = 0;
  for (let round = 0; round <= rounds; round++) {
    for (const path of paths) appendFileSync(path, line);
    const before = process.cpuUsage();
    const begun = performance.now();
    const answers = await machine.read(
      paths.map((path) => ({
        path,
        from: (linesBefore + round) * line.length,
        maxBytes: 1 << 20,
        before: 1024,
        head: 256,
        fresh: false,
      })),
    );
    times.push(performance.now() - begun);
    const { user, system } = process.cpuUsage(before);
    if (round > 0) processorMs += (user + system) / 1000 / rounds;
    const wrong = answers.find((answer) => answer.kind !== 'read' || answer.bytes.length !== line.length);
    if (wrong) throw new Error(`A file was read wrongly: ${JSON.stringify(wrong)}`);
  }
  const [firstMs = NaN, ...later] = times;
  return { firstMs, medianMs: median(later), processorMs };
}

/** One round trip through the proxy, as it really is: timers are late. */
async function measureRoundTrip(machine: Machine): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    // A file that is not there takes one question and one answer.
    await machine.read([{ path: '/no/such/file', from: 0, maxBytes: 1, before: 0, head: 0, fresh: false }]);
    times.push(performance.now() - begun);
  }
  return median(times);
}

async function bench(): Promise<void> {
  const obstacle = findObstacle();
  if (obstacle !== undefined) {
    console.log(JSON.stringify({ name: 'reading', absent: obstacle }));
    return;
  }
  const sshd = await startSshd();
  const proxy = await startFaultProxy(sshd.port);
  const side = new SshSide(sshd);
  const folder = mkdtempSync(join(tmpdir(), 'bench-reading-'));
  chmodSync(folder, 0o755);
  try {
    const here = await follow(
      createLocalMachine({ environment: process.env, files: createBuiltFileReader() }),
      folder,
    );
    const near = await follow(side.machine(), folder);
    const far = side.machine({
      login: [`Port ${proxy.port}`, `HostKeyAlias [127.0.0.1]:${sshd.port}`],
    });
    await far.run({ script: 'true', timeLimitMs: 20_000 });
    proxy.delay(roundTripMs / 2);
    const away = await follow(far, folder);
    const roundTrip = await measureRoundTrip(far);
    const roundTrips = away.medianMs / roundTrip;
    const goals = { localMs: 5, roundTrips: 2.5 };
    console.log(
      JSON.stringify({
        name: 'reading',
        files: fileCount,
        thisMachineMs: here.medianMs,
        localMs: near.medianMs,
        localProcessorMs: near.processorMs,
        localFirstMs: near.firstMs,
        roundTripMs: roundTrip,
        awayMs: away.medianMs,
        awayFirstMs: away.firstMs,
        roundTrips,
        goals,
        isMet: near.medianMs <= goals.localMs && roundTrips <= goals.roundTrips,
      }),
    );
  } finally {
    await side.close();
    await proxy.close();
    await sshd.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

void bench();
