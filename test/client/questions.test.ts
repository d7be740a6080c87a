// Answers to the engine's questions: from the safe, from the person, and never from what was wrong.
import assert from 'node:assert/strict';
import { createQuestions, type AnswerQuestion, type Dialogs } from '../../client/questions';
import type { Question } from '../../engine/ports';
import { waitFor } from '../waitFor';

type Secret = Extract<Question, { kind: 'secret' }>;

const hostKey: Question = {
  kind: 'hostKey',
  host: 'login1',
  keyType: 'ssh-ed25519',
  fingerprint: 'SHA256:abc',
  otherNames: [],
};
const passphrase = (part: Partial<Secret> = {}): Secret => ({
  kind: 'secret',
  host: 'me@login1',
  method: 'passphrase',
  safeKey: 'passphrase:/key',
  instructions: '',
  prompts: [{ text: 'Passphrase', echo: false }],
  again: false,
  ...part,
});

describe('the answers of a window', () => {
  let kept: Map<string, string>;
  let typed: (string | undefined)[];
  let shown: string[];
  let keeps: boolean;
  let isLocked: boolean;
  let answer: AnswerQuestion;

  beforeEach(() => {
    kept = new Map();
    typed = [];
    shown = [];
    keeps = false;
    isLocked = false;
    const safe = {
      get: (key: string) => Promise.resolve(kept.get(key)),
      store: (key: string, value: string) =>
        isLocked ? Promise.reject(new Error('locked')) : Promise.resolve(void kept.set(key, value)),
      delete: (key: string) => Promise.resolve(void kept.delete(key)),
    };
    const dialogs: Dialogs = {
      confirmHost: (_cluster, { fingerprint }) => {
        shown.push(fingerprint);
        return Promise.resolve(keeps);
      },
      readLine: (_cluster, _question, { text }) => {
        shown.push(text);
        return Promise.resolve(typed.shift());
      },
      offerToKeep: () => {
        shown.push('keep?');
        return Promise.resolve(keeps);
      },
      tellNotKept: (cluster, { method }, thrown) => {
        shown.push(`${method} for ${cluster} not kept: ${String(thrown)}`);
      },
    };
    answer = createQuestions(safe, dialogs);
  });
  const ask = (question: Question, background = false): ReturnType<AnswerQuestion> =>
    answer({ cluster: 'big', question, background });

  it('are asked for, and kept where the person wants it', async () => {
    typed = ['secret'];
    keeps = true;
    assert.deepEqual(await ask(passphrase()), ['secret']);
    await waitFor('it is kept', () => kept.size === 1);
    assert.deepEqual(await ask(passphrase()), ['secret']);
    assert.deepEqual(await ask(passphrase(), true), ['secret']);
    assert.deepEqual(shown, ['Passphrase', 'keep?']);
  });

  it('that the safe does not take are given all the same, and the person is told', async () => {
    typed = ['secret'];
    keeps = true;
    isLocked = true;
    assert.deepEqual(await ask(passphrase()), ['secret']);
    await waitFor('it is told', () => shown.length === 3);
    assert.equal(shown.at(-1), 'passphrase for big not kept: Error: locked');
  });

  it('are not kept where nobody wants it', async () => {
    typed = ['secret', 'secret'];
    await ask(passphrase());
    await ask(passphrase());
    assert.equal(kept.size, 0);
  });

  it('that were wrong are taken out of the safe, and asked for anew', async () => {
    kept.set('passphrase:/key', 'old');
    typed = ['new'];
    assert.deepEqual(await ask(passphrase({ again: true })), ['new']);
    assert.equal(kept.size, 0);
    assert.equal(await ask(passphrase({ again: true }), true), null);
  });

  it('that turn out wrong before the offer is taken are not kept', async () => {
    let take: (isWanted: boolean) => void = () => undefined;
    const safe = new Map<string, string>();
    const slow = createQuestions(
      {
        get: (key) => Promise.resolve(safe.get(key)),
        store: (key, value) => Promise.resolve(void safe.set(key, value)),
        delete: (key) => Promise.resolve(void safe.delete(key)),
      },
      {
        confirmHost: () => Promise.resolve(true),
        readLine: () => Promise.resolve('wrong'),
        offerToKeep: () => new Promise((resolve) => (take = resolve)),
        tellNotKept: () => undefined,
      },
    );
    await slow({ cluster: 'big', question: passphrase(), background: false });
    await slow({ cluster: 'big', question: passphrase({ again: true }), background: true });
    take(true);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(safe.size, 0);
  });

  it('in the background come from the safe or not at all', async () => {
    assert.equal(await ask(passphrase(), true), null);
    assert.equal(await ask(hostKey, true), null);
    assert.deepEqual(shown, []);
  });

  it('to a host key are yes or nothing', async () => {
    assert.equal(await ask(hostKey), null);
    keeps = true;
    assert.deepEqual(await ask(hostKey), ['yes']);
    assert.deepEqual(shown, ['SHA256:abc', 'SHA256:abc']);
  });

  it('to several prompts are given one by one, and never kept', async () => {
    const prompts = [
      { text: 'Password', echo: false },
      { text: 'Code', echo: true },
    ];
    typed = ['a', 'b'];
    keeps = true;
    assert.deepEqual(await ask(passphrase({ prompts })), ['a', 'b']);
    assert.deepEqual(shown, ['Password', 'Code']);
    typed = ['a', undefined];
    assert.equal(await ask(passphrase({ prompts })), null, 'turned away at the second');
  });

  it('that are good for once are not offered to be kept', async () => {
    typed = ['123456'];
    keeps = true;
    await ask(passphrase({ safeKey: null }));
    assert.equal(kept.size, 0);
    assert.deepEqual(shown, ['Passphrase']);
  });
});
