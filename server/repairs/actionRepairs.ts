// Repairs of actions: parameters that are missing, unknown or cannot be read, and actions in the wrong order.
import { findTail } from '../../language/textEnd';
import { actionTable, findParam, resubmitsJob, type ParamRow } from '../../language/actionTable';
import type { WrittenAction } from '../../language/calls';
import type { Fix } from '../../language/problem';
import { findCaptures } from '../captures';
import { fieldAddition, insert, lastField, replace, toFix, type DirectiveTrouble } from './edits';
import { sortByNearness } from './fieldRepairs';

const actionAt = ({ directive, problem }: DirectiveTrouble): WrittenAction | undefined =>
  directive.actions.find(({ span }) => span.start <= problem.span.start && problem.span.end <= span.end);

/** With a value that says something until a person writes a better one. */
export function addParam(trouble: DirectiveTrouble): readonly Fix[] {
  const action = actionAt(trouble);
  if (!action?.type) return [];
  const rows: readonly ParamRow[] = actionTable[action.type].params;
  const { type, params } = action;
  const isWritten = ({ name }: ParamRow, index: number): boolean =>
    params.some((param, at) => (param.name ? findParam(type, param.name.text)?.name === name : at === index));
  const row = rows.find((param, index) => param.required && !isWritten(param, index));
  if (!row) return [];
  const [capture] = findCaptures(trouble.directive);
  const value = row.type === 'command' ? 'echo $0' : (capture?.name ?? 'value');
  const script = trouble.document.text.getText();
  const behind = /^[ \t]*\(/.exec(script.slice(action.name.end))?.[0].length;
  const text = `${row.name}="${value}"`;
  const edit =
    behind === undefined
      ? insert(action.name.end, `(${text})`)
      : insert(action.name.end + behind, params.length > 0 ? `${text}, ` : text);
  return [toFix(`Add ${row.name}`, edit)];
}

export function removeParam(trouble: DirectiveTrouble): readonly Fix[] {
  const { problem, marked, document } = trouble;
  const action = actionAt(trouble);
  const index = action?.params.findIndex(({ name }) => name?.start === problem.span.start) ?? -1;
  const own = action?.params[index];
  if (!action || !own) return [];
  const next = action.params[index + 1]?.name;
  const script = document.text.getText();
  if (next) return [toFix(`Remove ${marked}`, replace({ start: problem.span.start, end: next.start }, ''))];
  const blanks = findTail(script, /[ \t]/, problem.span.start);
  const before = script[blanks - 1] === ',' ? blanks - 1 : blanks;
  // The value's own quote stands behind it.
  const quote = /^["']/.exec(script.slice(own.value.end))?.[0].length ?? 0;
  const span = { start: before, end: own.value.end + quote };
  return [toFix(`Remove ${marked}`, replace(span, ''))];
}

/** A word among few. */
export function repairParamValue(trouble: DirectiveTrouble): readonly Fix[] {
  const { problem, marked } = trouble;
  const action = actionAt(trouble);
  const written = action?.params.find(({ value }) => value.start === problem.span.start);
  const row = action?.type && written?.name && findParam(action.type, written.name.text);
  if (!row) return [];
  const words = row.type === 'boolean' ? ['true', 'false'] : (row.choices ?? []);
  return sortByNearness(marked, words).map((word) => toFix(`Write ${word}`, replace(problem.span, word)));
}

/** Both actions keep their places in the text, and change what stands there. */
export function resubmitFirst(trouble: DirectiveTrouble): readonly Fix[] {
  const cancel = actionAt(trouble);
  const resubmit = trouble.directive.actions.find(
    ({ type, span }) => resubmitsJob(type) && cancel && span.start > cancel.span.end,
  );
  if (!cancel || !resubmit) return [];
  const script = trouble.document.text.getText();
  const textOf = ({ span }: WrittenAction): string => script.slice(span.start, span.end);
  return [
    toFix(
      `Write ${resubmit.type ?? ''} before ${cancel.type ?? ''}`,
      replace(cancel.span, textOf(resubmit)),
      replace(resubmit.span, textOf(cancel)),
    ),
  ];
}

export function addResubmitLimit({ document, directive }: DirectiveTrouble): readonly Fix[] {
  const after = lastField(directive, 'condition') ?? lastField(directive, 'pattern') ?? directive.fields[0];
  const script = document.text.getText();
  const add = (key: 'remaining_resubmits' | 'max_triggers', value: string): Fix =>
    toFix(`Add ${key}`, fieldAddition(script, directive, { key, value, after }));
  return [add('remaining_resubmits', '3'), add('max_triggers', '1')];
}
