// How clusters and the jobs that they list are put into words, for trees and for screen readers.
import type { ClusterStatus, Time } from '../engine/model';
import type { JobReport } from '../engine/protocol';
import { toDuration, toStateWords } from '../engine/words';

const kinds: Readonly<Record<ClusterStatus['kind'], string>> = {
  sandbox: 'without Slurm',
  local: 'this computer',
  ssh: '',
};

const states: Readonly<Record<ClusterStatus['state'], string>> = {
  idle: '',
  connected: 'connected',
  connecting: 'connecting…',
  disconnected: 'not connected',
  'needs-sign-in': 'sign-in needed',
};

/** `connected`, `without Slurm`; empty for a login node that nothing was asked of. */
export function describeCluster({ kind, state }: Pick<ClusterStatus, 'kind' | 'state'>): string {
  const isPlain = kind === 'sandbox' && state === 'connected';
  return [kinds[kind], isPlain ? '' : states[state]].filter((part) => part !== '').join(' · ');
}

/**
 * `4242 · 3 min of 1 h · gpu · node1`, `4242 · Resources · gpu · limit 1 h`, `4242 · failed · exit code 1:0`; an array has no
 * times of its own.
 */
export function describeReport(report: JobReport, now: Time): string {
  const { id, state, reason, started, ended, exitCode, partition, nodes, timeLimitSeconds } = report;
  const limit = timeLimitSeconds === null ? null : toDuration(timeLimitSeconds * 1000);
  const elapsed = started === null ? null : toDuration((ended ?? now) - started);
  const isFailed = exitCode !== null && exitCode !== '0:0';
  const parts =
    ended !== null
      ? [
          toStateWords(state),
          elapsed === null ? '' : `after ${elapsed}`,
          isFailed ? `exit code ${exitCode}` : '',
        ]
      : elapsed === null
        ? [reason, partition, limit === null ? '' : `limit ${limit}`]
        : [
            state === 'RUNNING' ? '' : toStateWords(state),
            limit === null ? elapsed : `${elapsed} of ${limit}`,
            partition,
            nodes,
          ];
  return [id, ...parts].filter((part) => part !== '').join(' · ');
}
