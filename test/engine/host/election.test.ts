// One engine per home: who wins, who is respected, what is swept, and how a lease is lost.
import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { takeGeneration, type Candidate, type Election } from '../../../engine/host/election';
import { Lease } from '../../../engine/host/lease';
import { sweepGenerations } from '../../../engine/host/sweep';
import { printRecord, type GenerationRecord } from '../../../engine/link/generationRecord';
import { generationPath, listGenerations, sightNewest } from '../../../engine/link/generations';
import { findProcess, identifyMachine } from '../../../engine/link/machine';
import { waitFor } from '../../waitFor';
import { useTemporaryHome } from '../temporaryHome';

const leaseMs = 60_000;
const elsewhere = { id: 'other', name: 'login2', boot: 'other', space: null };
const candidate: Candidate = {
  machine: identifyMachine(),
  pid: process.pid,
  processStart: findProcess(process.pid)?.start ?? null,
  version: '1.0.0',
  protocol: 1,
  bundle: '/bundle',
  address: null,
  beat: new Date(0).toISOString(),
  ended: null,
};
const ended = { end: 'asked', error: null } as const;

describe('the election', () => {
  const home = useTemporaryHome();
  const take = (): Promise<Election> => takeGeneration(home(), candidate, leaseMs);
  const place = (generation: number, record: Partial<GenerationRecord> = {}): void => {
    writeFileSync(generationPath(home(), generation), printRecord({ generation, ...candidate, ...record }));
  };
  const age = (generation: number): void => {
    const then = Date.now() / 1000 - 61;
    utimesSync(generationPath(home(), generation), then, then);
  };
  const generationOf = (election: Election): number | null =>
    election.kind === 'won' ? election.record.generation : null;

  it('is won by the first, with generation 1', async () => {
    assert.equal(generationOf(await take()), 1);
    assert.equal((await sightNewest(home()))?.state, 'here');
    assert.equal(statSync(generationPath(home(), 1)).mode & 0o777, 0o600);
  });

  it('gives a greater number than any file of the store has', async () => {
    mkdirSync(join(home(), 'store'));
    for (const name of [
      'journal-7-2',
      'snapshot-41.sqlite',
      'journal-9999999999999999999',
      'archive-2026-11.sqlite',
    ])
      writeFileSync(join(home(), 'store', name), '');
    assert.equal(generationOf(await take()), 42);
    assert.equal((await sightNewest(home()))?.generation, 42);
  });

  it('does not count numbers that cannot be counted with', async () => {
    writeFileSync(join(home(), 'generation-99999999999999999999'), '');
    assert.equal(generationOf(await take()), 1);
  });

  it('is won by one of many', async () => {
    const elections = await Promise.all(Array.from({ length: 20 }, take));
    assert.deepEqual(
      elections.map(generationOf).filter((generation) => generation !== null),
      [1],
    );
    assert.deepEqual(readdirSync(home()), ['generation-1']);
  });

  it('is won after one that ended, died or went stale', async () => {
    place(1, { ended });
    assert.equal(generationOf(await take()), 2);
    place(2, { processStart: 'long ago' });
    assert.equal(generationOf(await take()), 3);
    age(3);
    assert.equal(generationOf(await take()), 4);
  });

  it('is lost to one that lives here or elsewhere', async () => {
    place(7);
    assert.equal((await take()).kind, 'held');
    place(8, { machine: elsewhere });
    const election = await take();
    assert.equal(election.kind === 'held' && election.by.state, 'elsewhere');
  });

  it('respects one that is just being made, and not one whose making was cut off', async () => {
    writeFileSync(generationPath(home(), 1), '');
    assert.equal((await take()).kind, 'held');
    age(1);
    assert.equal(generationOf(await take()), 2);
  });

  it('counts on beyond nine', async () => {
    for (const generation of [9, 10]) place(generation, { ended });
    assert.deepEqual(await listGenerations(home()), [9, 10]);
    assert.equal(generationOf(await take()), 11);
  });

  it('sweeps what nobody needs, and keeps what shuts out an engine that may wake up', async () => {
    for (const generation of [1, 2, 4, 6, 7, 9]) place(generation, { ended });
    place(5, { machine: elsewhere });
    place(10);
    await sweepGenerations(home(), 10, leaseMs);
    assert.deepEqual(await listGenerations(home()), [5, 6, 10]);
  });
});

describe('the lease', () => {
  const home = useTemporaryHome();
  let lease: Lease;
  let lost: string[];
  let logged: string[];
  const path = (): string => generationPath(home(), 1);
  const read = (): GenerationRecord => JSON.parse(readFileSync(path(), 'utf8')) as GenerationRecord;

  beforeEach(async () => {
    [lost, logged] = [[], []];
    const election = await takeGeneration(home(), candidate, leaseMs);
    assert.ok(election.kind === 'won');
    lease = new Lease(election.record, {
      home: home(),
      beatMs: 10,
      log: (line) => logged.push(line),
      onLost: (why) => lost.push(why),
    });
  });
  afterEach(() => lease.end(ended));

  it('beats, without ever changing its size', async () => {
    const { size } = statSync(path());
    const before = read().beat;
    await waitFor('a beat', () => read().beat > before);
    await lease.announce('/run/socket');
    assert.equal(read().address, '/run/socket');
    assert.equal(statSync(path()).size, size);
  });

  it('says how it ended, whatever that takes', async () => {
    const error = { code: 'store-damaged', message: 'x'.repeat(5000), remedy: '' } as const;
    await lease.end({ end: 'failed', error });
    assert.deepEqual(read().ended, { end: 'failed', error });
    assert.equal((await sightNewest(home()))?.state, 'gone');
  });

  it('is lost, once, to a higher generation', async () => {
    writeFileSync(generationPath(home(), 2), printRecord({ ...read(), generation: 2 }));
    await waitFor('the loss', () => lost.length > 0);
    assert.match(String(lost[0]), /generation 2/);
    const { beat } = read();
    await lease.end(ended);
    assert.ok(read().beat >= beat);
    assert.equal(lost.length, 1);
  });

  it('is lost with its file, and does not bring it back', async () => {
    rmSync(path());
    await waitFor('the loss', () => lost.length > 0);
    await lease.end(ended);
    assert.deepEqual(readdirSync(home()), []);
  });

  it('outlives a beat that cannot be written', async () => {
    const [record, aside] = [readFileSync(path()), join(home(), 'aside')];
    // A link to itself cannot be opened.
    symlinkSync(path(), aside);
    renameSync(aside, path());
    await waitFor('the trouble', () => logged.length > 0);
    writeFileSync(aside, record);
    renameSync(aside, path());
    const { beat } = read();
    await waitFor('the next beat', () => read().beat > beat);
    assert.deepEqual(lost, []);
  });
});
