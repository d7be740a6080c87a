// A directive that was read at one place of a script, for the same text at another: every offset moves by as much.
import type { BoundDirective } from './bind';
import type { WrittenAction } from './calls';
import type { WrittenField } from './inline';
import type { MappedText } from './mappedText';
import type { Problem } from './problem';
import type { Span } from './text';

export const shiftSpan = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

function shiftText({ text, start, end, offsets }: MappedText, by: number): MappedText {
  if (!offsets) return { text, start: start + by, end: end + by };
  return { text, start: start + by, end: end + by, offsets: offsets.map((offset) => offset + by) };
}

export const shiftField = (field: WrittenField, by: number): WrittenField => ({
  ...field,
  key: shiftText(field.key, by),
  value: shiftText(field.value, by),
  ...(field.items && { items: field.items.map((item) => shiftText(item, by)) }),
});

const shiftAction = ({ type, name, span, params, condition }: WrittenAction, by: number): WrittenAction => ({
  type,
  name: shiftText(name, by),
  span: shiftSpan(span, by),
  params: params.map((param) => ({
    name: param.name && shiftText(param.name, by),
    value: shiftText(param.value, by),
  })),
  condition: condition && shiftText(condition, by),
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

export const shiftBound = (
  { definition, actions, nameSpan, problems }: BoundDirective,
  by: number,
): BoundDirective => ({
  definition,
  actions: actions.map((action) => shiftAction(action, by)),
  nameSpan: nameSpan && shiftSpan(nameSpan, by),
  problems: problems.map((problem) => shiftProblem(problem, by)),
});
