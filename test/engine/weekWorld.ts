// A world in which everything fails in turns and engines crash at any call, on a fake clock: for the test of a week.
import type { Engine } from '../../engine/engine';
import { startEngine } from '../../engine/engine';
import { createActions } from '../../engine/actions/createActions';
import { createConsentMemory } from '../../engine/consent';
import { WatchError } from '../../engine/errors';
import type { Clock, Cluster, HttpAnswer, MailSettings, SecretName, Store } from '../../engine/ports';
import type { Random } from '../faults/random';
import { createFakeClock, settle } from './fakeClock';
import { FakeCluster, toDirectory } from './fakeCluster';
import { sampleWebhook, type SlackBody } from './fakeNotifications';
import { inThreadMatcher } from './inThreadMatcher';
import { MemoryStore } from './memoryStore';

export const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];

/** What fails, each by itself: for how long at most, and in what ways. */
const troubles = {
  cluster: { longest: 3 * hour, ways: ['away', 'silent', 'cut', 'cut'] },
  slack: { longest: 3 * hour, ways: ['away', 'late', 429, 503] },
  mail: { longest: 3 * hour, ways: ['away', 'late', 'refused'] },
  disk: { longest: hour / 2, ways: ['full'] },
  secret: { longest: 2 * hour, ways: ['gone'] },
} as const;
type Part = keyof typeof troubles;
const parts = Object.keys(troubles) as readonly Part[];

/** One engine's time: what it began is cut off when it ends. */
interface Life {
  readonly number: number;
  isOver: boolean;
}

export interface Sent {
  readonly text: string;
  /** Whoever sent it was told that its time was over. */
  readonly wasLate: boolean;
}

export class WeekWorld {
  readonly clock = createFakeClock();
  /** Jobs that wait for others look less often than the fake cluster has them, which is all that it costs. */
  readonly cluster = new FakeCluster({
    ...this.clock,
    after: (ms, wake) => this.clock.after(ms === 500 ? minute / 2 : ms, wake),
  });
  readonly store = new MemoryStore();
  /** Undefined while none runs. */
  engine: Engine | undefined;
  crashes = 0;
  readonly slack: Sent[] = [];
  readonly mails: Sent[] = [];
  /** Cancellations that an engine was told of, by job and engine. */
  readonly cancelled: { readonly job: string; readonly life: number }[] = [];
  /** When scripts were handed in, by their tokens. */
  readonly handedIn = new Map<string, number>();
  /** How often each part was in trouble. */
  readonly troubled = new Map<string, number>();
  private readonly now = new Map<Part, string | number>();
  private readonly turns = new Map<Part, number>();
  private readonly consentRecord = createConsentMemory();
  private life: Life = { number: 0, isOver: true };
  private ids = 0;
  /** Calls of the engine to the world until it crashes at one. */
  private callsLeft = Infinity;
  private nextCrash = 0;
  private startAt = 0;
  private isCalm = false;

  constructor(private readonly random: Random) {
    Object.assign(this.cluster.traits, { queryIntervalMs: minute, minIntervalMs: 1000, settleMs: minute });
  }

  /** Lets time pass; troubles come and go, and engines with them. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    for (let next = this.clock.now(); next < end;) {
      next = Math.min(end, next + 5 * minute);
      if (!this.isCalm) this.takeTurns();
      await this.startIfDue();
      await this.clock.advanceTo(next);
    }
  }

  /** Whether anything may fail. */
  async setCalm(isCalm: boolean): Promise<void> {
    this.isCalm = isCalm;
    if (!isCalm) return;
    this.now.clear();
    this.turns.clear();
    this.callsLeft = Infinity;
    this.startAt = 0;
    this.apply();
    await this.startIfDue();
    await this.engine?.setSecret('slack', sampleWebhook);
    await settle();
  }

  private takeTurns(): void {
    const { random } = this;
    const time = this.clock.now();
    for (const part of parts) {
      const turn = this.turns.get(part);
      if (turn !== undefined && time < turn) continue;
      const isOver = turn === undefined || this.now.delete(part);
      const { longest, ways } = troubles[part];
      if (!isOver) {
        const way = random.pick<string | number>(ways);
        this.now.set(part, way);
        this.troubled.set(`${part} ${way}`, (this.troubled.get(`${part} ${way}`) ?? 0) + 1);
      }
      const length = isOver ? random.whole(hour, 4 * hour) : random.whole(longest / 20, longest);
      this.turns.set(part, time + length);
    }
    if (time >= this.nextCrash) {
      this.callsLeft = random.whole(1, 60);
      this.nextCrash = time + random.whole(hour / 2, 3 * hour);
    }
    this.apply();
  }

  private apply(): void {
    this.cluster.unreachable = this.now.get('cluster') === 'away';
    this.cluster.silent = this.now.get('cluster') === 'silent';
    this.store.failing = this.now.has('disk');
  }

  private async startIfDue(): Promise<void> {
    if (!this.life.isOver || this.clock.now() < this.startAt) return;
    const life: Life = { number: this.life.number + 1, isOver: false };
    this.life = life;
    void this.start(life).then((engine) => {
      if (!life.isOver) this.engine = engine;
    });
    await settle();
  }

  private crash(life: Life): void {
    life.isOver = true;
    this.engine = undefined;
    this.crashes += 1;
    this.callsLeft = Infinity;
    this.startAt = this.clock.now() + this.random.whole(0, hour);
  }

