// The parts of a directive that know each other: its pattern, its names for groups, its conditions and its texts.

import type { MappedText } from '../language/mappedText';
import { compileCached } from '../language/patternProblems';
import type { Pattern } from '../language/regex/compile';
import type { FieldName } from '../language/schema';
import type { Directive } from '../language/directive';
import { parseList, unquote } from '../language/values';

export interface DirectiveParts {
  /** The pattern that counts, without its quotes. */
  readonly pattern: { readonly text: MappedText; readonly compiled: Pattern | undefined } | undefined;
  /** Written names of groups 1, 2, … */
  readonly names: readonly MappedText[];
  /** Of the directive and of its actions, without their quotes. */
  readonly conditions: readonly MappedText[];
  /** Values of parameters, where `$name` means a capture. */
  readonly texts: readonly MappedText[];
}

const known = new WeakMap<Directive, DirectiveParts>();

/** Worked out once for each directive. */
export function partsOf(directive: Directive): DirectiveParts {
  const found = known.get(directive) ?? readParts(directive);
  known.set(directive, found);
  return found;
}

function readParts(directive: Directive): DirectiveParts {
  const pattern = lastValue(directive, 'pattern');
  const condition = lastValue(directive, 'condition');
  const captures = directive.fields.filter(({ field }) => field === 'captures').at(-1);
  const ofActions = directive.actions.flatMap((action) => action.condition ?? []);
  return {
    pattern: pattern && { text: pattern, compiled: compileCached(pattern.text).value },
    names: captures ? (captures.items ?? parseList(captures.value)) : [],
    conditions: condition ? [condition, ...ofActions] : ofActions,
    texts: directive.actions.flatMap(({ params }) => params.map(({ value }) => value)),
  };
}

/** The last one counts; an empty one counts as not written. */
function lastValue({ fields }: Directive, name: FieldName): MappedText | undefined {
  return fields
    .filter(({ field }) => field === name)
    .map(({ value }) => unquote(value))
    .filter(({ text }) => text.trim() !== '')
    .at(-1);
}
