// Reads the directives of a script, and remembers them: what has not changed since the last time is not read again.
import { bindDirective, type BoundDirective, type Surroundings } from './bind';
import { readBlock } from './block';
import type { FoundDirective } from './directives';
import { markerSpan } from './directive/markers';
import { readInline, type ReadFields } from './inline';
import type { MappedText } from './mappedText';
import { unquote } from './values';
import { shiftBound, shiftField, shiftProblem } from './shifted';

export interface ReadDirective {
  readonly fields: ReadFields;
  readonly bound: BoundDirective;
}

interface Remembered extends ReadDirective {
  /** Where it began. */
  readonly start: number;
}

export interface DirectiveReader {
  /** A new script, or the script after a change; the last one's directives are remembered. */
  begin(): void;
  readonly read: typeof readDirective;
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
  const [first] = lines;
  const isGapless = (lines.at(-1)?.number ?? 0) - (first?.number ?? 0) === lines.length - 1;
  if (isGapless) return kind === 'inline' ? whole : `block\n${whole}`;
  return `${lines.map(({ number }) => number - (first?.number ?? 0)).join()}\n${whole}`;
}

function shift({ fields, bound, start }: Remembered, to: number): Remembered {
  const by = to - start;
  return {
    start: to,
    bound: shiftBound(bound, by),
    fields: {
      fields: fields.fields.map((field) => shiftField(field, by)),
      problems: fields.problems.map((problem) => shiftProblem(problem, by)),
      broken: fields.broken,
    },
  };
}

export function readDirective(
  script: string,
  directive: FoundDirective,
  surroundings: Surroundings,
): ReadDirective {
  const { lines, kind } = directive;
  const [line] = lines;
  const marker = markerSpan(directive);
  if (kind === 'inline' && line) {
    const fields = readInline(script, line);
    const actions: MappedText[] = [];
    for (const { field, value } of fields.fields)
      if ((field === 'action' || field === 'actions') && unquote(value).text.trim() !== '')
        actions.push(value);
    return { fields, bound: bindDirective({ marker, fields: fields.fields, actions }, surroundings) };
  }
  const fields = readBlock(script, lines);
  const { actionOrder } = fields;
  return {
    fields,
    bound: bindDirective({ marker, fields: fields.fields, actions: actionOrder }, surroundings),
  };
}
