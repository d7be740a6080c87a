// Random observations against a simple model: what a watcher may do, told again in a few lines.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Effect, Subject } from '../../engine/effect';
import type { Hit } from '../../engine/ports';
import type { Progress } from '../../engine/model';
import { step, type Found, type Observation } from '../../engine/step';
import type { Definition } from '../../language/definition';
import { toJob, toWatcher } from '../records';

type Act =
  | { readonly kind: 'lines'; readonly values: readonly number[]; readonly more: boolean }
  | { readonly kind: 'quiet' | 'timer' | 'pause' | 'resume' | 'rearm' | 'jobEnd' | 'trouble' }
  /** What the look at the whole output found; null: nothing. */
  | { readonly kind: 'byHand'; readonly value: number | null }
  | { readonly kind: 'overrun' | 'gap' }
  | { readonly kind: 'wait'; readonly seconds: number };

interface Settings {
  readonly maxTriggers: number | null;
  readonly maxFailures: number;
  readonly cooldown: number;
  readonly timer: boolean;
  readonly onJobEnd: boolean;
  readonly threshold: number;
}

const lineLength = 10;

/**
 * The reference: what is known of a watcher, as plainly as it can be said. Negative values leave its metric without a name,
 * which fails.
 */
class Model {
  state: string = 'active';
  position = 0;
  triggers = 0;
  failures = 0;
  row = 0;
  overruns = 0;
  value: number | null = null;
  /** Timer mode: the last value for which the condition held. */
  held: number | null = null;
  lastTrigger: number | null = null;
  nextTimer: number | null = null;
  now = 0;
  ended = false;
  stored: number[] = [];
  gaps: [number, number][] = [];
  /** Lines that were matched, by their first byte. */
  matched: number[] = [];

  constructor(private readonly settings: Settings) {}

  private isActive(): boolean {
    return this.state === 'active';
  }

  private act(value: number | null, force = false): void {
    const { cooldown, maxTriggers, maxFailures } = this.settings;
    if (!force && this.lastTrigger !== null && this.now - this.lastTrigger < cooldown) return;
    this.lastTrigger = this.now;
    this.triggers++;
    // Without a match the metric has no name either.
    if (value === null || value < 0) {
      this.failures++;
      this.row++;
      if (this.row >= maxFailures && this.state === 'active') this.leave('disabled');
    } else {
      this.row = 0;
      this.stored.push(value);
    }
    if (!force && maxTriggers !== null && this.triggers >= maxTriggers && this.state === 'active')
      this.leave('triggered');
  }

  /** Without a capture the condition cannot be evaluated. */
  private holdsAtEnd(): boolean {
    return this.value !== null && Math.abs(this.value) >= this.settings.threshold;
  }

  private leave(state: string): void {
    this.state = state;
    if (state !== 'paused') this.nextTimer = null;
  }

  lines(values: readonly number[]): void {
    if (!this.isActive()) return;
    for (const value of values) {
      this.matched.push(this.position);
      this.position += lineLength;
      this.value = value;
      const { onJobEnd, timer, threshold } = this.settings;
      if (Math.abs(value) < threshold || onJobEnd) continue;
      this.held = value;
      if (!timer) this.act(value);
      else if (this.nextTimer === null) {
        this.nextTimer = this.now + 60;
        this.act(value);
      }
      if (!this.isActive()) return;
    }
  }

