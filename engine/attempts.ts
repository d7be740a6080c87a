// What an engine works on, kept where its successor finds it: output at which engines died or hung twice is skipped.
import * as v from 'valibot';
import type { WorkRecord } from './ports';
import { fits, type Shape } from './shapes';

/** A stretch of an output, in bytes. */
const stretch = v.object({ job: v.string(), path: v.string(), from: v.number(), to: v.number() });
type Stretch = Readonly<v.InferOutput<typeof stretch>>;

/** Engines ended without a word while they worked on it. */
const suspect = v.object({ ...stretch.entries, deaths: v.number() });
type Suspect = Readonly<v.InferOutput<typeof suspect>>;

/** An engine may end at the same place this often. */
const maxDeaths = 2;
/** Deadly stretches are known for as long as there is room: a watcher that comes later meets them again. */
const maxSuspects = 100;

const isSameFile = (a: Pick<Stretch, 'job' | 'path'>, b: Pick<Stretch, 'job' | 'path'>): boolean =>
  a.job === b.job && a.path === b.path;

export class Attempts {
  private suspects: readonly Suspect[];
  private readonly running = new Map<symbol, readonly Stretch[]>();

  constructor(private readonly record: WorkRecord) {
    this.suspects = toSuspects(parseKept(record.read()));
    this.write();
  }

  /** Whether the file must be worked on alone, so that another death has one cause. */
  isSuspect(file: Pick<Stretch, 'job' | 'path'>): boolean {
    return this.suspects.some((suspect) => isSameFile(suspect, file));
  }

  /** Whether engines died twice at what begins here. */
  isDeadly(file: Pick<Stretch, 'job' | 'path'>, position: number): boolean {
    return this.deadlyOf(file).some(({ from, to }) => position >= from && position < to);
  }

  /** Where reading from here on must end: before the next stretch at which engines died twice. */
  findEnd(file: Pick<Stretch, 'job' | 'path'>, position: number): number {
    return Math.min(...this.deadlyOf(file).map(({ from }) => (from > position ? from : Infinity)));
  }

  /** The line that begins here reaches into the next such stretch, which then begins with it: reads end anywhere. */
  widen(file: Pick<Stretch, 'job' | 'path'>, position: number): void {
    const end = this.findEnd(file, position);
    const next = this.deadlyOf(file).filter(({ from }) => from === end);
    this.suspects = this.suspects.map((suspect) =>
      next.includes(suspect) ? { ...suspect, from: position } : suspect,
    );
    this.write();
  }

  private deadlyOf(file: Pick<Stretch, 'job' | 'path'>): readonly Suspect[] {
    return this.suspects.filter((suspect) => suspect.deaths >= maxDeaths && isSameFile(suspect, file));
  }

  /** Call the function that it gives when the work is done, whatever came of it. */
  begin(stretches: readonly Stretch[]): () => void {
    const key = Symbol();
    this.running.set(key, stretches);
    this.write();
    return () => {
      this.running.delete(key);
      this.suspects = this.suspects.flatMap((suspect) => toRemaining(suspect, stretches));
      this.write();
    };
  }

  private write(): void {
    const running = [...this.running.values()].flat();
    this.record.write(JSON.stringify({ suspects: this.suspects, running } satisfies Kept));
  }
}

/** What of it has not been worked on again without harm. */
function toRemaining(suspect: Suspect, done: readonly Stretch[]): readonly Suspect[] {
  if (suspect.deaths >= maxDeaths) return [suspect];
  const from = Math.max(
    suspect.from,
    ...done.map((other) => (isSameFile(suspect, other) && other.from <= suspect.from ? other.to : 0)),
  );
  return from < suspect.to ? [{ ...suspect, from }] : [];
}

interface Kept {
  readonly suspects: readonly Suspect[];
  /** What was worked on when it was written. */
  readonly running: readonly Stretch[];
}

function toSuspects({ suspects, running }: Kept): readonly Suspect[] {
  const died = running.map((stretch): Suspect => {
    const before = suspects.find((suspect) => overlaps(suspect, stretch));
    if (!before) return { ...stretch, deaths: 1 };
    const from = Math.max(before.from, stretch.from);
    return { ...stretch, from, to: Math.min(before.to, stretch.to), deaths: before.deaths + 1 };
  });
  const others = suspects.filter((suspect) => !running.some((stretch) => overlaps(suspect, stretch)));
  return [...others, ...died].slice(-maxSuspects);
}

const overlaps = (a: Stretch, b: Stretch): boolean => isSameFile(a, b) && a.from < b.to && b.from < a.to;

/** A record that cannot be read says nothing. */
function parseKept(text: string | null): Kept {
  try {
    const { suspects, running } = JSON.parse(text ?? '{}') as Partial<Record<keyof Kept, unknown>>;
    return { suspects: pickFitting(suspect, suspects), running: pickFitting(stretch, running) };
  } catch {
    return { suspects: [], running: [] };
  }
}

const pickFitting = <Value>(shape: Shape<Value>, list: unknown): readonly Value[] =>
  Array.isArray(list) ? list.filter((item: unknown): item is Value => fits(shape, item)) : [];
