// A directive that was read at one place of a script, for the same text at another: every offset moves by as much.
import type { BoundDirective } from './bind';
import type { WrittenAction } from './calls';
import type { WrittenField } from './inline';
import type { MappedText } from './mappedText';
import type { Problem } from './problem';
import type { Span } from './text';

export const shiftSpan = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

const shiftText = ({ text, start, end, offsets }: MappedText, by: number): MappedText => ({
  text,
  start: start + by,
  end: end + by,
  ...(offsets && { offsets: offsets.map((offset) => offset + by) }),
});

export const shiftField = ({ field, key, value }: WrittenField, by: number): WrittenField => ({
  field,
  key: shiftText(key, by),
  value: shiftText(value, by),
});

const shiftAction = (action: WrittenAction, by: number): WrittenAction => ({
  ...action,
  name: shiftText(action.name, by),
  span: shiftSpan(action.span, by),
  params: action.params.map(({ name, value }) => ({
    name: name && shiftText(name, by),
    value: shiftText(value, by),
  })),
  condition: action.condition && shiftText(action.condition, by),
});

export const shiftProblem = (problem: Problem, by: number): Problem => ({
  ...problem,
  span: shiftSpan(problem.span, by),
  ...(problem.fix && {
    fix: {
      ...problem.fix,
      edits: problem.fix.edits.map(({ span, newText }) => ({ span: shiftSpan(span, by), newText })),
    },
  }),
});

export const shiftBound = (bound: BoundDirective, by: number): BoundDirective => ({
  ...bound,
  actions: bound.actions.map((action) => shiftAction(action, by)),
  nameSpan: bound.nameSpan && shiftSpan(bound.nameSpan, by),
  problems: bound.problems.map((problem) => shiftProblem(problem, by)),
});
