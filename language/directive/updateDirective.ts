// A directive in its script with another definition: the least edits, so that what does not change stays as it is written.
import type { Definition } from '../definition';
import { applyEdits, type Edit } from '../format';
import { spanOf } from '../mappedText';
import { isEqual, printDefinition } from '../print';
import { parseScript, type Script, type ScriptWatcher } from '../script';
import { lineEndOf } from '../text';
import { changeActions, rewriteActions } from './actionEdits';
import { changeFields } from './fieldEdits';

/** What is changed: a watcher of a script, and what it shall be. */
export interface DirectiveChange {
  readonly text: string;
  readonly watcher: ScriptWatcher;
  /** Complete: without a name of its own it has the one that its place gives it. */
  readonly wanted: Definition;
}

/**
 * The edits after which the watcher, which `parseScript(text)` gave, has this definition; none if it has it already. Values of other
 * fields, comments, order, quotes and layout stay; a new field is written after those that come before it in the table, in the
 * form that the directive has. An empty name is the one that the watcher's place gives it. Undefined if the language has no words for the
 * definition.
 */
export function updateDirective(
  text: string,
  watcher: ScriptWatcher,
  definition: Definition,
): readonly Edit[] | undefined {
  const script = parseScript(text);
  const index = script.watchers.findIndex(({ line }) => line === watcher.line);
  const ownName = `watcher ${index + 1}`;
  const wanted = definition.name === '' ? { ...definition, name: ownName } : definition;
  if (isEqual(watcher.definition, wanted)) return [];
  const change = { text, watcher, wanted };
  const ways = [
    () => join(changeFields(change, ownName), changeActions(change)),
    () => join(changeFields(change, ownName), rewriteActions(change)),
    () => printAgain(change, ownName, watcher.directive.kind),
    () => printAgain(change, ownName, 'block'),
  ];
  for (const way of ways) {
    const edits = way();
    if (edits && isRight(applyEdits(text, edits), script, { index, wanted })) return edits;
  }
  return undefined;
}

const join = (
  fields: readonly Edit[] | undefined,
  actions: readonly Edit[] | undefined,
): readonly Edit[] | undefined => fields && actions && sortEdits([...fields, ...actions]);

/** What is inserted at a place comes before what is replaced there. */
const sortEdits = (edits: readonly Edit[]): readonly Edit[] =>
  [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);

/** This watcher is as wanted, all others and the program are as before. */
function isRight(
  text: string,
  before: Script,
  { index, wanted }: { readonly index: number; readonly wanted: Definition },
): boolean {
  const after = parseScript(text);
  return (
    after.watchers.length === before.watchers.length &&
    toProgram(after) === toProgram(before) &&
    after.watchers.every(({ definition }, at) =>
      isEqual(definition, at === index ? wanted : before.watchers[at]?.definition),
    )
  );
}

/** A directive may get longer: empty lines do not count. */
const toProgram = ({ cleanText }: Script): string =>
  cleanText
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');

/** The whole directive anew, with the lines of its comments. */
function printAgain(
  { text, watcher, wanted }: DirectiveChange,
  ownName: string,
  form: 'inline' | 'block',
): readonly Edit[] | undefined {
  const { span } = watcher.directive;
  // Printing leaves out the name that a single watcher has by itself.
  const named = wanted.name === ownName ? { ...wanted, name: 'watcher 1' } : wanted;
  const printed = printDefinition(named, form)?.split('\n');
  if (!printed) return undefined;
  const margin = text.slice(text.lastIndexOf('\n', span.start - 1) + 1, span.start);
  const comments = text
    .slice(span.start, span.end)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.startsWith('##'));
  const lines = form === 'block' ? [...printed.slice(0, 1), ...comments, ...printed.slice(1)] : printed;
  const newText = lines.join(lineEndOf(text) + margin);
  const end = Math.max(span.end, ...watcher.directive.fields.map(({ value }) => spanOf(value).end));
  return [{ span: { start: span.start, end: form === watcher.directive.kind ? end : span.end }, newText }];
}
