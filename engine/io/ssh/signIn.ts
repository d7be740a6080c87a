// How a person is let in: the ways that the server takes, one after another, as ssh would try them.
import type * as Ssh2 from 'ssh2';
import { WatchError } from '../../errors';
import type { Question } from '../../ports';
import type { HostConfig } from './hostConfig';
import { findIdentities, toMaxAnswers, type Identity } from './identities';
import { elsewhere, toNeedsSignIn, type Patience, type SshPlace } from './sshPlace';

export interface SignInParts {
  readonly ssh2: typeof Ssh2;
  readonly host: HostConfig;
  readonly place: SshPlace;
  readonly patience: Patience;
}

/** Rounds of questions in one attempt: a server must not ask for ever, nor be answered from a safe for ever. */
const maxRounds = 20;
/** Longest prompt and longest instructions of a server that are shown. */
const maxPromptLength = 500;
const maxInstructionsLength = 4000;

type Attempt = Ssh2.AnyAuthMethod;

/** What was tried for one connection; each `next` says that the attempt before it was not enough. */
export class SignIn {
  private allowed: readonly string[] = [];
  private readonly tried: string[] = [];
  private readonly beyond: string[] = [];
  private readonly attempts: AsyncGenerator<Attempt, void>;
  private readonly maxAnswers: number;
  private wrongAnswers = 0;
  /** Of the key that the host has shown. */
  private fingerprint: string | undefined;
  private failure: WatchError | undefined;
  /** Rejects the connection where asking goes on inside an attempt. */
  onFailure: (error: WatchError) => void = () => undefined;

  constructor(private readonly parts: SignInParts) {
    this.attempts = this.plan();
    this.maxAnswers = toMaxAnswers(parts.host);
  }

  /** A password is kept for the host that has this key, whatever another one calls itself. */
  noteHostKey(fingerprint: string): void {
    this.fingerprint = fingerprint;
  }

  /** What the server would take now. With an agent ssh2 tells it in its diary alone. */
  noteAllowed(methods: readonly string[]): void {
    this.allowed = methods;
  }

  /** Throws needs-sign-in where nothing is left to try. */
  async next(): Promise<Attempt> {
    const { value } = await this.attempts.next();
    if (this.failure) throw this.failure;
    if (value === undefined) throw this.refuse();
    return value;
  }

  refuse(why = ''): WatchError {
    const { place, host } = this.parts;
    const tried =
      this.tried.length > 0
        ? `does not let you in; tried: ${[...new Set(this.tried)].join(', ')}.`
        : 'does not let you in: there is no key to offer, and it asks for nothing else.';
    const wanted = this.allowed.length > 0 ? ` It takes ${this.allowed.join(', ')}.` : '';
    const beyond = this.beyond.length > 0 ? ` Not used: ${this.beyond.join('; ')}.` : '';
    return toNeedsSignIn(
      place,
      `${host.user}@${host.hostname} ${tried}${why === '' ? '' : ` ${why}.`}${wanted}${beyond}`,
      this.findRemedy(),
    );
  }

  private findRemedy(): string {
    const isBeyond =
      this.allowed.some((method) => method.startsWith('gssapi')) ||
      this.beyond.some((text) => /FIDO|certificate/.test(text));
    if (this.parts.host.isBatch)
      return 'Load a key into an agent (ssh-add); or take BatchMode out of the configuration of this host, so that you can be asked.';
    if (isBeyond)
      return `Kerberos (GSSAPI), FIDO keys and certificates cannot be used here: load an ordinary key into an agent (ssh-add); or ${elsewhere}.`;
    return `Try "ssh ${this.parts.host.alias}" in a terminal. Once it lets you in without more than a password or a code, sign in again here.`;
  }

  private async *plan(): AsyncGenerator<Attempt, void> {
    const { host } = this.parts;
    if (host.isBatch)
      this.beyond.push('passwords, codes and passphrases (BatchMode forbids to ask for them)');
    yield { type: 'none', username: host.user };
    const spent = new Set<string>();
    for (;;) {
      const method = host.methods.find((name) => this.allowed.includes(name) && !spent.has(name));
      if (method === undefined) return;
      spent.add(method);
      yield* this.tryMethod(method);
    }
  }

  private async *tryMethod(method: string): AsyncGenerator<Attempt, void> {
    switch (method) {
      case 'publickey':
        yield* this.tryKeys();
        return;
      case 'password':
        yield* this.tryPasswords();
        return;
      case 'keyboard-interactive':
        yield* this.tryQuestions();
        return;
    }
  }

  private async *tryKeys(): AsyncGenerator<Attempt, void> {
    const { ssh2, host, place } = this.parts;
    const { offered, beyond } = await findIdentities(ssh2, host, {
      environment: place.environment(),
      askPassphrase: (path, again) => this.askPassphrase(path, again),
    });
    this.beyond.push(...beyond);
    const before = this.allowed;
    for (const identity of offered) {
      this.tried.push(identity.label);
      yield { type: 'agent', username: host.user, agent: this.toAgent(identity) };
      // Good, and not enough: the server wants something else now.
      if (!isSameList(this.allowed, before)) return;
    }
  }

  private async *tryPasswords(): AsyncGenerator<Attempt, void> {
    const { host } = this.parts;
    const before = this.allowed;
    for (let tries = 0; this.wrongAnswers < this.maxAnswers; tries++) {
      const answers = await this.ask('password', {
        safeKey: this.passwordKey(),
        prompts: [{ text: `Password of ${host.user}@${host.hostname}`, echo: false }],
        again: tries > 0,
      });
      this.tried.push('a password');
      yield { type: 'password', username: host.user, password: answers[0] ?? '' };
      if (!isSameList(this.allowed, before)) return;
      this.wrongAnswers += 1;
    }
  }

