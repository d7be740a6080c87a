// A week of many jobs in a world where everything fails in turns: nothing lost, nothing twice, nothing kept for ever.
import assert from 'node:assert/strict';
import type { Job, Watcher, WatchEvent } from '../../engine/model';
import { createRandom, type Random } from '../faults/random';
import { settle } from './fakeClock';
import { observeHeldEntries } from './heldEntries';
import { submitAgreed, toPlaySubmission } from './play';
import { createJob, findActions, mostResubmits, watchers as words, type WeekJob } from './weekJobs';
import { day, hour, minute, WeekWorld, type Sent } from './weekWorld';

const count = Number(process.env['WEEK_JOBS'] ?? 14);
const seed = Number(process.env['SEED'] ?? 1);
const days = 7;
/** From here on a day is calm, and all that waits comes to its end. */
const stormMs = 18 * hour;

interface Submitting {
  readonly job: WeekJob;
  readonly due: number;
  life: number | undefined;
}

describe(`a week with ${count} jobs and ${5 * count} watchers`, function () {
  this.timeout(3_600_000);
  const world = new WeekWorld(createRandom(seed));
  /** Jobs by the names of their scripts. */
  const plans = new Map<string, WeekJob>();
  /** By id: when a person was told that the job is cancelled. */
  const byPerson = new Map<string, number>();
  /** Also those whose cancellation could not be stored. */
  const askedByPerson = new Set<string>();
  const held: ReadonlyMap<string, number>[] = [];
  /** Entries that engines held at most at a time when jobs ran. */
  let mostHeld = 0;
  let jobs: readonly Job[] = [];
  let events: readonly WatchEvent[] = [];
  let printed: ReadonlyMap<string, readonly string[]> = new Map();
  let watchers: readonly Watcher[] = [];
  const outcomes = new Map<string, WatchEvent[]>();

  before(async () => {
    const observed = observeHeldEntries();
    const random = createRandom(seed + 1);
    for (let number = 0; number < days; number += 1) {
      await world.setCalm(false);
      await live(number, random, () => {
        mostHeld = Math.max(mostHeld, sumOf(observed.count()));
      });
      await world.setCalm(true);
      await world.pass((number + 1) * day - world.clock.now());
      held.push(observed.count() ?? assert.fail('no engine'));
    }
    observed.end();
    jobs = await world.store.jobs({});
    events = await world.store.events({});
    watchers = await world.store.watchers({});
    printed = new Map(await Promise.all(jobs.map(async (job) => [job.key, await readLines(job)] as const)));
    for (const event of events) {
      if (event.watcherId === null || event.action === null || event.matchedText === null) continue;
      const key = toKey(event, event.action);
      outcomes.set(key, [...(outcomes.get(key) ?? []), event]);
    }
  });

  after(() => {
    if (process.env['WEEK_JOBS'] === undefined) return;
    const { crashes, slack, mails, cluster, cancelled, troubled } = world;
    const figures = {
      ...{ jobs: cluster.submissions.length, crashes, events: events.length },
      troubles: [...troubled.values()].reduce((sum, times) => sum + times, 0),
      lines: [...printed.values()].reduce((sum, lines) => sum + lines.length, 0),
      triggers: events.filter(({ kind }) => kind === 'trigger').length,
      failed: events.filter(({ kind, success }) => kind === 'action' && success === false).length,
      commands: cluster.commandsRun.begun.length,
      ...{ slack: slack.length, mails: mails.length, cancelled: cancelled.length },
      ...{ mostHeld, held: sumOf(held[6]) },
    };
    console.log(`    ${JSON.stringify(figures)}`);
  });

  const toKey = ({ watcherId, matchedText }: WatchEvent, action: string): string =>
    `${watcherId ?? ''} ${matchedText ?? ''} ${action}`;

  /** A day's jobs, handed in by a person who tries again what was refused and cancels some of them. */
  async function live(number: number, random: Random, look: () => void): Promise<void> {
    const begin = number * day;
    const [first, next] = [number, number + 1].map((at) => Math.round((at * count) / days));
    const waiting: Submitting[] = [];
    for (let index = first ?? 0; index < (next ?? 0); index += 1) {
      const job = createJob(index, random);
      plans.set(job.name, job);
      waiting.push({ job, due: begin + job.at, life: undefined });
    }
    while (world.clock.now() < begin + stormMs) {
      for (const one of waiting) await submitIfDue(one);
      await cancelSome();
      await world.pass(5 * minute);
      look();
    }
  }

  async function submitIfDue(one: Submitting): Promise<void> {
    const { engine, crashes } = world;
    if (!engine || one.due > world.clock.now() || one.life === crashes) return;
    const rows = (await world.store.jobs({})).filter(({ name }) => name === one.job.name);
    if (rows.some(({ phase }) => phase !== 'refused')) return;
    one.life = crashes;
    const free = (): void => {
      one.life = undefined;
    };
    submitAgreed(engine, { ...toPlaySubmission(one.job.script), scriptName: one.job.name }).then(free, free);
    await settle();
  }

  async function cancelSome(): Promise<void> {
    for (const { id, name, phase, submitted } of await world.store.jobs({ live: true })) {
      const after = plans.get(name)?.cancelledAfter ?? Infinity;
      if (phase !== 'running' || byPerson.has(id) || submitted + after > world.clock.now()) continue;
      askedByPerson.add(id);
      void world.engine?.cancelJob('fake', id, 'a test').then(
        () => byPerson.set(id, world.clock.now()),
        () => undefined,
      );
      await settle();
    }
  }

  async function readLines({ outputs }: Job): Promise<readonly string[]> {
    const request = { path: outputs.stdout ?? '', from: 0, maxBytes: 1e9, before: 0, head: 0, fresh: true };
    const [answer] = await world.cluster.read([request]);
    if (answer?.kind !== 'read') return [];
    return Buffer.from(answer.bytes).toString().split('\n').slice(0, -1);
  }

  const planOf = ({ name }: Pick<Job, 'name'>): WeekJob => plans.get(name) ?? assert.fail(`no job ${name}`);
  const begun = (): readonly Job[] => jobs.filter(({ phase }) => phase !== 'refused');
  const watchersOf = ({ key }: Job): readonly Watcher[] => watchers.filter(({ job }) => job === key);
  const linesOf = ({ key }: Job, word: string): readonly string[] =>
    (printed.get(key) ?? []).filter((line) => line.startsWith(`${word} `));

  it('sees engines crash and every part of the world in trouble', () => {
    assert.ok(world.crashes >= 24, `${world.crashes} crashes`);
    assert.equal(world.troubled.size, 12, [...world.troubled.keys()].join(', '));
  });

  it('has each script handed in, and no more jobs than the chains allow', () => {
    for (const { name, kind, script } of plans.values()) {
      const handed = world.cluster.submissions.filter(({ scriptName }) => scriptName === name);
      const own = handed.filter(
        (submission) => submission.script === script && submission.watchers === undefined,
      );
      assert.equal(own.length, 1, `${name} was handed in ${own.length} times`);
      const most = kind === 'resubmit' ? 1 + mostResubmits : kind === 'both' ? 4 : 1;
      assert.ok(handed.length <= most, `${name} became ${handed.length} jobs`);
    }
    const tokens = world.cluster.submissions.map(({ token }) => token);
    assert.equal(new Set(tokens).size, tokens.length);
    assert.deepEqual(
      begun()
        .map(({ id }) => id)
        .sort(),
      [...tokens.keys()].map((index) => String(index + 1)).sort(),
    );
  });

  it('has every job come to its end, with all its watchers', () => {
    for (const job of begun()) {
      assert.equal(job.phase, 'ended', `${job.name} ${job.id}`);
      assert.equal(watchersOf(job).length, 5, `${job.name} ${job.id}`);
    }
  });

  it('stores exactly the printed numbers', async () => {
    for (const job of begun())
      for (const { id, definition } of watchersOf(job)) {
        const word = { numbers: 'NUM', command: 'SAVE' }[definition.name];
        if (word === undefined) continue;
        const rows = await world.store.metrics({ watcher: id });
        const toNumber = (line: string): number => Number(/ (.*)/.exec(line)?.[1]);
        const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
        assert.deepEqual(
          sorted(rows.map(({ value }) => value)),
          sorted(linesOf(job, word).map(toNumber)),
          `${definition.name} of ${job.name} ${job.id}`,
        );
        assert.deepEqual(
          rows.map(({ step }) => step),
          rows.map((_, index) => index),
        );
      }
  });

  it('matches each line once', () => {
    // What was printed while a watcher was paused is a gap by design.
    assert.deepEqual(
      events.filter(({ kind, watcher }) => kind === 'gap' && watcher !== 'last'),
      [],
    );
    const triggers = new Map<string | null, string[]>();
    for (const { kind, watcherId, matchedText } of events)
      if (kind === 'trigger')
        triggers.set(watcherId, [...(triggers.get(watcherId) ?? []), matchedText ?? '']);
    for (const job of begun())
      for (const { id, definition } of watchersOf(job)) {
        const word = words.find(({ name }) => name === definition.name)?.word;
        if (word === undefined) continue;
        assert.deepEqual(
          triggers.get(id) ?? [],
          linesOf(job, word),
          `${definition.name} of ${job.name} ${job.id}`,
        );
      }
  });

  it('gives each action of each trigger one outcome', () => {
    for (const event of events) {
      if (event.kind !== 'trigger') continue;
      const job = jobs.find(({ key }) => key === event.job) ?? assert.fail();
      for (const action of findActions(event.watcher ?? '', planOf(job).kind)) {
        const own = outcomes.get(toKey(event, action)) ?? [];
        const ends = own.filter(
          ({ kind, result }) => kind === 'action' || (kind === 'skip' && !result.startsWith('kept back')),
        );
        const isLeftOut = event.result.includes('left out: ') && event.result.includes(`${action} (`);
        const told = `${event.watcher ?? ''} ${job.name} ${job.id} ${event.result} ${action}: ${JSON.stringify(own.map(({ kind, result }) => [kind, result]))}`;
        assert.ok(ends.length <= 1, told);
        assert.ok(own.length > 0 || isLeftOut, told);
      }
    }
  });

  it('sends each message once, or tells what became of it', () => {
    const sent = { notify_slack: toCounts(world.slack), notify_email: toCounts(world.mails) };
    for (const job of begun())
      for (const { id, definition } of watchersOf(job)) {
        const action = ({ slack: 'notify_slack', mail: 'notify_email' } as const)[definition.name];
        if (action === undefined) continue;
        const word = words.find(({ name }) => name === definition.name)?.word ?? '';
        for (const line of linesOf(job, word)) {
          const [end] = (outcomes.get(`${id} ${line} ${action}`) ?? []).filter(
            ({ kind }) => kind === 'action',
          );
          const { times = 0, late = 0 } = sent[action].get(`${job.id} ${line}`) ?? {};
          const told = `${job.id} ${line}: sent ${times} times, ${late} of them too late; ${end?.result ?? 'kept back'}`;
          const most = action === 'notify_slack' ? Math.max(1, late + 1) : 1;
          assert.ok(times <= most, told);
          if (end?.success === true) assert.ok(times >= 1, told);
          else if (times > 0 && action === 'notify_email')
            assert.match(end?.result ?? '', unknownWords, told);
          else if (times > 0 && late === 0) assert.match(end?.result ?? '', unknownWords, told);
        }
      }
  });

  it('runs each command once at most, and tells of each', () => {
    const begunTokens = world.cluster.commandsRun.begun.map(({ token }) => token.replace(/x\d+$/, ''));
    assert.equal(new Set(begunTokens).size, begunTokens.length);
    const ran = events.filter(
      ({ action, kind, success }) => action === 'run_command' && kind === 'action' && success === true,
    );
    assert.equal(ran.length, begunTokens.length);
    assert.ok(ran.length > 0);
  });

  it('cancels each job once at most', () => {
    for (const { key, id } of begun()) {
      const done = events.filter(
        ({ job, action, kind, success }) =>
          job === key && action === 'cancel_job' && kind === 'action' && success === true,
      );
      assert.ok(done.length <= 1, id);
      // A person who is told that it could not be stored asks once more.
      if (askedByPerson.has(id)) continue;
      const lives = world.cancelled.filter(({ job }) => job === id).map(({ life }) => life);
      assert.equal(new Set(lives).size, lives.length, `job ${id} was cancelled twice by one engine`);
    }
  });

  it('continues no chain beyond its cap, and none that a person has cancelled', () => {
    for (const job of begun()) {
      if (job.chain) assert.ok(job.chain.number <= job.chain.of, job.id);
      const successors = begun().filter(({ chain }) => chain?.from === job.id);
      assert.ok(
        successors.length <= 1,
        `job ${job.id} became ${successors.map(({ id }) => id).join(' and ')}`,
      );
      const cancelledAt = byPerson.get(job.id) ?? Infinity;
      for (const { submission } of successors)
        assert.ok((world.handedIn.get(submission?.token ?? '') ?? 0) <= cancelledAt, job.id);
      const said = events.filter(
        ({ job: key, action, kind, success }) =>
          key === job.key && action === 'resubmit' && kind === 'action' && success === true,
      );
      assert.ok(said.length <= 1, job.id);
      if (said.length === 1) assert.equal(successors.length, 1, job.id);
    }
  });

  it('leaves nothing in the outbox, and holds no more after the seventh day than after the second', async () => {
    const { outbox } = await world.store.load();
    assert.deepEqual(outbox, []);
    assert.deepEqual(world.engine?.waiting, []);
    const [, second, , , , , seventh] = held.map((entries) => Object.fromEntries(entries));
    assert.ok(mostHeld > 100, `${mostHeld} entries at most`);
    assert.deepEqual(seventh, second);
  });
});

const sumOf = (entries: ReadonlyMap<string, number> = new Map()): number =>
  [...entries.values()].reduce((sum, number) => sum + number, 0);

const unknownWords = /unknown|not known/;

function toCounts(
  sent: readonly Sent[],
): ReadonlyMap<string, { readonly times: number; readonly late: number }> {
  const counts = new Map<string, { times: number; late: number }>();
  for (const { text, wasLate } of sent) {
    const key = text.split('\n')[0] ?? '';
    const known = counts.get(key) ?? { times: 0, late: 0 };
    counts.set(key, { times: known.times + 1, late: known.late + (wasLate ? 1 : 0) });
  }
  return counts;
}