  /** Whether the engine of this life is gone, perhaps just now. */
  private isGone(life: Life): boolean {
    if (!life.isOver && --this.callsLeft <= 0) this.crash(life);
    return life.isOver;
  }

  /** What the engine asks of the world: it may crash before it, or after it and before the answer. */
  private async call<Answer>(life: Life, work: () => Promise<Answer>): Promise<Answer> {
    if (this.isGone(life)) return never();
    try {
      const answer = await work();
      return this.isGone(life) ? await never() : answer;
    } catch (error) {
      if (life.isOver) return never();
      throw error;
    }
  }

  private start(life: Life): Promise<Engine> {
    const clock: Clock = {
      ...this.clock,
      after: (ms, wake) =>
        this.clock.after(ms, () => {
          if (!life.isOver) wake();
        }),
    };
    const secrets = {
      find: (name: SecretName) =>
        Promise.resolve(name === 'slack' && !this.now.has('secret') ? sampleWebhook : null),
      findMasked: () => Promise.resolve(null),
      set: () => undefined,
      keepWebhook: () => undefined,
    };
    return startEngine({
      clusters: toDirectory(this.toCluster(life)),
      store: this.toStore(life),
      matcher: inThreadMatcher,
      clock,
      ids: { next: () => `i${++this.ids}` },
      random: () => this.random.next(),
      consentRecord: this.consentRecord,
      secrets,
      actions: createActions({
        clock,
        secrets,
        settings: () => ({ mail: this.mailSettings }),
        http: { post: (_, body) => this.call(life, () => this.post(JSON.parse(body) as SlackBody)) },
        mailer: { send: (mail) => this.call(life, () => this.mail(mail.body)) },
      }),
    });
  }

  /** The cluster's mailer and a server, on alternate days. */
  private get mailSettings(): MailSettings {
    const via = Math.floor(this.clock.now() / day) % 2 === 0 ? 'cluster' : 'smtp';
    const server = { host: 'smtp.example.org', port: null, user: null, passwordFile: null };
    return { via, from: 'me@example.org', to: 'me@example.org', ...server };
  }

  private post({ attachments }: SlackBody): Promise<HttpAnswer> {
    const way = this.now.get('slack');
    const arrives = way === undefined || (way === 'late' && this.random.next() < 0.5);
    if (arrives) this.slack.push(...attachments.map(({ text }) => ({ text, wasLate: way === 'late' })));
    if (way === 'away') return fail('service-unreachable');
    if (way === 'late') return fail('timed-out');
    const status = typeof way === 'number' ? way : 200;
    return Promise.resolve({ status, retryAfterMs: status === 429 ? 30_000 : null, text: '' });
  }

  private mail(body: string): Promise<void> {
    const way = this.now.get('mail');
    const arrives = way === undefined || (way === 'late' && this.random.next() < 0.5);
    if (arrives) this.mails.push({ text: body.split('\n')[0] ?? '', wasLate: way === 'late' });
    if (way === 'away') return fail('service-unreachable');
    if (way === 'late') return fail('timed-out');
    return way === undefined ? Promise.resolve() : fail('service-refused');
  }

  private toStore(life: Life): Store {
    return toProxy(this.store, (work) => this.call(life, work));
  }

  private toCluster(life: Life): Cluster {
    const { cluster } = this;
    const sendMail: Cluster['sendMail'] = async ({ body }) => {
      if (cluster.unreachable) return fail('cluster-unreachable');
      await this.mail(body);
      return 'sendmail';
    };
    const submit: Cluster['submit'] = async (submission) => {
      const answer = await cluster.submit(submission);
      if (!this.handedIn.has(submission.token)) this.handedIn.set(submission.token, this.clock.now());
      return answer;
    };
    const around: Around = async (work, [name, argument]) => {
      const isCut = this.now.get('cluster') === 'cut' && this.random.next() < 0.15;
      const isBefore = this.random.next() < 0.5;
      return this.call(life, async () => {
        const code = this.random.next() < 0.5 ? 'timed-out' : 'cluster-unreachable';
        if (isCut && isBefore) return fail(code);
        const answer = await work();
        if (isCut) return fail(code);
        if (name === 'cancel') this.cancelled.push({ job: String(argument), life: life.number });
        return answer;
      });
    };
    return toProxy<Cluster>(cluster, around, { sendMail, submit });
  }
}

const never = <Answer>(): Promise<Answer> => new Promise(() => undefined);

const fail = <Answer>(code: WatchError['code']): Promise<Answer> =>
  Promise.reject(new WatchError(code, explanations[code] ?? 'It does not work now.', 'Wait a while.'));

/** As adapters say it. */
const explanations: Partial<Record<WatchError['code'], string>> = {
  'timed-out': 'There was no answer in time: whether it was done is not known.',
};

type Around = <Answer>(
  work: () => Promise<Answer>,
  called: readonly [name: string, argument: unknown],
) => Promise<Answer>;

/** The same object with other functions among its own, and `around` around each. */
function toProxy<Target extends object>(
  target: Target,
  around: Around,
  others: Partial<Target> = {},
): Target {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(others, name) ?? Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const perform = value as (...words: readonly unknown[]) => Promise<unknown>;
      return (...words: readonly unknown[]) =>
        around(async () => perform.apply(target, [...words]), [String(name), words[0]]);
    },
  });
}