  take(act: Act): void {
    switch (act.kind) {
      case 'lines':
        this.lines(act.values);
        return;
      case 'wait':
        this.now += act.seconds;
        return;
      case 'timer':
        if (this.state !== 'active' || this.nextTimer === null || this.nextTimer > this.now) return;
        while (this.nextTimer <= this.now) this.nextTimer += 60;
        this.act(this.held);
        return;
      case 'pause':
        if (this.state === 'active') this.leave('paused');
        return;
      case 'resume':
        if (this.state === 'paused') this.state = 'active';
        return;
      case 'rearm':
        if (!['triggered', 'disabled', 'completed'].includes(this.state)) return;
        Object.assign(this, { state: 'active', triggers: 0, row: 0, overruns: 0 });
        this.lastTrigger = null;
        this.nextTimer = null;
        return;
      case 'byHand':
        if (act.value !== null) this.act(act.value, true);
        return;
      case 'jobEnd':
        if (this.settings.onJobEnd && this.state === 'active' && this.holdsAtEnd()) this.act(this.value);
        if (this.state === 'active' || this.state === 'paused') this.state = 'completed';
        this.nextTimer = null;
        this.ended = true;
        return;
      case 'overrun':
        if (this.state !== 'active') return;
        this.gaps.push([this.position, this.position + lineLength]);
        this.position += lineLength;
        if (++this.overruns >= 3) this.leave('disabled');
        return;
      case 'gap':
        this.gaps.push([this.position, this.position + lineLength]);
        this.position += lineLength;
        return;
      case 'quiet':
      case 'trouble':
        return;
    }
  }
}

const mark = { head: '', headLength: 0, tail: '', tailLength: 0, restarts: 0 };

const toGroups = (value: number): string[] => [String(value), String(value), value < 0 ? '' : 'v'];

function toFound(value: number | null): Found {
  if (value === null) return { kind: 'nothing', why: 'nothing matches' };
  const groups = toGroups(value);
  return { kind: 'match', groups, variables: { v: groups[1] ?? '', name: groups[2] ?? '' } };
}

function toObservations(act: Act, position: number): readonly Observation[] {
  const end = position + lineLength;
  const output = {
    kind: 'output',
    stream: 'stdout',
    hits: [],
    overrun: null,
    mark,
    size: end,
    more: false,
  } as const;
  switch (act.kind) {
    case 'lines': {
      const hits = act.values.map((value, index): Hit => {
        const start = position + index * lineLength;
        return {
          line: start,
          segment: start,
          groups: toGroups(value),
        };
      });
      const to = position + act.values.length * lineLength;
      return [{ ...output, hits, to, size: to, more: act.more }];
    }
    case 'overrun':
      return [{ ...output, overrun: { from: position, to: end }, to: end }];
    case 'gap':
      return [{ kind: 'gap', stream: 'stdout', from: position, to: end, resumeAt: end, reason: 'cut', mark }];
    case 'quiet':
      return [{ kind: 'quiet', stream: 'stdout', size: position }];
    case 'trouble':
      return [{ kind: 'trouble', stream: 'stdout', message: 'stale' }];
    case 'timer':
      return [{ kind: 'deadline', deadline: 'timer' }];
    case 'jobEnd':
      return [{ kind: 'jobEnd' }];
    case 'byHand':
      return [{ kind: 'byHand', found: toFound(act.value) }];
    case 'pause':
    case 'resume':
    case 'rearm':
      return [{ kind: 'wish', move: act.kind }];
    case 'wait':
      return [];
  }
}

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('lines' as const),
      values: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 6 }),
      more: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 200 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'quiet' as const,
        'timer' as const,
        'pause' as const,
        'resume' as const,
        'rearm' as const,
        'trouble' as const,
        'overrun' as const,
        'gap' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('byHand' as const),
      value: fc.option(fc.integer({ min: -9, max: 9 })),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'jobEnd' as const }) },
);

const settings: fc.Arbitrary<Settings> = fc.record({
  maxTriggers: fc.option(fc.integer({ min: 1, max: 5 })),
  maxFailures: fc.integer({ min: 1, max: 4 }),
  cooldown: fc.constantFrom(0, 30, 300),
  timer: fc.boolean(),
  onJobEnd: fc.boolean(),
  threshold: fc.integer({ min: 0, max: 9 }),
});

