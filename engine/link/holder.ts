// Judges whether the engine that holds a generation is still there, from its record and what can be known here.
import type { GenerationRecord } from './generationRecord';
import type { Machine, ProcessSight } from './machine';

/** How long a lease counts without a heartbeat, ms. */
export const leaseMs = 60_000;

/**
 * gone: certainly no more; here, elsewhere: alive on this machine, on another one (or in another container); stale: no
 * sign of life for the time of a lease, to be taken over, though it may wake up again.
 */
export type HolderState = 'gone' | 'here' | 'elsewhere' | 'stale';

export interface Circumstances {
  readonly machine: Machine;
  readonly findProcess: (pid: number) => ProcessSight | null;
  /** Since the last heartbeat, ms. */
  readonly age: number;
  readonly leaseMs: number;
}

/** A record of null could not be read: it is being written, or its writer died doing so; the lease alone decides. */
export function judgeHolder(record: GenerationRecord | null, given: Circumstances): HolderState {
  const stale = given.age > given.leaseMs;
  if (record === null) return stale ? 'stale' : 'elsewhere';
  if (record.ended !== null) return 'gone';
  const here = isHere(record.machine, given.machine);
  if (here ? isGone(record, given) : hasRebooted(record.machine, given.machine)) return 'gone';
  if (stale) return 'stale';
  return here ? 'here' : 'elsewhere';
}

function isHere(its: Machine, ours: Machine): boolean {
  if (its.boot === null || ours.boot === null) return its.id === ours.id && its.name === ours.name;
  return its.boot === ours.boot && its.space === ours.space;
}

function hasRebooted(its: Machine, ours: Machine): boolean {
  const sameMachine = its.id === ours.id && its.name === ours.name;
  return sameMachine && its.boot !== null && ours.boot !== null && its.boot !== ours.boot;
}

function isGone(record: GenerationRecord, given: Circumstances): boolean {
  const found = given.findProcess(record.pid);
  if (found === null) return true;
  return found.start !== null && record.processStart !== null && found.start !== record.processStart;
}
