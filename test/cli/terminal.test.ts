// Questions at the terminal: hidden answers stay hidden, and nobody is asked who is not there.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { createTerminal, type Terminal } from '../../cli/terminal';
import type { Question } from '../../engine/ports';
import type { PromptRequest } from '../../engine/protocol';
import { waitFor } from '../waitFor';

const hostKey: Question = {
  kind: 'hostKey',
  host: 'login1',
  keyType: 'ssh-ed25519',
  fingerprint: 'SHA256:abc',
  otherNames: [],
};
const secret = (part: Partial<Extract<Question, { kind: 'secret' }>> = {}): Question => ({
  kind: 'secret',
  host: 'me@login1',
  method: 'keyboard-interactive',
  safeKey: null,
  instructions: '',
  prompts: [{ text: 'Password', echo: false }],
  again: false,
  ...part,
});

function open(isTTY = true): {
  terminal: Terminal;
  readonly type: (text: string) => void;
  readonly shown: () => string;
} {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough({ encoding: 'utf8' });
  let shown = '';
  output.on('data', (text: string) => (shown += text));
  return {
    terminal: createTerminal({ input, output }),
    type: (text) => void input.write(text),
    shown: () => shown,
  };
}

const ask = (question: Question, background = false): PromptRequest => ({
  cluster: 'big',
  question,
  background,
});

describe('the terminal', () => {
  it('confirms what is agreed to, and asks nobody who is not there', async () => {
    for (const [typed, expected] of [
      ['yes\r', true],
      ['Y\r', true],
      ['yeah\r', false],
      ['\r', false],
    ] as const) {
      const { terminal, type, shown } = open();
      const answer = terminal.confirm('This cancels job 5. Go on');
      await waitFor('the question', () => shown().includes('Go on (yes/no)? '));
      type(typed);
      assert.equal(await answer, expected);
    }
    assert.equal(await open(false).terminal.confirm('Go on'), null);
  });

  it('shows the fingerprint of a host, and takes yes for yes alone', async () => {
    for (const [typed, expected] of [
      ['yes\r', ['yes']],
      ['y\r', null],
      ['\r', null],
    ] as const) {
      const { terminal, type, shown } = open();
      const answer = terminal.ask(ask(hostKey));
      await waitFor('the question', () => shown().includes('yes/no'));
      type(typed);
      assert.deepEqual(await answer, expected);
      assert.match(shown(), /login1 is not known yet.*ssh-ed25519.*\n {2}SHA256:abc\n/s);
    }
  });

  it('says by which other names the key of a host is known', async () => {
    const { terminal, type, shown } = open();
    const answer = terminal.ask(ask({ ...hostKey, otherNames: ['/home/me/.ssh/known_hosts:3: login2'] }));
    await waitFor('the question', () => shown().includes('yes/no'));
    type('no\r');
    await answer;
    assert.match(shown(), /other names:\n {2}\/home\/me\/\.ssh\/known_hosts:3: login2\n/);
  });

  it('sets off what a server says, and says nothing of a server when this computer asks', async () => {
    const asks = async (part: Parameters<typeof secret>[0]): Promise<string> => {
      const { terminal, type, shown } = open();
      const answer = terminal.ask(ask(secret(part)));
      await waitFor('the prompt', () => shown().endsWith(': '));
      type('x\r');
      await answer;
      return shown();
    };
    const text = 'Passphrase of /root/.ssh/id_ed25519';
    assert.equal(
      await asks({ instructions: `${text}:`, prompts: [{ text: `(me@login1) ${text}`, echo: false }] }),
      `The server asks (me@login1):\n  ${text}:\n(me@login1) ${text}: \n`,
    );
    assert.equal(await asks({ method: 'passphrase', prompts: [{ text, echo: false }] }), `${text}: \n`);
  });

  it('hides what is hidden, and shows what is not', async () => {
    const { terminal, type, shown } = open();
    const prompts = [
      { text: 'Password:', echo: false },
      { text: 'Token', echo: true },
    ];
    const answer = terminal.ask(ask(secret({ prompts, instructions: 'Welcome.', again: true })));
    await waitFor('the first prompt', () => shown().endsWith('Password: '));
    type('hunter2\r');
    await waitFor('the second prompt', () => shown().endsWith('Token: '));
    type('123456\r');
    assert.deepEqual(await answer, ['hunter2', '123456']);
    assert.match(
      shown(),
      /^That was not right\.\nThe server asks \(me@login1\):\n {2}Welcome\.\nPassword: \nToken: /,
    );
    assert.match(shown(), /123456/);
    assert.doesNotMatch(shown(), /hunter2/);
  });

  it('asks one question after another', async () => {
    const { terminal, type, shown } = open();
    const first = terminal.ask(ask(secret({ prompts: [{ text: 'One', echo: false }] })));
    const second = terminal.ask(ask(secret({ prompts: [{ text: 'Two', echo: false }] })));
    await waitFor('the first', () => shown().includes('One: '));
    assert.doesNotMatch(shown(), /Two/);
    type('1\r');
    await waitFor('the second', () => shown().includes('Two: '));
    type('2\r');
    assert.deepEqual([await first, await second], [['1'], ['2']]);
  });

  it('takes Ctrl+C and Ctrl+D for no answer', async () => {
    for (const key of ['\x03', '\x04']) {
      const { terminal, type, shown } = open();
      const answer = terminal.ask(ask(secret()));
      await waitFor('the prompt', () => shown().includes('Password: '));
      type(key);
      assert.equal(await answer, null);
    }
  });

  it('shows what a server says without its control characters', async () => {
    const { terminal, type, shown } = open();
    const answer = terminal.ask(
      ask(secret({ instructions: '\x1b[2Jgone', prompts: [{ text: '\x07', echo: false }] })),
    );
    await waitFor('the prompt', () => shown().includes(': '));
    type('x\r');
    await answer;
    assert.doesNotMatch(shown(), /[\x07\x1b]/);
    assert.match(shown(), /\\x1b\[2Jgone/);
  });

  it('asks nobody who is not there, and nothing that is not for them', async () => {
    const { terminal, shown } = open(false);
    assert.equal(terminal.canAsk, false);
    assert.equal(await terminal.ask(ask(hostKey)), null);
    const manned = open();
    assert.equal(manned.terminal.canAsk, true);
    assert.equal(await manned.terminal.ask(ask(secret(), true)), null);
    assert.equal(shown() + manned.shown(), '');
  });

  it('gives up what it asks when the command ends', async () => {
    const { terminal, shown } = open();
    const answer = terminal.ask(ask(secret()));
    await waitFor('the prompt', () => shown().includes('Password: '));
    terminal.close();
    assert.equal(await answer, null);
  });
});
