// Questions that only a person can answer, over real sockets: who is asked, and what becomes of the answers.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createConnection, type Server } from 'node:net';
import { delimiter, join } from 'node:path';
import { ClientValues, withoutRelativePaths } from '../../../engine/host/clientValues';
import type { Questions } from '../../../engine/host/questions';
import { WatchError } from '../../../engine/errors';
import { Wire } from '../../../engine/link/wire';
import type { AccessSettings, Question } from '../../../engine/ports';
import { protocolVersion, type Hello, type PromptRequest } from '../../../engine/protocol';
import { waitFor } from '../../waitFor';
import { useTemporaryHome } from '../temporaryHome';
import { notes } from './fakeEngine';
import { serveClients } from './servedClients';

const hostKey: Question = {
  kind: 'hostKey',
  host: 'big',
  keyType: 'ssh-ed25519',
  fingerprint: 'SHA256:abc',
  otherNames: [],
};
const token = 'b'.repeat(64);
const settingsOf = (name: string): AccessSettings => ({
  clusters: {
    [name]: {
      kind: 'ssh',
      host: 'login1',
      rootDirectory: null,
      minIntervalSeconds: null,
      queryIntervalSeconds: null,
      settleSeconds: null,
    },
  },
  sshConfigFile: null,
});

type Answer = readonly string[] | null;

interface Client {
  readonly wire: Wire;
  readonly asked: PromptRequest[];
}

describe('questions of the engine', () => {
  const home = useTemporaryHome();
  let questions: Questions;
  let server: Server;
  let wires: Wire[];

  beforeEach(async () => {
    wires = [];
    notes.length = 0;
    ({ questions, server } = await serveClients(home(), { token }));
  });
  afterEach(() => {
    for (const wire of wires) wire.destroy();
    server.close();
  });

  async function enter(
    hello: Partial<Hello>,
    answer: (request: PromptRequest) => Answer | Promise<Answer> = () => null,
  ): Promise<Client> {
    const wire = new Wire(createConnection(join(home(), 's')));
    wires.push(wire);
    const asked: PromptRequest[] = [];
    wire.onRequest((_method, params) => {
      asked.push(params as PromptRequest);
      return Promise.resolve(answer(params as PromptRequest));
    });
    await wire.request('engine/hello', {
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
      ...hello,
    });
    return { wire, asked };
  }

  it('that follow from what somebody did are asked of them, and of nobody else', async () => {
    const other = await enter({ canAsk: true, hasSafe: true }, () => ['wrong']);
    const person = await enter({ canAsk: true }, () => ['open-sesame']);
    await enter({ canAsk: true, hasSafe: true }, () => ['wrong']);
    const status = await person.wire.request('engine/signIn', { cluster: 'big' });
    assert.equal(status.state, 'connected');
    assert.deepEqual(
      person.asked.map(({ cluster, background }) => [cluster, background]),
      [['big', false]],
    );
    assert.deepEqual(other.asked, []);
  });

  it('of another cluster in the meantime are of the background', async () => {
    let letGo: (answer: Answer) => void = () => undefined;
    const person = await enter({ canAsk: true }, () => new Promise((resolve) => (letGo = resolve)));
    const signingIn = person.wire.request('engine/signIn', { cluster: 'big' });
    await waitFor('the question', () => person.asked.length === 1);
    assert.equal(await questions.ask('small', hostKey), null);
    letGo(['open-sesame']);
    await signingIn;
    assert.equal(person.asked.length, 1);
  });

  it('of the background go to safes alone, the newest first, until one has it', async () => {
    const person = await enter({ canAsk: true }, () => ['yes']);
    const old = await enter({ canAsk: true, hasSafe: true }, () => ['from the safe']);
    const young = await enter({ canAsk: true, hasSafe: true });
    assert.deepEqual(await questions.ask('big', hostKey), ['from the safe']);
    assert.deepEqual(
      [...old.asked, ...young.asked].map(({ background }) => background),
      [true, true],
    );
    assert.deepEqual(person.asked, []);
  });

  it('are not asked where the client looks again by itself', async () => {
    const person = await enter({ canAsk: true }, () => ['yes']);
    await person.wire.request('engine/clusterJobs', { cluster: 'big', background: true });
    assert.deepEqual(person.asked, []);
    await person.wire.request('engine/clusterJobs', { cluster: 'big', background: false });
    assert.equal(person.asked.length, 1);
  });

  it('have no answer where nobody can be asked, or somebody leaves, fails or talks nonsense', async () => {
    assert.equal(await questions.ask('big', hostKey), null);
    const answers: readonly (() => Answer | Promise<Answer>)[] = [
      () => Promise.reject(new Error('the safe is broken')),
      () => ['too', 'many'],
      () => 'yes' as unknown as Answer,
    ];
    for (const answer of answers) await enter({ hasSafe: true }, answer);
    const leaving = await enter({ hasSafe: true }, () => {
      leaving.wire.destroy();
      return ['yes'];
    });
    assert.equal(await questions.ask('big', hostKey), null);
  });

  it('are given up when the engine ends', async () => {
    const person = await enter({ canAsk: true }, () => new Promise(() => undefined));
    const signingIn = person.wire.request('engine/signIn', { cluster: 'big' });
    await waitFor('the question', () => person.asked.length === 1);
    questions.close();
    await assert.rejects(signingIn, /Nobody answered/);
    assert.equal(await questions.ask('big', hostKey), null);
  });

  it('that are declined are an error with its remedy', async () => {
    const person = await enter({ canAsk: true });
    await assert.rejects(
      person.wire.request('engine/signIn', { cluster: 'big' }),
      (error) => error instanceof WatchError && error.code === 'needs-sign-in',
    );
  });

  it('leave no trace of their answers', async () => {
    const person = await enter({ canAsk: true, settings: settingsOf('big') }, () => ['open-sesame']);
    await person.wire.request('engine/signIn', { cluster: 'big' });
    const files = readdirSync(home()).filter((name) => name !== 's');
    assert.deepEqual(files, ['clients.json']);
    for (const file of files) assert.doesNotMatch(readFileSync(join(home(), file), 'utf8'), /open-sesame/);
  });
});

