// The other places that belong to a problem: the name that a second one repeats, the group that a capture names.
import { resubmitsJob } from '../language/actionTable';
import type { Problem, ProblemCode } from '../language/problem';
import { spanOf } from '../language/mappedText';
import type { Directive } from '../language/directive';
import type { Script } from '../language/script';
import type { Span } from '../language/text';
import { findCaptureAt, findCaptures, findGroupSpan } from './captures';
import { partsOf } from './directiveParts';

export interface RelatedPlace {
  readonly span: Span;
  /** What stands there, in a few words. */
  readonly message: string;
}

type Find = (directive: Directive, problem: Problem, script: Script) => readonly RelatedPlace[];

/** Nobody reads more of them, and each of many namesakes would bring all the others. */
const most = 20;

/** In the order of the script, the first ones; none for most problems, which stand in one place. */
export function findRelated(script: Script, problem: Problem): readonly RelatedPlace[] {
  const find = finders[problem.code];
  const directive = script.directives
    .filter(({ span }) => span.start <= problem.span.start && problem.span.end <= span.end)
    .at(-1);
  const found = find && directive ? find(directive, problem, script) : [];
  return found
    .filter(({ span }) => span.start !== problem.span.start || span.end !== problem.span.end)
    .slice(0, most);
}

/** The group of the capture that the problem is about. */
const findOwnGroup: Find = (directive, { span }) => {
  const found = findCaptureAt(directive, span.start);
  const group = found && findGroupSpan(directive, found.capture.group);
  return group ? [{ span: group, message: `The group of "${found.capture.name}"` }] : [];
};

/** Every capture of the directive, where its name is written. */
const findNames: Find = (directive) =>
  findCaptures(directive).flatMap(({ name, places }) =>
    places
      .filter(({ role }) => role !== 'use')
      .map(({ span }) => ({ span, message: `The capture "${name}"` })),
  );

const findPattern: Find = (directive) => {
  const { pattern } = partsOf(directive);
  return pattern ? [{ span: spanOf(pattern.text), message: 'The pattern' }] : [];
};

const findResubmit: Find = ({ actions }) =>
  actions
    .filter(({ type }) => resubmitsJob(type))
    .map(({ span, type }) => ({ span, message: `The ${type ?? ''} that is not reached` }));

/** The same field or parameter, written elsewhere. */
const findDuplicates: Find = ({ fields, actions }, { span }) => {
  const keys = fields.map(({ field, key }) => ({ word: field ?? key.text.toLowerCase(), span: spanOf(key) }));
  const params = actions.map(({ params: written }) =>
    written.flatMap(({ name }) => (name ? { word: name.text.toLowerCase(), span: spanOf(name) } : [])),
  );
  for (const list of [keys, ...params]) {
    const own = list.find((item) => item.span.start === span.start);
    if (own)
      return list
        .filter(({ word }) => word === own.word)
        .map((item) => ({ span: item.span, message: `"${own.word}" is written here too` }));
  }
  return [];
};

const findNamesakes: Find = (directive, _problem, { watchers }) => {
  const nameOf = ({ fields }: Directive): string | undefined =>
    fields.filter(({ field }) => field === 'name').at(-1)?.value.text;
  return watchers
    .filter((other) => other.directive !== directive && nameOf(other.directive) === nameOf(directive))
    .map((other) => ({ span: other.directive.span, message: 'The watcher with the same name' }));
};

const finders: Readonly<Partial<Record<ProblemCode, Find>>> = {
  'duplicate-field': findDuplicates,
  'duplicate-name': findNamesakes,
  'bad-capture-name': findOwnGroup,
  'shadowed-name': findOwnGroup,
  'unused-capture': findOwnGroup,
  'string-compared-with-number': findOwnGroup,
  'capture-assigned-by-script': findOwnGroup,
  'capture-in-backquotes': findNames,
  'unknown-name': findNames,
  'unknown-variable': findNames,
  'positional-in-condition': findPattern,
  'capture-count': findPattern,
  'cancel-before-resubmit': findResubmit,
};
