// Clients that do not behave, over real sockets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import type { Clients } from '../../../engine/host/clients';
import { protocolVersion, type EngineChange, type Hello, type OutputNews } from '../../../engine/protocol';
import { Wire } from '../../../engine/link/wire';
import { waitFor } from '../../waitFor';
import { useTemporaryHome } from '../temporaryHome';
import { notes } from './fakeEngine';
import { serveClients } from './servedClients';

const nothing: EngineChange = {
  jobs: [],
  watchers: [],
  removedWatchers: [],
  events: [],
  metrics: [],
  clusters: [],
};
const largeNews: EngineChange = { ...nothing, removedWatchers: ['x'.repeat(10_000)] };
const token = 'a'.repeat(64);
const hello: Hello = {
  protocol: protocolVersion,
  version: '1.0.0',
  client: 'test',
  token,
  pid: 7,
  keepRunning: null,
  canAsk: false,
  hasSafe: false,
  settings: null,
  environment: {},
};

describe('the clients of an engine', () => {
  const home = useTemporaryHome();
  let clients: Clients;
  let server: Server;
  let open: Socket[];
  let logged: string[];
  let helloMs = 30_000;

  beforeEach(() => begin());

  async function begin(): Promise<void> {
    open = [];
    logged = [];
    const log = (line: string): unknown => logged.push(line);
    ({ clients, server } = await serveClients(home(), { token, helloMs, log }));
  }
  afterEach(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });

  const isBroken = (error: unknown): boolean =>
    error instanceof WatchError && error.code === 'engine-unreachable';

  function connect(): Socket {
    const socket = createConnection(join(home(), 's')).on('error', () => undefined);
    open.push(socket);
    return socket;
  }

  async function enter(): Promise<{ socket: Socket; wire: Wire }> {
    const socket = connect();
    const wire = new Wire(socket);
    await wire.request('engine/hello', hello);
    return { socket, wire };
  }

  it('are hung up on when they sleep, and nobody else is', async () => {
    const [sleeping, awake] = [await enter(), await enter()];
    let heard = 0;
    awake.wire.onNotification('engine/changed', () => heard++);
    sleeping.socket.pause();
    let told = 0;
    await waitFor('the sleeping one is gone', () => {
      for (let batch = 0; batch < 100; batch++, told++) clients.broadcast(largeNews);
      return clients.count === 1;
    });
    await waitFor('the other has heard everything', () => heard === told);
    assert.equal(clients.count, 1);
  });

  it('hear of the outputs that they follow themselves, until they end it or leave', async () => {
    notes.length = 0;
    const [follower, other] = [await enter(), await enter()];
    const heard: OutputNews[] = [];
    follower.wire.onNotification('engine/output', (news) => heard.push(news));
    other.wire.onNotification('engine/output', () => assert.fail('not its own'));
    const follow = (name: string, job: string): Promise<unknown> =>
      follower.wire.request('engine/follow', {
        ...{ follow: name, cluster: 'sandbox', job, stream: 'stdout', from: 5, context: 0 },
      });
    assert.deepEqual(await follow('mine', '1'), { path: '/out', from: 5 });
    await waitFor('the piece', () => heard.length === 1);
    assert.deepEqual(heard, [{ follow: 'mine', kind: 'text', from: 5, to: 8, text: 'aé', size: 3, time: 7 }]);
    await follow('mine', '2');
    await follow('another', '3');
    await follower.wire.request('engine/unfollow', { follow: 'another' });
    assert.deepEqual(notes, ['no longer followed: 1', 'no longer followed: 3']);
    follower.socket.destroy();
    await waitFor('the client is gone', () => notes.length === 3);
    assert.equal(notes[2], 'no longer followed: 2');
    await other.wire.request('engine/status', {});
  });

  it('follow a hundred outputs at most', async () => {
    const { wire } = await enter();
    const request = { cluster: 'sandbox', job: '1', stream: 'stdout', from: 0, context: 0 } as const;
    for (let n = 0; n < 100; n++) await wire.request('engine/follow', { ...request, follow: `${n}` });
    await assert.rejects(
      wire.request('engine/follow', { ...request, follow: 'more' }),
      /100 outputs already/,
    );
  });

  it('hear no news before they were welcomed', async () => {
    const stranger = createConnection(join(home(), 's'));
    open.push(stranger);
    let heard = 0;
    stranger.on('data', () => heard++);
    await once(stranger, 'connect');
    const { wire } = await enter();
    const news = new Promise<EngineChange>((resolve) => {
      wire.onNotification('engine/changed', resolve);
    });
    clients.broadcast(nothing);
    assert.deepEqual(await news, nothing);
    assert.equal(heard, 0);
  });

  it('are told what is wrong with what they ask', async () => {
    const { wire } = await enter();
    const ask = (method: string, params: unknown): Promise<unknown> =>
      wire.request(method as 'engine/jobs', params as never);
    const wrong: readonly (readonly [string, unknown, RegExp])[] = [
      ['engine/pause', { watchers: 'w1' }, /"watchers" of engine\/pause is not an array of texts/],
      ['engine/pause', {}, /"watchers"/],
      ['engine/submit', { cluster: 7 }, /"cluster" of engine\/submit is not a text/],
      [
        'engine/cancelJob',
        { cluster: 'c', job: '-unobody' },
        /"job" of engine\/cancelJob is not a job's id, such as 4242/,
      ],
      ['engine/jobs', { live: 'yes' }, /"live" of engine\/jobs is not true or false/],
      ['engine/jobs', [1], /parameters of engine\/jobs are not an object/],
      ['engine/resume', { watchers: [], missed: 'some' }, /"missed".* one of skip, match/],
      [
        'engine/readOutput',
        { cluster: 'c', job: '1', stream: 'stdout', from: '0' },
        /"from".* a whole number, 0 or more or null/,
      ],
      [
        'engine/readOutput',
        { cluster: 'c', job: '1', stream: 'stdout', from: -1, maxBytes: 5 },
        /"from" of engine\/readOutput is not a whole number, 0 or more or null/,
      ],
      ['engine/events', { limit: 1.5 }, /"limit" of engine\/events is not a whole number, 0 or more/],
      [
        'engine/dryRun',
        { cluster: 'c', job: '1', watchers: null, tickMs: -1 },
        /"tickMs" of engine\/dryRun is not a number above 0/,
      ],
      ['engine/surroundings', { settings: null }, /"environment"/],
      [
        'engine/surroundings',
        { settings: { clusters: { x: null } }, environment: {} },
        /clusters\.x is not an object/,
      ],
      [
        'engine/surroundings',
        { settings: { clusters: {}, sshConfigFile: 42 }, environment: {} },
        /configFile is 42/,
      ],
      [
        'engine/surroundings',
        { settings: null, environment: { PATH: 7 } },
        /"environment" .* an object of texts/,
      ],
      ['engine/surroundings', { settings: null, environment: ['x'] }, /"environment" .* an object/],
      ['engine/hello', { ...hello, settings: { clusters: { '-x': {} } } }, /cannot be called "-x"/],
      ['engine/hello', { ...hello, version: 1 }, /"version" of engine\/hello is not a text/],
      ['engine/hello', { ...hello, client: 'other' }, /"client"/],
    ];
    for (const [method, params, message] of wrong)
      await assert.rejects(
        ask(method, params),
        (error) => error instanceof WatchError && error.code === 'bad-request' && message.test(error.message),
        method,
      );
    const strange = { protocol: protocolVersion + 1, version: '9.0.0', token };
    await assert.rejects(
      ask('engine/hello', strange),
      (error) => error instanceof WatchError && error.code === 'version-mismatch',
    );
    await enter();
  });

  it('are refused without the token of the home, whatever else they say, and then heard no more', async () => {
    const isRefused = (error: unknown): boolean =>
      error instanceof WatchError && error.code === 'not-allowed';
    const givens = [undefined, null, '', 7, token.slice(1), `${token}0`, [token], { toString: 'x' }];
    const intrude = async (given: unknown): Promise<void> => {
      const wire = new Wire(connect());
      const ask = (params: unknown): Promise<unknown> => wire.request('engine/hello', params as Hello);
      // What is wrong beside it is not even looked at.
      await assert.rejects(ask({ ...hello, token: given, version: 7 }), isRefused);
      await assert.rejects(ask(hello), isRefused);
      await assert.rejects(wire.request('engine/stop', {}), isRefused);
      await wire.closed;
    };
    await Promise.all(givens.map(intrude));
    assert.equal(clients.count, 0);
  });

  it('may say little before the token, and much after it', async () => {
    const stranger = new Wire(connect(), { first: 1e6, takes: 1e6, gives: 1e9 });
    const large = { ...hello, environment: { PATH: 'x'.repeat(70_000) } };
    await assert.rejects(stranger.request('engine/hello', large), isBroken);
    await stranger.closed;
    const { wire } = await enter();
    const script = 'x'.repeat(15 * 1024 * 1024);
    await wire.request('engine/submit', {
      cluster: 'c',
      scriptName: 's',
      script,
      workdir: null,
      options: [],
    });
    await assert.rejects(
      wire.request('engine/attach', { cluster: 'c', job: '1', watchers: `${script}${script}`, from: 'end' }),
      (error) =>
        error instanceof WatchError && error.code === 'bad-request' && /larger than/.test(error.message),
    );
  });

  it('that send nothing, or never end what they send, are dropped after a time', async () => {
    server.close();
    helloMs = 200;
    await begin();
    const { wire } = await enter();
    const [silent, slow] = [connect(), connect()];
    slow.write('Content-Length: 500\r\n\r\n{"jsonrpc":');
    await Promise.all([silent, slow].map((socket) => once(socket.resume(), 'close')));
    assert.equal(clients.count, 1);
    assert.equal((await wire.request('engine/status', {})).clients, 1);
    helloMs = 30_000;
  });

  it('are let in however many strangers wait at the door', async () => {
    const strangers = Array.from({ length: 300 }, connect);
    const { wire } = await enter();
    await waitFor(
      'most strangers are gone',
      () => strangers.filter(({ destroyed }) => destroyed).length >= 199,
    );
    assert.equal((await wire.request('engine/status', {})).clients, 1);
  });

  it('are named in the log with what they submit and cancel', async () => {
    const { wire } = await enter();
    const options = { workdir: null, options: [] };
    await wire.request('engine/submit', { cluster: 'c', scriptName: 'a"b\n', script: '', ...options });
    await wire.request('engine/cancelJob', { cluster: 'c', job: '12' });
    assert.deepEqual(logged, [
      'Asked to submit "a\\"b\\n" to "c", by a test (process 7, by its own account).',
      'Asked to cancel job "12" of "c", by a test (process 7, by its own account).',
    ]);
  });

  it('are not waited for when the engine ends and they do not listen', async () => {
    const { wire } = await enter();
    await clients.end('asked');
    await wire.closed;
    assert.equal(clients.count, 0);
  });
});
