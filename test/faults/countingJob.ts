// A job that prints numbered lines, what happened to its output, and the judgement of what its watchers made of it.
import {
  chownSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { reachesOutside } from '../../language/actionTable';
import { ConsentNeeded, WatchError, type WatchErrorCode } from '../../engine/errors';
import type { Job, WatchEvent } from '../../engine/model';
import type { SubmitRequest } from '../../engine/protocol';
import { waitFor } from '../waitFor';
import { actsOn, areSettled, judgeOutside, toActingWatchers } from './outsideActions';
import type { Random } from './random';
import type { FaultStage } from './stage';
import { terminalStates } from './states';
import type { World } from './world';

const watchers = `#WATCHER name=all pattern="^L (\\d+) " captures=[n] interval=1s action=store_metric(name=n, value=$n)
#WATCHER name=tens pattern="^L (\\d*0) " captures=[n] interval=2s action=log_event(message="$n")
#WATCHER name=sevens pattern="^L (\\d+) " captures=[n] condition="int(n) % 7 == 0" interval=1s output=both actions=[store_metric(name=seven, value=$n), log_event(message="$n")]
#WATCHER name=end pattern="^L (\\d+) " captures=[n] trigger_on_job_end=true trigger_job_states=[completed, cancelled] action=log_event(message="$job_end_state")`;

const stop = '#WATCHER name=stop pattern="^L 40 " interval=1s action=cancel_job(reason="seen 40")';

/** A chain has this many jobs at most. */
const longestChain = 3;
const again = `#WATCHER name=again pattern="^L 30 " interval=1s remaining_resubmits=${longestChain - 1} action=resubmit`;

/** What its watchers do to it. */
export type Fate = 'completed' | 'cancelled' | 'resubmitted';

const fateWatchers: Readonly<Record<Fate, string>> = {
  completed: '',
  cancelled: `\n${stop}`,
  resubmitted: `\n${again}`,
};

/**
 * Each line is appended by name, so that a replaced output gets the lines that follow. One that is queued again goes on after
 * its last line, and is ended between two of them.
 */
const toScript = (last: number, pause: number, { fate, stage }: CountingOptions): string => `#!/bin/bash
${watchers}
${toActingWatchers(stage.hasMailer)}${fateWatchers[fate]}
trap 'isOver=1' TERM
out="slurm-$SLURM_JOB_ID.out"
count="count-$SLURM_JOB_ID"
for ((n = 1 + $(cat "$count" 2>/dev/null || echo 0); n < ${last}; n++)); do
  [ -n "$isOver" ] && exit 143
  echo "L $n $RANDOM$RANDOM" >> "$out"
  echo $n > "$count"
  sleep ${pause}
done
[ -n "$isOver" ] && exit 143
if [ $n = ${last} ]; then
  printf 'L %d end' $n >> "$out"
  echo $n > "$count"
fi
`;

export interface Verdict {
  readonly violations: readonly string[];
  readonly lines: number;
  readonly matched: number;
  /** Lines that were destroyed before they could be read. */
  readonly destroyed: number;
  readonly gaps: number;
  /** Ends of actions that reach outside. */
  readonly outside: number;
}

export interface CountingOptions {
  readonly stage: Pick<FaultStage, 'cluster' | 'workdir' | 'hasMailer'>;
  readonly fate: Fate;
}

let submissions = 0;

export class CountingJob {
  /** Lines that were in the output each time that it was destroyed. */
  private readonly destroyed: Set<number>[] = [];
  private requeues = 0;

  private constructor(
    readonly id: string,
    /** Nobody else's. */
    readonly name: string,
    readonly fate: Fate,
    private readonly folder: string,
    private last: number,
    /** Of the world, before it was submitted. */
    private readonly damages: number,
  ) {}

  /** Whether it may end before its last line, by one of its watchers. */
  get isStopped(): boolean {
    return this.fate !== 'completed';
  }

  private get path(): string {
    return join(this.folder, `slurm-${this.id}.out`);
  }

  /** The store was damaged meanwhile: what it has forgotten may be done again, and what was done is not told. */
  isDamaged(world: World): boolean {
    return world.damages !== this.damages;
  }

  /** Null where it became no job. Throws where the engine's answer is none that a fault explains. */
  static async submit(world: World, options: CountingOptions, random: Random): Promise<CountingJob | null> {
    const { cluster, workdir } = options.stage;
    const { damages } = world;
    submissions++;
    const name = `count-${submissions}.sh`;
    const last = random.whole(100, 400) + 1;
    const request: SubmitRequest = {
      cluster,
      scriptName: name,
      script: toScript(last, random.pick([0.01, 0.02, 0.05]), options),
      workdir,
      options: ['--open-mode=append'],
    };
    const id = await submitOnce(world, request);
    return id === null ? null : new CountingJob(id, name, options.fate, workdir, last, damages);
  }

  /** The job that continues it; undefined if there is none. */
  async findNext(world: World): Promise<CountingJob | undefined> {
    const successor = await this.findSuccessor(world);
    return (
      successor && new CountingJob(successor.id, this.name, this.fate, this.folder, this.last, this.damages)
    );
  }

  private async findSuccessor(world: World): Promise<Job | undefined> {
    const [own] = await world.ask('engine/jobs', { job: this.id });
    if (own === undefined || own.successor === null) return undefined;
    return (await world.ask('engine/jobs', { job: own.successor })).find(({ id }) => id !== '');
  }

  /** As `> file` does. */
  truncate(): void {
    this.destroy(() => {
      truncateSync(this.path, 0);
    });
  }

  /** As an editor does that saves another text. */
  replace(): void {
    this.destroy(() => {
      const draft = `${this.path}.draft`;
      const { uid, gid } = statSync(this.path);
      writeFileSync(draft, `replaced ${this.destroyed.length}\n`);
      chownSync(draft, uid, gid);
      renameSync(draft, this.path);
    });
  }

  private destroy(deed: () => void): void {
    if (!existsSync(this.path)) return;
    this.closeDestroyed();
    const before = this.read();
    deed();
    this.destroyed.push(new Set(before));
  }

  /** What was appended between the look at the output and its destruction: the lines that are missing in what follows. */
  private closeDestroyed(): void {
    const last = this.destroyed.at(-1);
    if (!last) return;
    const known = Math.max(0, ...this.destroyed.flatMap((lines) => [...lines]));
    const next = Math.min(this.last, ...this.read());
    for (let n = known + 1; n < next; n++) last.add(n);
  }

  private read(): readonly number[] {
    if (!existsSync(this.path)) return [];
    return [...readFileSync(this.path, 'utf8').matchAll(/^L (\d+) /gm)].map((match) => Number(match[1]));
  }

  /** It was queued again: what it prints goes on where it was. */
  noteRequeue(): void {
    this.requeues++;
  }

  async isKnown(world: World): Promise<boolean> {
    return (await world.ask('engine/jobs', { job: this.id })).length > 0;
  }

  /** So have its actions. */
  async hasEnded(world: World): Promise<boolean> {
    const jobs = await world.ask('engine/jobs', { job: this.id });
    if (!jobs.some(({ phase }) => phase === 'ended')) return false;
    return this.isDamaged(world) || areSettled(await world.ask('engine/events', { job: this.id }));
  }

  /** What the engine has of it, for people. */
  async describe(world: World): Promise<string> {
    const jobs = await world.ask('engine/jobs', { job: this.id });
    const watchersNow = await world.ask('engine/watchers', { job: this.id });
    const { clusters } = await world.ask('engine/status', {});
    const events = (await world.ask('engine/events', { job: this.id })).filter(
      ({ kind }) => kind !== 'trigger' && kind !== 'action',
    );
    const known = jobs.map(({ phase, state, outputs }) => ({ phase, state, outputs }));
    const progress = watchersNow.map(({ progress: { state, position, nextCheck } }) => ({
      ...{ state, position, nextCheck },
    }));
    const told = events.map(
      ({ time, kind, watcher, result }) =>
        `${new Date(time).toISOString()} ${watcher ?? ''} ${kind} ${result}`,
    );
    return `job ${this.id}, which is to be ${this.fate}: ${JSON.stringify({ known, progress, clusters, told }, null, 1)}`;
  }

  private async judgeActions(world: World, events: readonly WatchEvent[]): Promise<readonly string[]> {
    const { id, last } = this;
    const commandFile = join(this.folder, `commands-${id}`);
    const outside = judgeOutside({ id, events, last, commandFile, inbox: world.inbox });
    if (this.fate !== 'resubmitted') return outside;
    const ends = events.filter(({ kind, action }) => kind === 'action' && action === 'resubmit');
    const successes = ends.filter(({ success }) => success).length;
    const successor = await this.findSuccessor(world);
    const isPaused = events.some(({ kind, watcher }) => kind === 'gap' && watcher === 'again');
    const number = successor?.chain?.number ?? 1;
    const isWrong =
      ends.length > 1 ||
      (ends.length === 0 && last >= 30 && !isPaused) ||
      successes !== (successor === undefined ? 0 : 1) ||
      number > longestChain;
    return isWrong
      ? [
          ...outside,
          `job ${id}: told of its resubmission is ${JSON.stringify(ends.map(({ result }) => result))}, job ${number} of the chain is ${successor?.id ?? 'not there'}`,
        ]
      : outside;
  }

  async judge(world: World): Promise<Verdict> {
    const violations: string[] = [];
    if (this.isStopped) this.last = Math.max(0, ...this.read());
    this.closeDestroyed();
    const events = await world.ask('engine/events', { job: this.id });
    const metrics = await world.ask('engine/metrics', { job: this.id });
    const watchersNow = await world.ask('engine/watchers', { job: this.id });
    const judge = (name: string, found: readonly number[], wanted: (n: number) => boolean): void => {
      const count = new Map<number, number>();
      for (const n of found) count.set(n, (count.get(n) ?? 0) + 1);
      const repeated = [...count].filter(([, times]) => times > 1).map(([n]) => n);
      if (repeated.length > 0)
        violations.push(`job ${this.id}: ${name} has more than once ${repeated.join(' ')}`);
      const missing = Array.from({ length: this.last }, (_, index) => index + 1).filter(
        (n) => wanted(n) && !count.has(n),
      );
      // A watcher that was paused when its job ended says which bytes it will never match: those to the end.
      const pausedFrom = events.some(
        ({ kind, watcher, result }) =>
          kind === 'gap' && watcher === watcherOf(name) && result.endsWith('paused when the job ended'),
      )
        ? Math.max(0, ...found)
        : Infinity;
      const lost = missing.filter((n) => n < pausedFrom && !this.destroyed.some((lines) => lines.has(n)));
      if (lost.length > 0) violations.push(`job ${this.id}: ${name} lost ${lost.join(' ')}`);
      // An output of which something was read and something was destroyed unread has a gap.
      const broken = this.destroyed.filter(
        (lines) => missing.some((n) => lines.has(n)) && found.some((n) => lines.has(n)),
      );
      const gaps = events.filter((event) => event.kind === 'gap' && event.watcher === watcherOf(name));
      if (broken.length > 0 && gaps.length === 0)
        violations.push(`job ${this.id}: ${name} has no gap for ${missing.join(' ')}`);
    };
    const logged = (watcher: string): number[] =>
      events
        .filter((event) => event.watcher === watcher && event.action === 'log_event')
        .map(({ params }) => Number(params['message']));
    const values = metrics.filter(({ name }) => name === 'n').map(({ value }) => value);
    judge('all', values, () => true);
    judge('tens', logged('tens'), (n) => n % 10 === 0);
    if (!this.isDamaged(world)) {
      const acted = (watcher: string): number[] =>
        events
          .filter((event) => event.watcher === watcher && event.kind === 'action')
          .map(({ captures }) => Number(captures['n']));
      for (const { definition } of watchersNow)
        if (['command', 'slack', 'mail'].includes(definition.name))
          judge(definition.name, acted(definition.name), actsOn);
    }
    judge('sevens', logged('sevens'), (n) => n % 7 === 0);
    judge(
      'sevens (metric)',
      metrics.filter(({ name }) => name === 'seven').map(({ value }) => value),
      (n) => n % 7 === 0,
    );
    const steps = metrics.filter(({ name }) => name === 'n').map(({ step }) => step);
    if (steps.some((step, index) => step !== index))
      violations.push(`job ${this.id}: steps ${steps.join(' ')}`);
    if (!this.isDamaged(world)) violations.push(...(await this.judgeActions(world, events)));
    if (this.fate === 'cancelled') {
      // An engine that was killed while nothing could be stored had it cancelled; the next one finds that it has ended, and says so.
      const isLeftOut = ({ kind, watcher, result }: WatchEvent): boolean =>
        kind === 'trigger' &&
        watcher === 'stop' &&
        result.endsWith(`left out: cancel_job (job ${this.id} has ended)`);
      const cancellations = events.filter((event) => event.action === 'cancel_job' || isLeftOut(event));
      const isPaused = events.some(
        ({ kind, watcher, result }) =>
          kind === 'gap' && watcher === 'stop' && result.endsWith('paused when the job ended'),
      );
      const isReached = this.last >= 40 && !isPaused;
      if (cancellations.length > 1 || (isReached && cancellations.length === 0))
        violations.push(`job ${this.id}: it was cancelled ${cancellations.length} times`);
    }
    if (this.requeues > 0 && !events.some(({ result }) => / was queued again /.test(result)))
      violations.push(`job ${this.id}: it was queued again, and nobody was told`);
    const ends = events.filter((event) => event.watcher === 'end' && event.action === 'log_event');
    const skips = events.filter(
      ({ kind, watcher, result }) => kind === 'skip' && watcher === 'end' && result.endsWith('was paused'),
    );
    if (ends.length + skips.length !== 1)
      violations.push(`job ${this.id}: its end was acted on ${ends.length} times`);
    for (const { definition, progress } of watchersNow)
      if (!terminalStates.includes(progress.state))
        violations.push(`job ${this.id}: ${definition.name} is ${progress.state} after the end`);
    const ids = events.map(({ id }) => id);
    if (new Set(ids).size !== ids.length) violations.push(`job ${this.id}: an event is there twice`);
    if (violations.length > 0) violations.push(await this.describe(world));
    return {
      violations,
      outside: events.filter(
        ({ kind, action }) => kind === 'action' && action !== null && reachesOutside(action),
      ).length,
      lines: this.last,
      matched: values.length,
      destroyed: this.last - values.length,
      gaps: events.filter(({ kind }) => kind === 'gap').length,
    };
  }
}

/** Submits, and agrees to all that it may do. */
async function submitAgreed(world: World, request: SubmitRequest): Promise<string> {
  try {
    return (await world.askOnce('engine/submit', request)).job.id;
  } catch (error) {
    if (!(error instanceof ConsentNeeded)) throw error;
    return (await world.askOnce('engine/submit', { ...request, agreed: error.consent.hash })).job.id;
  }
}

/**
 * The id of the job, or null where there is none. An answer that does not come, or that says no more than that it is unknown,
 * is looked for in the engine's own rows: a submission that has none was never handed over.
 */
async function submitOnce(world: World, request: SubmitRequest): Promise<string | null> {
  try {
    return await submitAgreed(world, request);
  } catch (error) {
    if (!(error instanceof WatchError) || !explained.includes(error.code)) throw error;
  }
  const fate = await waitFor(
    `the fate of ${request.scriptName}`,
    async () => {
      const jobs = await world.ask('engine/jobs', { cluster: request.cluster });
      const own = jobs.find(({ submission }) => submission?.scriptName === request.scriptName);
      return own?.phase === 'submitting' ? null : { own };
    },
    180_000,
  );
  return fate.own === undefined || fate.own.phase === 'refused' ? null : fate.own.id;
}

/** What a submission may answer while something is broken. */
const explained: readonly WatchErrorCode[] = [
  'engine-unreachable',
  'engine-stopping',
  'store-unavailable',
  'submission-unknown',
  'submission-refused',
  'cluster-unreachable',
  'command-failed',
  'timed-out',
];

const watcherOf = (name: string): string => name.split(' ')[0] ?? name;
