// What may be done when: one answer for engine, window and terminal.
import assert from 'node:assert/strict';
import {
  canPause,
  canRearm,
  canResume,
  canTrigger,
  explainNoRearm,
  isOver,
  toSubmissionProblems,
} from '../../engine/rules';
import type { WatcherState } from '../../engine/model';
import { jobPhases } from '../../engine/job';
import { parseScript } from '../../language/script';
import { toJob, toWatcher } from '../records';

const inState = (state: WatcherState): ReturnType<typeof toWatcher> => toWatcher({}, { state });
const states: readonly WatcherState[] = ['active', 'paused', 'triggered', 'disabled', 'completed', 'static'];

describe('rules', () => {
  it('say which watchers can pause, go on and watch again', () => {
    const suiting = (suits: (watcher: ReturnType<typeof toWatcher>) => boolean): WatcherState[] =>
      states.filter((state) => suits(inState(state)));
    assert.deepEqual(suiting(canPause), ['active']);
    assert.deepEqual(suiting(canResume), ['paused']);
    assert.deepEqual(
      suiting((watcher) => canRearm(watcher, toJob())),
      ['triggered', 'disabled', 'completed'],
    );
  });

  it('let watchers watch again only while their job lives', () => {
    const triggered = inState('triggered');
    for (const phase of ['draining', 'ended', 'refused'] as const)
      assert.match(explainNoRearm(triggered, toJob({ phase }))?.message ?? '', /has ended/, phase);
    assert.equal(canRearm(triggered, undefined), false);
    assert.deepEqual(explainNoRearm(inState('paused'), toJob()), {
      message: '"loss" is paused: only triggered, disabled and completed watchers are re-armed.',
      remedy: 'Resume it.',
    });
  });

  it('have no template of an array triggered', () => {
    assert.equal(canTrigger(toWatcher(), toJob({ isArray: true })), false);
    assert.equal(canTrigger(toWatcher(), toJob({ phase: 'ended' })), true);
  });

  it('know which jobs are over', () => {
    const over = (Object.keys(jobPhases) as (keyof typeof jobPhases)[]).filter((phase) => isOver({ phase }));
    assert.deepEqual(over, ['ended', 'refused']);
  });

  it('refuse a script with Windows line ends when it is handed in', () => {
    const { problems } = parseScript('#!/bin/bash\r\n#WATCHER pattern="x"\r\n');
    assert.deepEqual(
      toSubmissionProblems(problems).map(({ code, severity }) => [code, severity]),
      [['crlf-script', 'error']],
    );
    assert.deepEqual(
      problems.map(({ severity }) => severity),
      ['warning'],
    );
  });
});
