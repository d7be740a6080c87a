// Causes: every event of a watcher says what made it, and what is planned hands it on.
import assert from 'node:assert/strict';
import { isMatch, nameCause } from '../../engine/cause';
import type { Cause, Job, OutboxEntry, Progress } from '../../engine/model';
import { step, type Observation } from '../../engine/step';
import type { Definition } from '../../language/definition';
import { toJob, toWatcher } from '../records';

const log = { type: 'log_event', params: { message: '$0' }, condition: null } as const;
const cancel = { type: 'cancel_job', params: {}, condition: null } as const;
const mark = { head: '', headLength: 0, tail: '', tailLength: 0, restarts: 0 };
const output: Extract<Observation, { kind: 'output' }> = {
  ...{ kind: 'output', stream: 'stdout', mark, overrun: null, to: 10, size: 10, more: false },
  hits: [{ segment: 0, line: 0, groups: ['abc'] }],
};

interface Life {
  readonly definition?: Partial<Definition>;
  readonly progress?: Partial<Progress>;
  readonly job?: Partial<Job>;
}

describe('causes', () => {
  const take = (
    observation: Observation,
    { definition, progress, job }: Life = {},
  ): { events: readonly (readonly [string, Cause | null])[]; planned: readonly (Cause | null)[] } => {
    const watcher = toWatcher({ actions: [log], pattern: 'abc', ...definition }, progress);
    const [, effects] = step({ watcher, job: toJob(job) }, observation, 1000);
    return {
      events: effects.flatMap((effect) =>
        effect.kind === 'event' ? [[effect.event.kind, effect.event.cause] as const] : [],
      ),
      planned: effects.flatMap((effect) => (effect.kind === 'act' ? [effect.entry.cause] : [])),
    };
  };

  const match = { kind: 'match' };

  it('are a match for all that follows from it, up to the limit that it reaches', () => {
    assert.deepEqual(take(output, { definition: { maxTriggers: 1 } }).events, [
      ['trigger', match],
      ['action', match],
      ['state', match],
    ]);
  });

  it('are a match for the condition that could not judge it', () => {
    const { events } = take(output, { definition: { condition: 'float("x")' } });
    assert.deepEqual(events, [['error', match]]);
  });

  it('are a look at the output for what is not about one match', () => {
    const overrun = { from: 0, to: 10 };
    assert.deepEqual(take({ ...output, hits: [], overrun }).events, [['gap', { kind: 'output' }]]);
    const trouble = { kind: 'trouble', stream: 'stdout', message: 'stale' } as const;
    assert.deepEqual(take(trouble).events, [['error', { kind: 'output' }]]);
  });

  it('are a deadline', () => {
    const definition = { timerModeEnabled: true, timerIntervalSeconds: 60 };
    const { events } = take(
      { kind: 'deadline', deadline: 'timer' },
      { definition, progress: { deadlines: { timer: 1000 } } },
    );
    const timer = { kind: 'deadline', deadline: 'timer' };
    assert.deepEqual(events, [
      ['trigger', timer],
      ['action', timer],
    ]);
  });

  it('are the job’s end, and how it ended', () => {
    const definition = { triggerOnJobEnd: true, triggerJobStates: ['failed'] } as const;
    const job = { phase: 'ended', state: 'FAILED', endState: 'failed' } as const;
    const { events } = take({ kind: 'jobEnd' }, { definition, job });
    assert.deepEqual(events[0], ['trigger', { kind: 'jobEnd', end: 'failed' }]);
  });

  it('are a person’s trigger, on a match or without one, and how the job had ended', () => {
    const found = { groups: ['abc'], variables: {} };
    const ended = { phase: 'ended', endState: 'completed' } as const;
    const causeOf = (kind: 'match' | 'unmatched', job: Partial<Job>): unknown =>
      take({ kind: 'byHand', found: { kind, ...found } }, { job }).events[0]?.[1];
    assert.deepEqual(causeOf('match', {}), { kind: 'byHand', isMatch: true, end: null });
    assert.deepEqual(causeOf('unmatched', ended), { kind: 'byHand', isMatch: false, end: 'completed' });
    const nothing = take({ kind: 'byHand', found: { kind: 'nothing', why: 'no match' } });
    assert.deepEqual(nothing.events, [['skip', { kind: 'byHand', isMatch: false, end: null }]]);
  });

  it('are a person’s wish', () => {
    assert.deepEqual(take({ kind: 'wish', move: 'pause' }).events, [
      ['state', { kind: 'wish', move: 'pause' }],
    ]);
  });

  it('stay those of the trigger for what waits in the outbox', () => {
    assert.deepEqual(take(output, { definition: { actions: [cancel] } }).planned, [match]);
    const entry = (cause: Cause | null): OutboxEntry => ({
      ...{
        id: 'e',
        job: 'sandbox 12',
        watcherId: 'w1',
        time: 0,
        matchedText: null,
        place: null,
        captures: {},
      },
      ...{
        actions: [cancel],
        started: false,
        attempts: 0,
        notBefore: 0,
        standsFor: null,
        successor: null,
        cause,
      },
    });
    const outcome = (cause: Cause | null): unknown =>
      take({ kind: 'outcome', entry: entry(cause), success: true, result: 'done' }).events;
    assert.deepEqual(outcome({ kind: 'jobEnd', end: 'failed' }), [
      ['action', { kind: 'jobEnd', end: 'failed' }],
    ]);
    assert.deepEqual(outcome(null), [['action', null]]);
  });

  it('are said as `$0` if nothing was matched', () => {
    const words = (cause: Cause): string => (isMatch(cause) ? 'what was matched' : nameCause(cause));
    assert.equal(words({ kind: 'match' }), 'what was matched');
    assert.equal(words({ kind: 'byHand', isMatch: true, end: 'failed' }), 'what was matched');
    assert.equal(words({ kind: 'byHand', isMatch: false, end: 'failed' }), 'job ended: failed');
    assert.equal(words({ kind: 'byHand', isMatch: false, end: null }), 'by hand');
    assert.equal(words({ kind: 'jobEnd', end: 'completed' }), 'job ended: completed');
    assert.equal(words({ kind: 'deadline', deadline: 'timer' }), 'timer');
  });
});
