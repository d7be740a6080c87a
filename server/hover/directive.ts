// What is under the pointer in a directive: keys, actions, parameters, values, captures, conditions, the pattern.
import { findParam } from '../../language/actionTable';
import type { WrittenAction } from '../../language/calls';
import { findFunction, findMethod, printSignature } from '../../language/condition/reference';
import { jobStateTable, findJobState } from '../../language/jobStates';
import { offsetIn, spanIn, spanOf, type MappedText } from '../../language/mappedText';
import { fieldTable } from '../../language/schema';
import type { Directive } from '../../language/directive';
import { findAllVariables } from '../../language/template';
import {
  inMarkdown,
  ownMarkdown,
  toMarkdown,
  toMarkdownCode as code,
  type Markdown,
} from '../../language/show/markdown';
import type { Span } from '../../language/text';
import { parseList } from '../../language/values';
import { builtInVariables, isBuiltInVariable } from '../../language/variables';
import { findCaptureAt, findGroupUseAt } from '../captures';
import { describeAction, describeField, describeGroup, describeParam } from '../descriptions';
import { partsOf } from '../directiveParts';
import { contains } from '../ranges';
import { describePattern } from './pattern';

export interface Hovered {
  readonly span: Span;
  readonly text: Markdown;
}

export function findHoveredInDirective(directive: Directive, offset: number): Hovered | undefined {
  const field = directive.fields.find(({ key }) => contains(spanOf(key), offset));
  if (field) return field.field && { span: spanOf(field.key), text: describeField(field.field) };
  return (
    findName(directive, offset) ??
    findInActions(directive.actions, offset) ??
    findInConditions(directive, offset) ??
    findState(directive, offset) ??
    findInPattern(directive, offset)
  );
}

/** A capture, a group by its number, or a built-in name behind `$`. */
function findName(directive: Directive, offset: number): Hovered | undefined {
  const found = findCaptureAt(directive, offset);
  if (found) {
    const { capture, place } = found;
    return {
      span: place.span,
      text: inMarkdown`**${toMarkdown(capture.name)}**  \n${printGroup(directive, capture.group)}`,
    };
  }
  const use = findGroupUseAt(directive, offset);
  if (use) {
    const text = use.group === 0 ? inMarkdown`the matched text` : printGroup(directive, use.group);
    return { span: use.span, text: inMarkdown`**$${use.group}**  \n${text}` };
  }
  return findBuiltIn(directive, offset);
}

function printGroup(directive: Directive, group: number | undefined): Markdown {
  const [number = '', ...source] = describeGroup(directive, group).split(', ');
  const words = toMarkdown(number);
  return source.length === 0 ? words : inMarkdown`${words}: ${code(source.join(', '))}`;
}

function findBuiltIn(directive: Directive, offset: number): Hovered | undefined {
  for (const text of partsOf(directive).texts) {
    for (const { name, start, end } of findAllVariables(text.text)) {
      const span = spanIn(text, start, end);
      if (contains(span, offset) && isBuiltInVariable(name))
        return { span, text: ownMarkdown(`**$${name}**  \n${builtInVariables[name].summary}`) };
    }
  }
  return undefined;
}

function findInActions(actions: readonly WrittenAction[], offset: number): Hovered | undefined {
  const action = actions.find(({ span }) => contains(span, offset));
  if (!action?.type) return undefined;
  const name = spanOf(action.name);
  if (contains(name, offset)) return { span: name, text: describeAction(action.type) };
  const written = action.params.find((param) => param.name && contains(spanOf(param.name), offset));
  const param = written?.name && findParam(action.type, written.name.text);
  return param && { span: spanOf(written.name), text: describeParam(param) };
}

function findInConditions(directive: Directive, offset: number): Hovered | undefined {
  const condition = partsOf(directive).conditions.find((text) => contains(spanOf(text), offset));
  for (const { index, 0: whole, 1: dot, 2: name = '' } of condition?.text.matchAll(
    /(\.?)\b([A-Za-z_]\w*)/g,
  ) ?? []) {
    const start = index + whole.length - name.length;
    const span = condition && spanIn(condition, start, start + name.length);
    if (!span || !contains(span, offset)) continue;
    if (isBuiltInVariable(name))
      return { span, text: ownMarkdown(`**${name}**  \n${builtInVariables[name].summary}`) };
    const row = dot === '.' ? findMethod(name) : findFunction(name);
    return row && { span, text: ownMarkdown(`${code(printSignature(name, row))}  \n${row.summary}`) };
  }
  return undefined;
}

function findState(directive: Directive, offset: number): Hovered | undefined {
  const values = directive.fields
    .filter(({ field }) => field !== undefined && fieldTable[field].type === 'states')
    .flatMap(({ value }) => parseList(value));
  const item = values.find((value) => contains(spanOf(value), offset));
  const state = item && findJobState(item.text);
  if (!state) return undefined;
  const { short, end } = jobStateTable[state];
  return {
    span: spanOf(item),
    text: ownMarkdown(`**${end ?? state}**  \nSlurm's state ${state} (${short})`),
  };
}

function findInPattern(directive: Directive, offset: number): Hovered | undefined {
  const { pattern } = partsOf(directive);
  if (!pattern?.compiled || !contains(spanOf(pattern.text), offset)) return undefined;
  const at = indexAt(pattern.text, offset);
  return { span: spanOf(pattern.text), text: describePattern(directive, pattern.compiled, at) };
}

/** The character of the text at or behind an offset of the script. */
const indexAt = (text: MappedText, offset: number): number => {
  let index = 0;
  while (index < text.text.length - 1 && offsetIn(text, index) < offset) index++;
  return index;
};
