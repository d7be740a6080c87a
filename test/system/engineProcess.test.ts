// The engine's process and its clients, with real processes, sockets and signals; only the engine inside is a fake.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { WatchError } from '../../engine/errors';
import { printRecord } from '../../engine/link/generationRecord';
import { readToken, tokenPath } from '../../engine/link/token';
import { protocolVersion, type EngineEnd, type Welcome } from '../../engine/protocol';
import { waitFor } from '../waitFor';
import { buildPrograms, EngineWorld } from './engineWorld';

/** A script whose name becomes the name of its watcher. */
function script(scriptName: string) {
  return { cluster: 'sandbox', scriptName, script: '', workdir: '/', options: [] };
}

function cancel(cluster: string) {
  return { cluster, job: '1' };
}

function failsWith(code: string, words = /./) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof WatchError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(`${error.message} ${error.remedy}`, words);
    return true;
  };
}

describe('the engine process', function () {
  this.timeout(20_000);
  let programs: string;
  let world: EngineWorld;

  before(() => {
    programs = buildPrograms();
  });
  after(() => {
    rmSync(programs, { recursive: true, force: true });
  });
  beforeEach(() => {
    world = new EngineWorld(programs);
  });
  afterEach(async () => {
    await world.close();
  });

  /** In the place of the usual world, with other times. */
  async function withTimes(times: ConstructorParameters<typeof EngineWorld>[1]): Promise<void> {
    await world.close();
    world = new EngineWorld(programs, times);
  }

  describe('start', () => {
    it('is started by a client that asks for it, and outlives it', async () => {
      const link = await world.connect();
      assert.equal(link.welcome.generation, 1);
      assert.notEqual(link.welcome.pid, process.pid);
      await link.close();
      const again = await world.connect({ start: false });
      assert.equal(again.welcome.pid, link.welcome.pid);
    });

    it('is not started by a client that does not', async () => {
      await assert.rejects(world.connect({ start: false }), failsWith('engine-unreachable', /engine start/));
      assert.equal(await world.newest(), null);
    });

    it('is one for ten processes that start at once', async () => {
      const welcomes = await Promise.all(Array.from({ length: 10 }, () => world.race()));
      assert.equal(new Set(welcomes.map(({ pid }) => pid)).size, 1);
      const link = await world.connect({ start: false });
      const status = await link.request('engine/status', {});
      assert.equal(status.clients, 11);
      assert.equal(status.generation, welcomes[0]?.generation);
    });

    it('leaves the environment of an editor behind, and runs in its home', async () => {
      process.env['VSCODE_TEST_LEFTOVER'] = 'x';
      const { welcome } = await world.connect();
      Reflect.deleteProperty(process.env, 'VSCODE_TEST_LEFTOVER');
      assert.doesNotMatch(world.environment(welcome.pid), /VSCODE_|NODE_OPTIONS/);
      assert.equal(world.directory(welcome.pid), world.home);
    });

    it('tells the client why the engine gave up', async () => {
      process.env['FAKE_ENGINE_DAMAGED'] = 'yes';
      await assert.rejects(world.connect(), failsWith('store-damaged', /Restore it/));
    });

    it('tells the client that no process can be had', async () => {
      await assert.rejects(
        world.connect({ nodePath: '/nonexistent/node' }),
        failsWith('engine-unreachable', /could not be started.*engine\.location/),
      );
    });

    it('runs inside the client where no process can be had and that is allowed', async () => {
      const link = await world.connect({ nodePath: '/nonexistent/node', location: 'any' });
      assert.equal(link.welcome.pid, process.pid);
      const other = await world.connect({ start: false });
      assert.equal(other.welcome.generation, link.welcome.generation);
      await link.close();
      assert.equal(await world.ended(), 'closing');
    });

    it('replaces a dead engine, its socket and its generation', async () => {
      const { welcome } = await world.connect();
      const { address } = await world.record();
      world.kill(welcome.pid);
      const next = await world.connect();
      assert.equal(next.welcome.generation, welcome.generation + 1);
      assert.notEqual(next.welcome.pid, welcome.pid);
      await waitFor('the old socket is swept', () => !existsSync(String(address)));
    });
  });

  describe('socket', () => {
    it('belongs to the user alone, in a directory of the user alone', async () => {
      await world.connect();
      const address = String((await world.record()).address);
      assert.ok(address.startsWith(world.runtime));
      assert.equal(statSync(address).mode & 0o777, 0o600);
      assert.equal(statSync(dirname(address)).mode & 0o777, 0o700);
      assert.equal(statSync(world.home).mode & 0o777, 0o700);
    });

    it('comes back when it was deleted, and those who are connected stay so', async () => {
      const link = await world.connect();
      rmSync(dirname(String((await world.record()).address)), { recursive: true });
      const other = await world.connect({ start: false });
      assert.equal(other.welcome.pid, link.welcome.pid);
      assert.equal((await link.request('engine/status', {})).clients, 2);
    });

    it('is not trusted where others have rights to its directory', async () => {
      const { welcome } = await world.connect();
      const place = dirname(String((await world.record()).address));
      process.kill(welcome.pid, 'SIGSTOP');
      chmodSync(place, 0o755);
      const times = { connectMs: 300 };
      await assert.rejects(world.connect({ times }), failsWith('engine-unreachable', /chmod 700/));
      // One that runs takes another place.
      process.kill(welcome.pid, 'SIGCONT');
      assert.equal((await world.connect()).welcome.pid, welcome.pid);
      assert.notEqual(dirname(String((await world.record()).address)), place);
    });

    it('avoids a runtime directory that others could write to', async () => {
      mkdirSync(join(world.runtime, 'slurm-watchers'));
      chmodSync(join(world.runtime, 'slurm-watchers'), 0o777);
      const link = await world.connect();
      assert.ok(!String((await world.record()).address).startsWith(world.runtime));
      await link.request('engine/stop', {});
      await world.ended();
    });
  });

  describe('files', () => {
    it('stay when the package they came from is deleted', async () => {
      const { welcome } = await world.connect();
      rmSync(world.bundle, { recursive: true });
      const again = await world.connect();
      assert.equal(again.welcome.pid, welcome.pid);
      world.kill(welcome.pid);
      const next = await world.connect();
      assert.equal(next.welcome.generation, welcome.generation + 1);
    });

    it('of another build of the same version have a place of their own', async () => {
      await (await world.connect()).request('engine/stop', {});
      await world.ended();
      writeFileSync(join(world.bundle, 'matchWorker.js'), '// another build\n');
      await world.connect();
      assert.equal(readdirSync(join(world.home, 'engine')).length, 2);
      assert.ok(existsSync(join((await world.record()).bundle, 'matchWorker.js')));
    });
  });

  describe('versions', () => {
    it('a newer client takes over, and older ones of the same protocol go on with the new engine', async () => {
      const older = world.supervise();
      const before = await connected(older.states);
      const newer = await world.connect({ version: '1.1.0' });
      assert.equal(newer.welcome.version, '1.1.0');
      assert.equal(newer.welcome.generation, before.generation + 1);
      const after = await waitFor(
        'the older client is back',
        () => older.states.flatMap((state) => (state.kind === 'connected' ? [state.welcome] : []))[1],
      );
      assert.equal(after.pid, newer.welcome.pid);
      assert.equal((await world.record()).generation, newer.welcome.generation);
    });

    it('a client that only looks takes what is there', async () => {
      const { welcome } = await world.connect();
      const newer = await world.connect({ version: '2.0.0', start: false });
      assert.equal(newer.welcome.pid, welcome.pid);
    });

    it('a client from before there were tokens is told which version to update, and stops nothing', async () => {
      const { welcome } = await world.connect();
      const hello = { protocol: 2, version: '0.1.0', client: 'vscode', keepRunning: null };
      const answers = await speak(String((await world.record()).address), [
        ['engine/hello', { ...hello, canAsk: true, hasSafe: true, settings: null, environment: {} }],
        ['engine/stop', {}],
      ]);
      assert.deepEqual(
        answers.map(({ error }) => error?.data.code),
        ['version-mismatch', 'not-allowed'],
      );
      assert.match(String(answers[0]?.error?.message), /1\.0\.0.*0\.1\.0/);
      assert.match(String(answers[0]?.error?.data.remedy), /Update version 0\.1\.0 to 1\.0\.0/);
      assert.equal((await world.connect({ start: false })).welcome.pid, welcome.pid);
    });

    it('a program without the token asks for nothing and stops nothing', async () => {
      const { welcome } = await world.connect();
      const hello = {
        protocol: protocolVersion,
        version: '9.0.0',
        client: 'cli',
        pid: 1,
        token: '0'.repeat(64),
      };
      const wishes = { keepRunning: null, canAsk: false, hasSafe: false, settings: null, environment: {} };
      const answers = await speak(String((await world.record()).address), [
        ['engine/status', {}],
        ['engine/hello', { ...hello, ...wishes }],
        ['engine/status', {}],
        ['engine/stop', {}],
      ]);
      assert.deepEqual(
        answers.map(({ error }) => error?.data.code),
        ['bad-request', 'not-allowed', 'not-allowed', 'not-allowed'],
      );
      assert.equal((await world.connect({ start: false })).welcome.pid, welcome.pid);
    });

    it('clients find a token again that was lost, or that others could read', async () => {
      const { welcome } = await world.connect();
      const before = await readToken(world.home);
      rmSync(tokenPath(world.home));
      assert.equal((await world.connect({ start: false })).welcome.pid, welcome.pid);
      chmodSync(tokenPath(world.home), 0o644);
      assert.equal((await world.connect({ start: false })).welcome.pid, welcome.pid);
      const after = await readToken(world.home);
      assert.ok(after !== null && after !== before);
      assert.equal(statSync(tokenPath(world.home)).mode & 0o777, 0o600);
    });

    it('takes surroundings that are larger than what is taken from strangers', async () => {
      const settings = { clusters: {}, sshConfigFile: `/${'x'.repeat(200_000)}` };
      const link = await world.connect({ surroundings: () => ({ settings, environment: {} }) });
      const [, told] = JSON.parse(await link.request('engine/findWorkdir', { cluster: 'c', path: null })) as [
        unknown,
        typeof settings,
      ];
      assert.equal(told.sshConfigFile.length, 200_001);
    });

    it('a client of another protocol is refused by name, and may still stop the engine', async () => {
      await world.connect();
      const token = await readToken(world.home);
      const answers = await speak(String((await world.record()).address), [
        ['engine/jobs', {}],
        ['engine/hello', { protocol: 99, version: '9.0.0', client: 'test', keepRunning: null, token }],
        ['engine/jobs', {}],
        ['engine/stop', {}],
      ]);
      const codes = answers.map((answer) => answer.error?.data.code ?? answer.result);
      assert.deepEqual(codes, ['bad-request', 'version-mismatch', 'version-mismatch', null]);
      assert.match(String(answers[1]?.error?.message), /1\.0\.0.*9\.0\.0/);
      assert.equal(await world.ended(), 'handover');
    });
  });

  describe('lease', () => {
    const elsewhere = { id: 'other', name: 'login2', boot: 'other', space: null };

    async function occupy(home: string): Promise<void> {
      const link = await world.connect();
      await link.request('engine/stop', {});
      await world.ended();
      const record = { ...(await world.record()), machine: elsewhere, ended: null };
      writeFileSync(join(home, 'generation-2'), printRecord({ ...record, generation: 2 }));
    }

    it('of another machine is respected, by name', async () => {
      await occupy(world.home);
      await assert.rejects(world.connect(), failsWith('engine-unreachable', /login2/));
    });

    it('of another machine is taken over when it is stale', async () => {
      await withTimes({ leaseMs: 500 });
      await occupy(world.home);
      const link = await waitFor('the takeover', () =>
        world.connect({ times: { leaseMs: 500 } }).catch(() => null),
      );
      assert.equal(link.welcome.generation, 3);
    });

    it('of an engine that hangs is taken over, and the former owner ends when it wakes', async () => {
      await withTimes({ leaseMs: 300 });
      const { welcome } = await world.connect();
      process.kill(welcome.pid, 'SIGSTOP');
      const link = await world.connect({ times: { leaseMs: 300, helloMs: 200 } });
      assert.equal(link.welcome.generation, welcome.generation + 1);
      process.kill(welcome.pid, 'SIGCONT');
      await waitFor('the end of the former owner', () => !world.lives(welcome.pid));
      assert.equal((await link.request('engine/status', {})).pid, link.welcome.pid);
    });

    it('once lost ends the former owner at its next beat', async () => {
      let end: EngineEnd | null = null;
      const { welcome } = await world.connect({ onLost: (how) => (end = how) });
      const record = { ...(await world.record()), machine: elsewhere, generation: 2 };
      writeFileSync(join(world.home, 'generation-2'), printRecord(record));
      await waitFor('the end of the former owner', () => end === 'superseded' && !world.lives(welcome.pid));
    });
  });

  describe('end', () => {
    it('comes when nobody needs it any more', async () => {
      await withTimes({ idleMs: 100 });
      const link = await world.connect();
      await link.close();
      assert.equal(await world.ended(), 'idle');
    });

    it('waits while watchers are active, and marks them for the next start', async () => {
      await withTimes({ idleMs: 100 });
      const link = await world.connect();
      await link.request('engine/submit', script('w'));
      await waitFor('the mark', () => existsSync(join(world.home, 'active')));
      await link.close();
      const again = await world.connect({ start: false });
      assert.equal(again.welcome.pid, link.welcome.pid);
      await again.request('engine/remove', { watchers: ['w'] });
      await waitFor('the mark is gone', () => !existsSync(join(world.home, 'active')));
      await again.close();
      assert.equal(await world.ended(), 'idle');
    });

    it('does not wait for watchers where the newest client with an opinion did not want that', async () => {
      await withTimes({ idleMs: 100 });
      const wants = await world.connect({ keepRunning: true });
      await wants.request('engine/submit', script('w'));
      const wantsNot = await world.connect({ keepRunning: false });
      const silent = await world.connect({ keepRunning: null });
      await Promise.all([wants, wantsNot, silent].map((link) => link.close()));
      assert.equal(await world.ended(), 'idle');
      assert.ok(existsSync(join(world.home, 'active')), 'watchers are resumed by the next start');
    });

    it('on request is told to all clients', async () => {
      const ends: (EngineEnd | null)[] = [];
      await world.connect({ onLost: (end) => ends.push(end) });
      const link = await world.connect({ onLost: (end) => ends.push(end) });
      await link.request('engine/stop', {});
      await waitFor('both clients know', () => ends.length === 2);
      assert.deepEqual(ends, ['asked', 'asked']);
    });

    it('comes in good order on SIGTERM', async () => {
      const { welcome } = await world.connect();
      process.kill(welcome.pid, 'SIGTERM');
      assert.equal(await world.ended(), 'closing');
      await waitFor('the process ends', () => !world.lives(welcome.pid));
    });

    it('comes although something does not finish, and is called a failure', async () => {
      await withTimes({ finishMs: 100 });
      const link = await world.connect();
      const never = link.request('engine/cancelJob', cancel('eternity'));
      const lost = assert.rejects(never, failsWith('engine-unreachable', /Look whether it was done/));
      await link.request('engine/stop', {});
      assert.equal((await world.record()).ended?.end, 'failed');
      await lost;
    });

    it('of an uncaught error is a death with a trace in the log', async () => {
      let end: EngineEnd | null | undefined;
      const link = await world.connect({ onLost: (how) => (end = how) });
      await link.request('engine/cancelJob', cancel('crash')).catch(failsWith('engine-unreachable'));
      await waitFor('the death', () => end !== undefined && !world.lives(link.welcome.pid));
      assert.equal(end, null);
      assert.match(world.log(), /crash on request[^]*host\.js/);
    });
  });

  describe('supervision', () => {
    it('brings the engine back after kill -9, with its watchers and its news', async () => {
      const watched = world.supervise();
      const { supervisor } = watched;
      await supervisor.request('engine/submit', script('first'));
      const before = await connected(watched.states);
      world.kill(before.pid);
      await waitFor('the reconnection', () => watched.reconnects === 1);
      assert.deepEqual(
        (await supervisor.request('engine/watchers', {})).map(({ id }) => id),
        ['first'],
      );
      await supervisor.request('engine/submit', script('second'));
      await waitFor('the news', () => watched.changes.some(({ watchers }) => watchers[0]?.id === 'second'));
      assert.deepEqual(
        watched.states.map(({ kind }) => kind),
        ['starting', 'connected', 'starting', 'connected'],
      );
    });

    it('asks again what only reads, and nothing else, when the engine died over it', async () => {
      const { supervisor, states } = world.supervise();
      const { pid } = await connected(states);
      const read = supervisor.request('engine/jobs', { job: 'not-by-the-first' });
      const written = assert.rejects(
        supervisor.request('engine/cancelJob', cancel('eternity')),
        failsWith('engine-unreachable', /Look whether it was done/),
      );
      world.kill(pid);
      assert.deepEqual(
        (await read).map(({ id }) => id),
        ['1'],
      );
      await written;
    });

    it('respects that somebody stopped the engine, until it is asked again', async () => {
      const watched = world.supervise();
      const before = await connected(watched.states);
      await watched.supervisor.request('engine/stop', {});
      await waitFor('the loss', () => watched.supervisor.state.kind === 'lost');
      await waitFor('the process ends', () => !world.lives(before.pid));
      await assert.rejects(watched.supervisor.request('engine/status', {}), failsWith('engine-stopping'));
      assert.equal((await world.newest())?.state, 'gone');
      watched.supervisor.start();
      assert.equal((await watched.supervisor.request('engine/status', {})).generation, before.generation + 1);
    });

    it('says what is wrong while it cannot connect', async () => {
      process.env['FAKE_ENGINE_DAMAGED'] = 'yes';
      const watched = world.supervise();
      const state = await waitFor('the loss', () => watched.states.find(({ kind }) => kind === 'lost'));
      assert.equal(state.kind === 'lost' && state.error.code, 'store-damaged');
      Reflect.deleteProperty(process.env, 'FAKE_ENGINE_DAMAGED');
      await connected(watched.states);
    });
  });

  describe('requests', () => {
    it('fail with the error that was thrown', async () => {
      const link = await world.connect();
      await assert.rejects(
        link.request('engine/cancelJob', cancel('refusal')),
        failsWith('not-found', /No such job\. Look at the list\./),
      );
      await assert.rejects(
        link.request('engine/pause', { watchers: [] }),
        failsWith('internal', /nobody foresaw this/),
      );
    });

    it('carry numbers that JSON does not know', async () => {
      const changes: number[] = [];
      const link = await world.connect({
        onChange: ({ metrics }) => changes.push(...metrics.map(({ value }) => value)),
      });
      const values = (await link.request('engine/metrics', {})).map(({ value }) => value);
      assert.deepEqual(values, [NaN, Infinity, -Infinity, 0.5]);
      await link.request('engine/submit', script('w'));
      await waitFor('the news', () => changes.length === 1);
      assert.deepEqual(changes, [-Infinity]);
    });

    it('fail, with the outcome unknown, when the engine dies', async () => {
      const link = await world.connect();
      const never = link.request('engine/cancelJob', cancel('eternity'));
      world.kill(link.welcome.pid);
      await assert.rejects(never, failsWith('engine-unreachable', /Look whether it was done/));
    });
  });
});

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: {
    readonly message: string;
    readonly data: { readonly code: string; readonly remedy: string };
  };
}

async function connected(
  states: readonly { readonly kind: string; readonly welcome?: Welcome }[],
): Promise<Welcome> {
  return waitFor('a connection', () => states.find(({ kind }) => kind === 'connected')?.welcome);
}

/** Speaks the protocol as another program would, one request after the other, and collects the answers. */
async function speak(address: string, requests: readonly [string, unknown][]): Promise<readonly Answer[]> {
  const socket = createConnection(address);
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => (received += String(text)));
  for (const [id, [method, params]] of requests.entries()) {
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
  const answers = await waitFor('all answers', () => {
    const found = readAnswers(received);
    return found.length >= requests.length && found;
  });
  socket.destroy();
  return answers.slice(0, requests.length);
}

/** Those that have arrived whole. */
function readAnswers(received: string): readonly Answer[] {
  const header = /^Content-Length: (\d+)\r\n\r\n/.exec(received);
  const end = (header?.[0].length ?? 0) + Number(header?.[1]);
  if (header === null || received.length < end) return [];
  return [JSON.parse(received.slice(header[0].length, end)) as Answer, ...readAnswers(received.slice(end))];
}
