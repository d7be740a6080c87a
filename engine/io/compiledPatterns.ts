// Patterns of all requests, compiled once; what a pattern was worth and how it behaved is kept with it.
import { compilePattern, type Pattern } from '../../language/regex/compile';
import { findLiteralLists, type MandatoryLiterals } from '../../language/regex/mandatoryLiteral';
import { findRisk } from '../../language/regex/risk';
import { LiteralIndex } from './literalIndex';

export interface CompiledPattern {
  readonly pattern: Pattern;
  /** Undefined: nothing is known of its matches. */
  readonly literals: MandatoryLiterals | undefined;
  /** It looks as if its work could explode. */
  readonly isRisky: boolean;
  /** How often it was stopped in a row. */
  overruns: number;
}

/** A map that forgets what it has held longest. */
class BoundedMap<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly limit: number) {}

  get(key: string, make: () => Value): Value {
    const known = this.values.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.values.keys();
    if (oldest !== undefined && this.values.size >= this.limit) this.values.delete(oldest);
    const made = make();
    this.values.set(key, made);
    return made;
  }
}

const patterns = new BoundedMap<CompiledPattern | 'no pattern'>(4000);
/** One for each file that is watched. */
const indices = new BoundedMap<LiteralIndex>(200);

/** Undefined for what is no pattern; nothing is ever submitted with one. */
export function findCompiled(source: string): CompiledPattern | undefined {
  const found = patterns.get(source, () => {
    const { value } = compilePattern(source);
    if (!value) return 'no pattern';
    const isRisky = findRisk(value) !== undefined;
    return { pattern: value, literals: findLiteralLists(value), isRisky, overruns: 0 };
  });
  return found === 'no pattern' ? undefined : found;
}

/** For the literals of these patterns, in their order. */
export function findLiteralIndex(all: readonly CompiledPattern[]): LiteralIndex {
  const key = JSON.stringify(all.map(({ pattern }) => pattern.source));
  return indices.get(key, () => new LiteralIndex(all.map(({ literals }) => literals)));
}