const toDefinition = (given: Settings): Partial<Definition> => ({
  pattern: 'v=(\\S+) (\\S*)',
  captures: ['v', 'name'],
  condition: `abs(int(v)) >= ${given.threshold}`,
  intervalSeconds: 10,
  maxTriggers: given.maxTriggers,
  maxFailures: given.maxFailures,
  cooldownSeconds: given.cooldown,
  timerModeEnabled: given.timer,
  timerIntervalSeconds: 60,
  triggerOnJobEnd: given.onJobEnd,
  triggerJobStates: ['completed'],
  actions: [{ type: 'store_metric', params: { name: '$name', value: '$v' }, condition: null }],
});

/** The real step, driven as the loop drives it. */
class Real {
  progress: Progress;
  effects: Effect[] = [];
  private readonly subject: Omit<Subject, 'watcher'>;
  private readonly watcher: Subject['watcher'];

  constructor(given: Settings) {
    this.watcher = toWatcher(toDefinition(given));
    this.progress = this.watcher.progress;
    this.subject = { job: toJob({ phase: 'ended', endState: 'completed' }) };
  }

  take(act: Act, now: number): readonly Effect[] {
    const effects: Effect[] = [];
    // The loop reads for active watchers alone, and wakes timers that are due.
    const isIdle = this.progress.state !== 'active' && ['quiet', 'trouble'].includes(act.kind);
    const { timer = Infinity } = this.progress.deadlines;
    const isEarly = act.kind === 'timer' && timer > now;
    for (const observation of isIdle || isEarly ? [] : toObservations(act, this.progress.position.stdout)) {
      const subject = { ...this.subject, watcher: { ...this.watcher, progress: this.progress } };
      const [progress, news] = step(subject, observation, now);
      this.progress = progress;
      effects.push(...news);
    }
    this.effects.push(...effects);
    return effects;
  }
}

const runs = Number(process.env['CASES'] ?? 500);

describe('the step against a model', () => {
  it(`does what the model does, in ${runs} random lives`, () => {
    fc.assert(
      fc.property(settings, fc.array(acts, { maxLength: 40 }), (given, life) => {
        const model = new Model(given);
        const real = new Real(given);
        for (const act of life) {
          if (model.ended && act.kind !== 'byHand') continue;
          const before = real.progress;
          const effects = real.take(act, model.now * 1000);
          model.take(act);
          const { progress } = real;
          assert.equal(progress.state, model.state);
          assert.equal(progress.position.stdout, model.position);
          assert.equal(progress.triggerCount, model.triggers);
          assert.equal(progress.failureCount, model.failures);
          assert.equal(progress.consecutiveFailures, model.row);
          const deadlines = model.nextTimer === null ? {} : { timer: model.nextTimer * 1000 };
          assert.deepEqual(progress.deadlines, deadlines);
          assert.ok(progress.backoff >= 1 && progress.backoff <= 5);
          assert.ok(progress.position.stdout >= before.position.stdout, 'it never goes back by itself');
          // Nothing is silent: a change of state is an event, but for the end of the job, which has its own.
          const told = effects.some((effect) => effect.kind === 'event' && effect.event.kind === 'state');
          if (progress.state !== before.state && act.kind !== 'jobEnd')
            assert.ok(told, `${before.state} ${progress.state}`);
          if (progress.state === 'active') assert.notEqual(progress.nextCheck, undefined);
          else assert.equal(progress.nextCheck, null);
        }
        const values = real.effects.flatMap((effect) =>
          effect.kind === 'metric' ? [effect.metric.value] : [],
        );
        assert.deepEqual(values, model.stored);
        const gaps = real.effects.filter((effect) => effect.kind === 'event' && effect.event.kind === 'gap');
        assert.equal(gaps.length, model.gaps.length);
        // Lines and gaps are the output, without a hole and without an overlap.
        const stretches = [
          ...model.matched.map((start): [number, number] => [start, start + lineLength]),
          ...model.gaps,
        ].sort((a, b) => a[0] - b[0]);
        let at = 0;
        for (const [from, to] of stretches) {
          assert.equal(from, at);
          at = to;
        }
        assert.equal(at, real.progress.position.stdout);
      }),
      { numRuns: runs, ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) },
    );
  }).timeout(600_000);
});
