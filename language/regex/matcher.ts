// A backtracking matcher over the tree with CPython's meaning and a budget of steps: for what JavaScript cannot do exactly.
import { toLower } from './caseFold';
import { isInCategory, toCodeTest } from './characters';
import { widthOf, type Anchor, type Flags, type Node, type ParsedPattern, type Sequence } from './tree';

/** Continues behind a match; false makes the matcher try the next way. */
type Next = (at: number) => boolean;
type Matcher = (at: number, next: Next) => boolean;

interface Run {
  /** The text as code points. */
  codes: readonly number[];
  /** Start and end of each group, in code points; -1: did not take part. */
  marks: Int32Array;
  steps: number;
}

export class BudgetExceeded extends Error {}

/** Matches at one position; gives the end of the match or undefined, and leaves the groups in `marks`. */
export interface TreeMatcher {
  /** `mustAdvance`: an empty match at `at` does not count. Throws BudgetExceeded. */
  matchAt(at: number, mustAdvance: boolean): { readonly end: number; readonly marks: Int32Array } | undefined;
}

/** Compiles the tree once; `begin` binds it to a text. */
export function compileTree(
  pattern: ParsedPattern,
): (codes: readonly number[], maxSteps: number) => TreeMatcher {
  const run: Run = { codes: [], marks: new Int32Array(0), steps: 0 };
  const root = new Compiler(run, pattern.groupWidths).sequence(pattern.body);
  return (codes, maxSteps) => {
    const marks = new Int32Array(2 * pattern.groupCount + 2);
    return {
      matchAt: (at, mustAdvance) => {
        run.codes = codes;
        run.marks = marks.fill(-1);
        run.steps = maxSteps;
        let end: number | undefined;
        const accept = (reached: number): boolean => {
          if (mustAdvance && reached === at) return false;
          end = reached;
          return true;
        };
        try {
          root(at, accept);
        } catch (error) {
          // A stack overflow is a budget too: the text made the pattern recurse too deep.
          if (error instanceof RangeError) throw new BudgetExceeded();
          throw error;
        }
        maxSteps = run.steps;
        return end === undefined ? undefined : { end, marks };
      },
    };
  };
}

class Compiler {
  private leaky = false;

  constructor(
    private readonly run: Run,
    private readonly groupWidths: ParsedPattern['groupWidths'],
  ) {}

  sequence(nodes: Sequence): Matcher {
    const matchers = nodes.map((node) => this.node(node));
    const [only] = matchers;
    if (!only) return (at, next) => next(at);
    return matchers.reduceRight(
      (rest, matcher) => (at, next) => matcher(at, (reached) => rest(reached, next)),
    );
  }

  private node(node: Node): Matcher {
    switch (node.op) {
      case 'set':
      case 'any':
        return this.single(node);
      case 'anchor':
        return this.anchor(node.anchor, node.flags);
      case 'group':
        return this.group(node.group, this.sequence(node.body));
      case 'scope':
        return this.sequence(node.body);
      case 'branch':
        return this.branch(node.branches.map((branch) => this.sequence(branch)));
      case 'repeat':
        return this.repeat(node);
      case 'look':
        return this.look(node);
      case 'atomic':
        return this.atomic(this.sequence(node.body));
      case 'reference':
        return this.reference(node.group, node.flags);
      case 'conditional': {
        const yes = this.sequence(node.yes);
        const no = this.sequence(node.no ?? []);
        return (at, next) => ((this.run.marks[2 * node.group + 1] ?? -1) >= 0 ? yes : no)(at, next);
      }
    }
  }

  private step(): void {
    this.run.steps -= 1;
    if (this.run.steps < 0) throw new BudgetExceeded();
  }

  private single(node: Node): Matcher {
    const test = toSingleTest(node);
    const { run } = this;
    return (at, next) => {
      this.step();
      const code = run.codes[at];
      return code !== undefined && test(code) && next(at + 1);
    };
  }

  private anchor(anchor: Anchor, flags: Flags): Matcher {
    const { run } = this;
    const isWord = (at: number): boolean => {
      const code = run.codes[at];
      return code !== undefined && isInCategory(code, 'word', flags.ascii);
    };
    const newline = 10;
    const holds: Record<Anchor, (at: number) => boolean> = {
      textStart: (at) => at === 0,
      textEnd: (at) => at === run.codes.length,
      lineStart: (at) => at === 0 || (flags.multiline && run.codes[at - 1] === newline),
      lineEnd: (at) => {
        const { length } = run.codes;
        return at === length || (run.codes[at] === newline && (flags.multiline || at === length - 1));
      },
      // Neither holds in an empty text: CPython's engine says so.
      boundary: (at) => run.codes.length > 0 && isWord(at - 1) !== isWord(at),
      nonBoundary: (at) => run.codes.length > 0 && isWord(at - 1) === isWord(at),
    };
    const test = holds[anchor];
    return (at, next) => test(at) && next(at);
  }

