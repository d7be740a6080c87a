// Reads the directives of a script, and remembers them: what has not changed since the last time is not read again.
import { bindDirective, type BoundDirective, type Surroundings } from './bind';
import { readBlock } from './block';
import type { FoundDirective } from './directives';
import { readInline, type ReadFields } from './inline';
import { shiftBound, shiftField, shiftProblem } from './shifted';

export interface ReadDirective {
  readonly read: ReadFields;
  readonly bound: BoundDirective;
}

interface Remembered extends ReadDirective {
  /** Where it began. */
  readonly start: number;
}

export interface DirectiveReader {
  /** A new script, or the script after a change; the last one's directives are remembered. */
  begin(): void;
  read(script: string, directive: FoundDirective, surroundings: Surroundings): ReadDirective;
}

/** The surroundings but for the body must stay the same while a reader lives. */
export function createDirectiveReader(): DirectiveReader {
  let former = new Map<string, Remembered>();
  let current = new Map<string, Remembered>();
  return {
    begin: () => {
      former = current;
      current = new Map();
    },
    read: (script, directive, surroundings) => {
      const key = toKey(script, directive);
      const { start } = directive.span;
      const known = current.get(key) ?? former.get(key);
      if (known) {
        const found = known.start === start ? known : shift(known, start);
        current.set(key, found);
        return found;
      }
      const asked = { body: false };
      const body: Surroundings['body'] = () => {
        asked.body = true;
        return surroundings.body();
      };
      const found = { ...readDirective(script, directive, { ...surroundings, body }), start };
      // What depends on the rest of the script is read anew each time.
      if (!asked.body) current.set(key, found);
      return found;
    },
  };
}

/** The lines that count and their places: inside of a block there may be lines of other directives. */
function toKey(script: string, { kind, span, lines }: FoundDirective): string {
  const whole = script.slice(span.start, span.end);
  const isGapless = lines.every((line, index) => line.number === (lines[0]?.number ?? 0) + index);
  return `${kind}${isGapless ? '' : lines.map(({ number }) => number - (lines[0]?.number ?? 0)).join()}\n${whole}`;
}

function shift({ read, bound, start }: Remembered, to: number): Remembered {
  const by = to - start;
  return {
    start: to,
    bound: shiftBound(bound, by),
    read: {
      fields: read.fields.map((field) => shiftField(field, by)),
      problems: read.problems.map((problem) => shiftProblem(problem, by)),
      broken: read.broken,
    },
  };
}

function readDirective(script: string, directive: FoundDirective, surroundings: Surroundings): ReadDirective {
  const { span, lines, kind } = directive;
  const [line] = lines;
  const word = kind === 'inline' ? '#WATCHER' : '#WATCHER_BEGIN';
  const marker = { start: span.start, end: span.start + word.length };
  if (kind === 'inline' && line) {
    const read = readInline(script, line);
    const actions = read.fields
      .filter(({ field }) => field === 'action' || field === 'actions')
      .map(({ value }) => value);
    return { read, bound: bindDirective({ marker, fields: read.fields, actions }, surroundings) };
  }
  const read = readBlock(script, lines);
  return {
    read,
    bound: bindDirective({ marker, fields: read.fields, actions: read.actionOrder }, surroundings),
  };
}