  private *tryQuestions(): Generator<Attempt, void> {
    const before = this.allowed;
    while (this.wrongAnswers < this.maxAnswers) {
      let asked = 0;
      yield {
        type: 'keyboard-interactive',
        username: this.parts.host.user,
        prompt: (name, instructions, _language, prompts, finish) => {
          asked += 1;
          if (asked > maxRounds) {
            this.fail(this.refuse(`It has asked ${maxRounds} times without letting you in`));
            return;
          }
          const text = [name, instructions].filter((part) => part !== '').join('\n');
          void this.answerQuestions(text, prompts).then(finish, (error: unknown) => {
            this.fail(error);
          });
        },
      };
      // A server that lets in nobody this way asks nothing; one that is content wants something else now.
      if (asked === 0 || !isSameList(this.allowed, before)) return;
      this.wrongAnswers += 1;
    }
  }

  private async answerQuestions(instructions: string, prompts: readonly Ssh2.Prompt[]): Promise<string[]> {
    const only = prompts.length === 1 ? prompts[0] : undefined;
    const isPassword =
      only?.echo !== true && /^(?:\S+'s )?password\b/i.test((only?.prompt ?? '').replace(/^\W+/, ''));
    this.tried.push('the answers to its questions');
    return [
      ...(await this.ask('keyboard-interactive', {
        safeKey: isPassword ? this.passwordKey() : null,
        instructions: toInstructions(instructions),
        prompts: prompts.map(({ prompt, echo }) => ({ text: this.toPrompt(prompt), echo: echo === true })),
        again: this.wrongAnswers > 0,
      })),
    ];
  }

  /**
   * A server's prompt, marked as ssh marks it: a server must not pass for this computer, which asks for passphrases. What
   * would move the mark out of sight is taken out.
   */
  private toPrompt(prompt: string): string {
    const { user, hostname } = this.parts.host;
    return `(${user}@${hostname}) ${toOneLine(prompt).slice(0, maxPromptLength)}`.trim();
  }

  /**
   * Names the password in a safe: by the name that the person uses and the key of the host, because several sites may call
   * a host the same. Null before the key is known: nothing is kept then.
   */
  private passwordKey(): string | null {
    const { user, alias, port } = this.parts.host;
    return this.fingerprint === undefined ? null : `password:${user}@${alias}:${port} ${this.fingerprint}`;
  }

  /** With BatchMode the key is one that cannot be used; the others are tried. */
  private async askPassphrase(path: string, again: boolean): Promise<string> {
    if (this.parts.host.isBatch) throw new Error('its passphrase may not be asked for');
    const [passphrase = ''] = await this.ask('passphrase', {
      safeKey: `passphrase:${path}`,
      prompts: [{ text: `Passphrase of ${path}`, echo: false }],
      again,
    });
    return passphrase;
  }

  /** Throws needs-sign-in where nobody answers: nobody is asked another way then. */
  private async ask(
    method: Extract<Question, { kind: 'secret' }>['method'],
    question: Pick<Extract<Question, { kind: 'secret' }>, 'safeKey' | 'prompts' | 'again'> & {
      readonly instructions?: string;
    },
  ): Promise<readonly string[]> {
    const { place, patience, host } = this.parts;
    const answers = await patience.ask(place, {
      kind: 'secret',
      host: `${host.user}@${host.hostname}`,
      method,
      instructions: '',
      ...question,
    });
    if (answers) return answers;
    throw toNeedsSignIn(
      place,
      `${host.user}@${host.hostname} asks for ${method === 'passphrase' ? 'the passphrase of a key' : 'a password or a code'}, and nobody has answered`,
      'Sign in again and answer; or load a key into an agent (ssh-add), so that nobody is asked.',
    );
  }

  private fail(error: unknown): void {
    this.failure = error instanceof WatchError ? error : this.refuse(String(error));
    this.onFailure(this.failure);
  }

  /** An agent that holds one key: the server says first whether it takes it, and only then it is unlocked. */
  private toAgent(identity: Identity): Ssh2.BaseAgent {
    const { ssh2 } = this.parts;
    const note = (error: unknown): void => {
      if (error instanceof WatchError) this.fail(error);
      else this.beyond.push(`${identity.label} (${error instanceof Error ? error.message : String(error)})`);
    };
    class OneKey extends ssh2.BaseAgent {
      getIdentities(callback: Ssh2.IdentityCallback): void {
        callback(null, [identity.publicKey]);
      }
      sign(
        _key: unknown,
        data: Buffer,
        options: Ssh2.SigningRequestOptions | Ssh2.SignCallback,
        callback?: Ssh2.SignCallback,
      ): void {
        const [hash, done] = typeof options === 'function' ? [undefined, options] : [options.hash, callback];
        identity.sign(data, hash).then(
          (signature) => done?.(null, signature),
          (error: unknown) => {
            note(error);
            done?.(error instanceof Error ? error : new Error(String(error)));
          },
        );
      }
    }
    return new OneKey();
  }
}

const toOneLine = (text: string): string => text.replace(/[\s\p{C}]+/gu, ' ').trim();

const toInstructions = (text: string): string =>
  text
    .slice(0, maxInstructionsLength)
    .split(/\r\n|\r|\n/)
    .map(toOneLine)
    .join('\n')
    .trim();

const isSameList = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();
