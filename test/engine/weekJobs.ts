// The jobs of a week: scripts that print numbered lines at random moments, with five watchers and all eight actions.
import type { Random } from '../faults/random';
import { minute } from './weekWorld';

/** What the fifth watcher of a job does. */
export const lastKinds = ['resubmit', 'cancel', 'pause', 'both', 'limit'] as const;
type LastKind = (typeof lastKinds)[number];

/** How often the chain of a job may go on. */
export const mostResubmits = 2;

export interface WeekJob {
  readonly name: string;
  readonly kind: LastKind;
  readonly script: string;
  /** After the day's begin, ms. */
  readonly at: number;
  /** When a person cancels it, ms after its submission; null if nobody does. */
  readonly cancelledAfter: number | null;
}

/** Each acts on the lines of one word; `actions` as their events name them. */
export const watchers = [
  { name: 'numbers', word: 'NUM', actions: ['store_metric'], written: 'store_metric(name=n, value=$1)' },
  {
    ...{ name: 'slack', word: 'WARN', actions: ['log_event', 'notify_slack'] },
    written: 'log_event(message="$1"), notify_slack(message="$JOB_ID $0")',
  },
  {
    ...{ name: 'mail', word: 'MAIL', actions: ['notify_email', 'log_event'] },
    written: 'notify_email(message="$JOB_ID $0"), log_event(message="$1")',
  },
  {
    ...{ name: 'command', word: 'SAVE', actions: ['run_command', 'store_metric'] },
    written: 'run_command(command="echo $1"), store_metric(name=saved, value=$1)',
  },
] as const;

const lastActions: Readonly<Record<LastKind, readonly [actions: readonly string[], written: string]>> = {
  resubmit: [['resubmit'], 'resubmit(modifications={"mem": "8G"})'],
  cancel: [['cancel_job', 'log_event'], 'cancel_job(reason="bad"), log_event(message="$1")'],
  pause: [['log_event', 'pause_watcher'], 'log_event(message="$1"), pause_watcher'],
  both: [['cancel_job', 'resubmit'], 'cancel_job, resubmit(cancel_previous=false)'],
  limit: [['log_event'], 'log_event(message="$1")'],
};

/** The actions of a watcher of a job, in their order. */
export const findActions = (watcher: string, kind: LastKind): readonly string[] =>
  watchers.find(({ name }) => name === watcher)?.actions ?? lastActions[kind][0];

export function createJob(index: number, random: Random): WeekJob {
  const kind = lastKinds[index % lastKinds.length] ?? 'limit';
  const [, written] = lastActions[kind];
  const extra = { resubmit: `remaining_resubmits=${mostResubmits}`, limit: 'max_triggers=2' };
  const fields = (extra as Readonly<Record<string, string>>)[kind];
  return {
    name: `job${index}.sh`,
    kind,
    at: random.whole(0, 600) * minute,
    cancelledAfter: index % 7 === 3 ? random.whole(5, 120) * minute : null,
    script: [
      '#!/bin/bash',
      ...watchers.map((watcher) => toDirective(watcher.name, watcher.word, watcher.written)),
      toDirective('last', 'LAST', written, fields),
      ...printLines(random),
      '',
    ].join('\n'),
  };
}

const toDirective = (name: string, word: string, actions: string, fields = ''): string =>
  `#WATCHER name=${name} pattern="${word} (\\S+)" interval=300s ${fields} actions=[${actions}]`;

/** Every line is another one. What the last watcher waits for comes twice, near the end and together. */
function printLines(random: Random): readonly string[] {
  const lines: string[] = [];
  const steps = random.whole(8, 24);
  for (let step = 0; step < steps; step += 1) {
    if (step === steps - 2) lines.push('echo LAST 1', 'echo LAST 2', 'echo LAST 3');
    lines.push(`echo NUM ${step}`, `echo NUM ${step}.5`);
    for (const { word } of watchers.slice(1))
      if (random.next() < 0.25) lines.push(`echo ${word} ${step}`, `echo ${word} ${step}00`);
    lines.push(`sleep ${random.whole(1, 10) * 60}`);
  }
  return lines;
}
