// Captures and every place where they stand: names of groups, `$name` in texts, names in conditions.
import { parseCondition } from '../language/condition/parser';
import { spanIn, spanOf, type MappedText } from '../language/mappedText';
import { childrenOf, type Node } from '../language/regex/tree';
import type { Directive } from '../language/directive';
import { findAllVariables } from '../language/template';
import type { Span } from '../language/text';
import { partsOf } from './directiveParts';
import { contains } from './ranges';

/** `captures`: in the list; `pattern`: in `(?P<name>`; `use`: anywhere else. */
export interface CapturePlace {
  readonly span: Span;
  readonly role: 'captures' | 'pattern' | 'use';
}

export interface Capture {
  readonly name: string;
  /** Undefined for a name without a group. */
  readonly group: number | undefined;
  readonly places: readonly CapturePlace[];
}

interface NamedPlace extends CapturePlace {
  readonly name: string;
}

/** In the order of their groups; names that nothing defines are not among them. */
export function findCaptures(directive: Directive): readonly Capture[] {
  const { pattern, names } = partsOf(directive);
  const groups = new Map<string, number | undefined>();
  names.forEach(({ text }, index) => {
    const inPattern = index < (pattern?.compiled?.groupCount ?? 0);
    if (!groups.has(text)) groups.set(text, inPattern ? index + 1 : undefined);
  });
  for (const [name, group] of pattern?.compiled?.groupNames ?? [])
    if (!groups.has(name)) groups.set(name, group);
  const places = [...findDefinitions(directive), ...findUses(directive)];
  return [...groups]
    .map(([name, group]) => ({ name, group, places: places.filter((place) => place.name === name) }))
    .sort((a, b) => (a.group ?? Infinity) - (b.group ?? Infinity));
}

function findDefinitions(directive: Directive): readonly NamedPlace[] {
  const { pattern, names } = partsOf(directive);
  return [
    ...names.map((name) => ({ name: name.text, span: spanOf(name), role: 'captures' as const })),
    ...(pattern?.compiled ? findInPattern(pattern.text, pattern.compiled.tree.root) : []),
  ];
}

/** `(?P<name>`, and its uses `(?P=name)` and `(?(name)`. */
function findInPattern(text: MappedText, node: Node): readonly NamedPlace[] {
  const inside = childrenOf(node).flatMap((child) => findInPattern(text, child));
  if (node.kind === 'group' && node.name !== undefined && node.nameSpan)
    return [{ name: node.name, span: toSpan(text, node.nameSpan), role: 'pattern' }, ...inside];
  const start = node.kind === 'backreference' ? '(?P=' : node.kind === 'conditional' ? '(?(' : undefined;
  const name = start === undefined ? undefined : nameBehind(text.text, node.span.start, start);
  if (start === undefined || name === undefined) return inside;
  const from = node.span.start + start.length;
  return [{ name, span: toSpan(text, { start: from, end: from + name.length }), role: 'use' }, ...inside];
}

const nameBehind = (pattern: string, at: number, start: string): string | undefined =>
  pattern.startsWith(start, at) ? /^[^\W\d]\w*/.exec(pattern.slice(at + start.length))?.[0] : undefined;

function findUses(directive: Directive): readonly NamedPlace[] {
  const { texts, conditions } = partsOf(directive);
  return [...texts.flatMap(findInText), ...conditions.flatMap(findInCondition)];
}

/** Whether a text or a condition of the directive has the name, whatever it means there. */
export const usesName = (directive: Directive, name: string): boolean =>
  findUses(directive).some((use) => use.name === name);

function findInText(text: MappedText): readonly NamedPlace[] {
  return findAllVariables(text.text).map(({ name, start }) => {
    const from = start + (text.text[start + 1] === '{' ? 2 : 1);
    return { name, span: toSpan(text, { start: from, end: from + name.length }), role: 'use' };
  });
}

/** A condition that does not parse yet has its names all the same. */
function findInCondition(text: MappedText): readonly NamedPlace[] {
  const { value } = parseCondition(text.text);
  const names = value
    ? value.names
    : [...text.text.matchAll(/(?<![.\w"'])[A-Za-z_]\w*/g)].map(({ index, 0: name }) => ({
        name,
        offset: index,
      }));
  return names.map(({ name, offset }) => ({
    name,
    span: toSpan(text, { start: offset, end: offset + name.length }),
    role: 'use',
  }));
}

const toSpan = (text: MappedText, { start, end }: Span): Span => spanIn(text, start, end);

export interface FoundCapture {
  readonly directive: Directive;
  readonly capture: Capture;
  /** The place that was asked for. */
  readonly place: CapturePlace;
}

/** The capture whose name stands at the offset. */
export function findCaptureAt(directive: Directive | undefined, offset: number): FoundCapture | undefined {
  for (const capture of directive ? findCaptures(directive) : []) {
    const place = capture.places.find(({ span }) => contains(span, offset));
    if (directive && place) return { directive, capture, place };
  }
  return undefined;
}

/** Where a group stands in the script, with its parentheses. */
export function findGroupSpan(directive: Directive, group: number | undefined): Span | undefined {
  const { pattern } = partsOf(directive);
  const node = group === undefined ? undefined : pattern?.compiled?.tree.groups[group - 1];
  return node && pattern ? toSpan(pattern.text, node.span) : undefined;
}

/** A `$1` at the offset: its group. */
export function findGroupUseAt(
  directive: Directive,
  offset: number,
): { readonly group: number; readonly span: Span } | undefined {
  for (const text of partsOf(directive).texts) {
    for (const { name, start, end } of findAllVariables(text.text)) {
      const span = toSpan(text, { start, end });
      if (/^\d+$/.test(name) && contains(span, offset)) return { group: Number(name), span };
    }
  }
  return undefined;
}
