// What engines hold, counted: the entries of all maps, sets and arrays that can be reached from their loops and ledger.
import { ClusterLoops } from '../../engine/clusterLoops';

/** From now on, the newest engine's entries by where they are; undefined before the first one has begun. */
export function observeHeldEntries(): {
  readonly count: () => ReadonlyMap<string, number> | undefined;
  readonly end: () => void;
} {
  let newest: object | undefined;
  // The one function that each engine's loops are called with, once.
  const resume = Reflect.get<ClusterLoops, 'resume'>(ClusterLoops.prototype, 'resume');
  const note = (loops: ClusterLoops): void => {
    newest = loops;
  };
  ClusterLoops.prototype.resume = function (this: ClusterLoops) {
    note(this);
    resume.call(this);
  };
  return {
    count: () => newest && countEntries(newest),
    end: () => (ClusterLoops.prototype.resume = resume),
  };
}

/** What is the world's, not the engine's. */
const foreign: readonly string[] = [
  'store',
  'clock',
  'cluster',
  'opened',
  'matcher',
  'secrets',
  'ids',
  'clusters',
];

function countEntries(start: object): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const seen = new Set<object>();
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const isMap = value instanceof Map;
    if (isMap || value instanceof Set || Array.isArray(value)) {
      const entries: readonly unknown[] = [...(isMap ? value.values() : (value as Iterable<unknown>))];
      counts.set(path, (counts.get(path) ?? 0) + entries.length);
      for (const entry of entries) look(entry, `${path}[]`);
    } else
      for (const [name, inner] of Object.entries(value))
        if (!foreign.includes(name)) look(inner, `${path}.${name}`);
  };
  look(start, '');
  return counts;
}