  private group(group: number, body: Matcher): Matcher {
    const { run } = this;
    const [first, last] = [2 * group, 2 * group + 1];
    // CPython 3.11 restores the marks of a failed branch only within an ordinary repeat: within a possessive one the
    // start of a group that had matched before stays where the failed attempt began.
    const { leaky } = this;
    return (at, next) => {
      const { marks } = run;
      const before = marks[first] ?? -1;
      const beforeEnd = marks[last] ?? -1;
      const matched = body(at, (reached) => {
        const [innerStart, innerEnd] = [marks[first] ?? -1, marks[last] ?? -1];
        marks[first] = at;
        marks[last] = reached;
        if (next(reached)) return true;
        marks[first] = innerStart;
        marks[last] = innerEnd;
        return false;
      });
      if (!matched) {
        marks[first] = leaky && beforeEnd >= 0 ? at : before;
        marks[last] = beforeEnd;
      }
      return matched;
    };
  }

  private branch(branches: readonly Matcher[]): Matcher {
    return (at, next) => {
      this.step();
      return branches.some((branch) => branch(at, next));
    };
  }

  private repeat(node: Extract<Node, { op: 'repeat' }>): Matcher {
    const { mode, body } = node;
    const [only] = body;
    if (mode === 'possessive') return this.possessive(node);
    if (only && body.length === 1 && (only.op === 'set' || only.op === 'any'))
      return this.repeatSingle(only, node);
    return this.loop(this.within(false, body), node);
  }

  /** Round after round; an empty one ends it, after CPython's MAX_UNTIL and MIN_UNTIL. */
  private loop(item: Matcher, { min, max, mode }: Extract<Node, { op: 'repeat' }>): Matcher {
    const again = (count: number, at: number, lastAt: number, next: Next): boolean => {
      this.step();
      const more = (): boolean =>
        count < max &&
        (count < min || at !== lastAt) &&
        item(at, (reached) => again(count + 1, reached, at, next));
      if (count < min) return more();
      return mode === 'lazy' ? next(at) || more() : more() || next(at);
    };
    return (at, next) => again(0, at, -1, next);
  }

  private possessive(node: Extract<Node, { op: 'repeat' }>): Matcher {
    const [only] = node.body;
    if (only && node.body.length === 1 && (only.op === 'set' || only.op === 'any')) {
      return this.atomic(this.repeatSingle(only, { ...node, mode: 'greedy' }));
    }
    return this.atomic(this.loop(this.within(true, node.body), node));
  }

  private within(leaky: boolean, body: Sequence): Matcher {
    const outer = this.leaky;
    this.leaky = leaky;
    const matcher = this.sequence(body);
    this.leaky = outer;
    return matcher;
  }

  /** One character again and again: counted instead of recursed. */
  private repeatSingle(item: Node, { min, max, mode }: Extract<Node, { op: 'repeat' }>): Matcher {
    const test = toSingleTest(item);
    const { run } = this;
    const matches = (at: number): boolean => {
      this.step();
      const code = run.codes[at];
      return code !== undefined && test(code);
    };
    if (mode === 'lazy') {
      return (at, next) => {
        for (let count = 0; ; count++) {
          if (count >= min && next(at + count)) return true;
          if (count >= max || !matches(at + count)) return false;
        }
      };
    }
    return (at, next) => {
      let count = 0;
      while (count < max && matches(at + count)) count += 1;
      for (; count >= min; count--) if (next(at + count)) return true;
      return false;
    };
  }

  private look({ behind, negate, body }: Extract<Node, { op: 'look' }>): Matcher {
    const inner = this.sequence(body);
    const { run } = this;
    const back = behind ? widthOf(body, this.groupWidths).low : 0;
    return (at, next) => {
      const saved = run.marks.slice();
      const start = at - back;
      const found = start >= 0 && inner(start, (reached) => !behind || reached === at);
      if (negate) {
        run.marks.set(saved);
        return !found && next(at);
      }
      if (found && next(at)) return true;
      run.marks.set(saved);
      return false;
    };
  }

  private atomic(inner: Matcher): Matcher {
    const { run } = this;
    return (at, next) => {
      const saved = run.marks.slice();
      let end = -1;
      const found = inner(at, (reached) => {
        end = reached;
        return true;
      });
      if (found && next(end)) return true;
      run.marks.set(saved);
      return false;
    };
  }

  private reference(group: number, flags: Flags): Matcher {
    const { run } = this;
    const same = (a: number, b: number): boolean => {
      if (a === b) return true;
      if (!flags.ignoreCase) return false;
      // CPython compares the lower cases alone here.
      return toLower(a, flags.ascii) === toLower(b, flags.ascii);
    };
    return (at, next) => {
      const [start = -1, end = -1] = [run.marks[2 * group], run.marks[2 * group + 1]];
      if (end < 0) return false;
      for (let index = start; index < end; index++) {
        this.step();
        const [a, b] = [run.codes[index], run.codes[at + index - start]];
        if (a === undefined || b === undefined || !same(a, b)) return false;
      }
      return next(at + end - start);
    };
  }
}

function toSingleTest(node: Node): (code: number) => boolean {
  if (node.op === 'set') return toCodeTest(node);
  return node.flags.dotAll ? () => true : (code) => code !== 10;
}