describe('what clients say of their surroundings', () => {
  const home = useTemporaryHome();
  const log = (): undefined => undefined;

  it('adds up over kinds of clients, and the newest counts', () => {
    const values = new ClientValues(home(), log);
    const say = (client: Hello['client'], settings: AccessSettings | null, socket: string): boolean =>
      values.take(client, { settings, environment: { SSH_AUTH_SOCK: socket } });
    assert.equal(say('vscode', { ...settingsOf('big'), sshConfigFile: '/a' }, '/agent1'), true);
    assert.equal(say('cli', null, '/agent2'), true);
    assert.equal(say('cli', null, '/agent2'), false, 'nothing is new');
    assert.deepEqual(Object.keys(values.settings.clusters), ['big']);
    assert.equal(values.environment['SSH_AUTH_SOCK'], '/agent2');
    say('cli', settingsOf('small'), '/agent2');
    assert.deepEqual(Object.keys(values.settings.clusters).sort(), ['big', 'small']);
    say('vscode', settingsOf('huge'), '/agent2');
    assert.deepEqual(Object.keys(values.settings.clusters).sort(), ['huge', 'small']);
    assert.equal(values.settings.sshConfigFile, null);
  });

  it('says how long history is kept where a client has an opinion', () => {
    const values = new ClientValues(home(), log);
    assert.equal(values.settings.keepMonths, undefined);
    values.take('vscode', { settings: { ...settingsOf('big'), keepMonths: 6 }, environment: {} });
    values.take('cli', { settings: settingsOf('small'), environment: {} });
    assert.equal(values.settings.keepMonths, 6);
    assert.equal(new ClientValues(home(), log).settings.keepMonths, 6);
  });

  it('allows the commands that all clients allow who have a list', () => {
    const values = new ClientValues(home(), log);
    const say = (client: 'vscode' | 'cli', allowedCommands?: readonly string[]): void => {
      const settings = { ...settingsOf('big'), ...(allowedCommands && { allowedCommands }) };
      values.take(client, { settings, environment: {} });
    };
    say('cli');
    assert.equal(values.settings.allowedCommands, undefined);
    say('vscode', ['make', 'ls']);
    assert.deepEqual(values.settings.allowedCommands, ['make', 'ls']);
    say('cli', ['ls', 'rm']);
    assert.deepEqual(values.settings.allowedCommands, ['ls']);
    assert.deepEqual(new ClientValues(home(), log).settings.allowedCommands, ['ls']);
  });

  it('is an agent, and nothing that decides which programs run', () => {
    const values = new ClientValues(home(), log);
    const { PATH, LD_PRELOAD } = process.env;
    values.take('cli', {
      settings: null,
      environment: { SSH_AUTH_SOCK: '/agent', PATH: '/tmp/project/bin', LD_PRELOAD: '/tmp/evil.so' },
    });
    assert.equal(values.environment['SSH_AUTH_SOCK'], '/agent');
    assert.equal(values.environment['PATH'], withoutRelativePaths({ PATH })['PATH']);
    assert.equal(values.environment['LD_PRELOAD'], LD_PRELOAD);
  });

  it('leaves no relative entries in the search path', () => {
    const path = ['', '.', 'node_modules/.bin', join(home(), 'bin'), '../x'].join(delimiter);
    assert.deepEqual(withoutRelativePaths({ PATH: path, Other: '.' }), {
      PATH: join(home(), 'bin'),
      Other: '.',
    });
  });

  it('is known to the next engine, but for the environment', () => {
    const first = new ClientValues(home(), log);
    first.take('vscode', { settings: settingsOf('big'), environment: { SSH_AUTH_SOCK: '/agent' } });
    const next = new ClientValues(home(), log);
    assert.deepEqual(next.settings, settingsOf('big'));
    assert.equal(next.environment['SSH_AUTH_SOCK'], process.env['SSH_AUTH_SOCK']);
  });

  for (const [what, kept, message] of [
    [
      'a cluster that is none',
      { cli: { clusters: { x: null }, sshConfigFile: null } },
      /clusters\.x is not an object/,
    ],
    ['clusters that are none', { cli: { clusters: 7, sshConfigFile: null } }, /clusters is not an object/],
    ['a file that is a number', { cli: { clusters: {}, sshConfigFile: 42 } }, /ssh\.configFile is 42/],
    [
      'a host that is an option',
      { cli: { clusters: { x: { host: '-oProxyCommand=id' } } } },
      /host is "-oProxyCommand/,
    ],
    ['months that are words', { cli: { clusters: {}, keepMonths: 'x' } }, /keepMonths is "x"/],
    ['settings that are none', { cli: null }, /is not an object/],
    ['an entry that is a text', { 0: 'x' }, /is not an object/],
    ['no JSON', undefined, /cannot be read/],
  ] as const)
    it(`leaves out ${what} of what was kept, and says so`, () => {
      const good = settingsOf('big');
      const text = kept === undefined ? '{"cli":' : JSON.stringify({ ...kept, vscode: good });
      writeFileSync(join(home(), 'clients.json'), text);
      const told: string[] = [];
      const values = new ClientValues(home(), (line) => told.push(line));
      assert.match(told.join('\n'), message);
      if (kept !== undefined) assert.deepEqual(values.settings.clusters['big'], good.clusters['big']);
      assert.equal(values.settings.sshConfigFile, null);
      assert.equal(values.settings.keepMonths, undefined);
      assert.equal(values.settings.clusters['x']?.host ?? null, null);
      // What is kept next is right again.
      values.take('cli', { settings: good, environment: {} });
      assert.deepEqual(new ClientValues(home(), log).settings.clusters['big'], good.clusters['big']);
    });
});
