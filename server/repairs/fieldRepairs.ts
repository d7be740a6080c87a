// Repairs of fields: ones that are missing, doubled, unknown, not closed, or have a value that cannot be read.
import { findTail } from '../../language/textEnd';
import { jobEndStates } from '../../language/jobStates';
import { spanOf } from '../../language/mappedText';
import { findNearest } from '../../language/nearest';
import { printText } from '../../language/print';
import type { Fix } from '../../language/problem';
import { fieldTable } from '../../language/schema';
import type { WrittenField } from '../../language/inline';
import type { Directive } from '../../language/directive';
import { findMarker, isInline, markers } from '../../language/directive/markers';
import { isFieldStart } from '../../language/directive/inlineKey';
import { quoteText } from '../../language/values';
import { isBuiltInVariable } from '../../language/variables';
import {
  fieldAddition,
  fieldRemoval,
  insert,
  lastField,
  lineRemoval,
  replace,
  toFix,
  type DirectiveTrouble,
  type Trouble,
} from './edits';

const scriptOf = ({ document }: Trouble): string => document.text.getText();

/** The field whose key or value the problem marks. */
const fieldAt = ({ fields }: Directive, offset: number): WrittenField | undefined =>
  fields.find(({ key, value }) => spanOf(key).start <= offset && offset < Math.max(value.end, key.end));

export const repairMissingPattern = (trouble: DirectiveTrouble): readonly Fix[] => {
  const { directive } = trouble;
  const add = (key: 'pattern' | 'trigger_on_job_end', value: string): Fix =>
    toFix(
      `Add ${key}`,
      fieldAddition(scriptOf(trouble), directive, { key, value, after: lastField(directive, 'name') }),
    );
  return [add('pattern', '"TEXT TO LOOK FOR"'), add('trigger_on_job_end', 'true')];
};

/** The one that counts stays. */
export function repairDuplicate(trouble: DirectiveTrouble): readonly Fix[] {
  const { directive, problem } = trouble;
  const own = directive.fields.find(({ key }) => key.start === problem.span.start);
  if (!own) return repairDuplicateParam(trouble);
  const word = own.field ?? own.key.text.toLowerCase();
  const others = directive.fields.filter(({ field, key }) => (field ?? key.text.toLowerCase()) === word);
  const edits = others.slice(0, -1).map((field) => fieldRemoval(scriptOf(trouble), directive, field));
  return [toFix(`Keep the last ${word} alone`, ...edits)];
}

/** Up to the parameter behind it. */
function repairDuplicateParam({ directive, problem }: DirectiveTrouble): readonly Fix[] {
  for (const { params } of directive.actions) {
    const own = params.find(({ name }) => name?.start === problem.span.start);
    const word = own?.name?.text.toLowerCase();
    if (word === undefined) continue;
    const edits = params.flatMap(({ name }, index) => {
      const isLast = params.slice(index + 1).every((other) => other.name?.text.toLowerCase() !== word);
      const next = params[index + 1]?.name;
      if (name?.text.toLowerCase() !== word || isLast || !next) return [];
      return replace({ start: name.start, end: next.start }, '');
    });
    return edits.length === 0 ? [] : [toFix(`Keep the last ${word} alone`, ...edits)];
  }
  return [];
}

export function repairNamesake(trouble: DirectiveTrouble): readonly Fix[] {
  const { document, directive, marked } = trouble;
  const field = lastField(directive, 'name');
  if (!field) return [];
  const taken = document.script.watchers.map(({ definition }) => definition.name);
  const base = marked.replace(/^["']|["']$/g, '');
  let number = 2;
  while (taken.includes(`${base} ${number}`)) number += 1;
  const name = printText(`${base} ${number}`);
  return name === undefined ? [] : [toFix(`Write ${name}`, replace(spanOf(field.value), name))];
}

export function removeField(trouble: DirectiveTrouble): readonly Fix[] {
  const { directive, problem, marked } = trouble;
  const field = directive.fields.find(({ key }) => key.start === problem.span.start);
  return field ? [toFix(`Remove ${marked}`, fieldRemoval(scriptOf(trouble), directive, field))] : [];
}

/** A word among few, or the field's example; a field that cannot be read may go as well: it counts as not written. */
export function repairValue(trouble: DirectiveTrouble): readonly Fix[] {
  const { directive, problem, marked } = trouble;
  const field = fieldAt(directive, problem.span.start);
  const type = field?.field && fieldTable[field.field].type;
  if (!field?.field || !type || type === 'actions') return [];
  const words = { boolean: ['true', 'false'], output: ['stdout', 'stderr', 'both'] };
  const choices =
    type === 'boolean' || type === 'output'
      ? sortByNearness(marked, words[type])
      : type === 'duration' || type === 'count'
        ? [toDuration(marked) ?? fieldTable[field.field].example]
        : [];
  return [
    ...choices.map((word) => toFix(`Write ${word}`, replace(problem.span, word))),
    toFix(`Remove ${field.field}`, fieldRemoval(scriptOf(trouble), directive, field)),
  ];
}

/** `10 min` and `2 hours` as the language has them. */
function toDuration(text: string): string | undefined {
  const match = /^["']?(\d+(?:\.\d+)?)\s*(s|m|h|d)[a-z]*["']?$/i.exec(text);
  return match ? `${match[1] ?? ''}${match[2]?.toLowerCase() ?? ''}` : undefined;
}

/** The one that was probably meant first. */
export function sortByNearness(text: string, words: readonly string[]): readonly string[] {
  const bare = text.replace(/["']/g, '').toLowerCase();
  const nearest = findNearest(bare, words) ?? words.find((word) => bare !== '' && word.startsWith(bare));
  return nearest === undefined ? words : [nearest, ...words.filter((word) => word !== nearest)];
}

/** The nearer bound. */
export function repairRange(trouble: DirectiveTrouble): readonly Fix[] {
  const { directive, problem, marked } = trouble;
  const field = fieldAt(directive, problem.span.start)?.field;
  const row = field && fieldTable[field];
  if (!row || !('bounds' in row)) return [];
  const [least] = row.bounds;
  const isLow = /^["']?-|^["']?0*(?:\.\d*)?[a-z]*["']?$/i.test(marked);
  const value = isLow ? `${least}${row.type === 'duration' && least > 0 ? 's' : ''}` : '7d';
  return isLow || row.type === 'duration' ? [toFix(`Write ${value}`, replace(problem.span, value))] : [];
}

/** What only the end of the job brings is for a watcher of the end. */
export function watchEnd(trouble: DirectiveTrouble): readonly Fix[] {
  const { directive, marked } = trouble;
  if (!isBuiltInVariable(marked)) return [];
  const field = lastField(directive, 'trigger_on_job_end');
  if (field) return [toFix('Write trigger_on_job_end=true', replace(spanOf(field.value), 'true'))];
  const after = lastField(directive, 'condition');
  return [
    toFix(
      'Add trigger_on_job_end',
      fieldAddition(scriptOf(trouble), directive, { key: 'trigger_on_job_end', value: 'true', after }),
    ),
  ];
}

export function repairState({ problem, marked }: DirectiveTrouble): readonly Fix[] {
  const nearest = findNearest(marked, jobEndStates) ?? jobEndStates.find((state) => state.startsWith(marked));
  return nearest === undefined ? [] : [toFix(`Write ${nearest}`, replace(problem.span, nearest))];
}

export function repairTimer(trouble: DirectiveTrouble): readonly Fix[] {
  const { directive } = trouble;
  return (['timer_mode_enabled', 'trigger_on_job_end'] as const).flatMap((name) => {
    const field = lastField(directive, name);
    return field ? toFix(`Remove ${name}`, fieldRemoval(scriptOf(trouble), directive, field)) : [];
  });
}

/** The value with what counts as a comment behind it, up to the next field of the line. */
export function repairHash(trouble: DirectiveTrouble): readonly Fix[] {
  const { problem, directive } = trouble;
  const script = scriptOf(trouble);
  const { start } = problem.span;
  const line = /^[^\r\n]*/.exec(script.slice(start))?.[0] ?? '';
  const next = directive.kind === 'inline' ? findNextField(line) : undefined;
  const whole = line.slice(0, next ?? line.length).trimEnd();
  const quoted = quoteText(whole);
  if (quoted === undefined) return [];
  return [toFix('Quote the value with the "#"', replace({ start, end: start + whole.length }, quoted))];
}

/** Index of the blanks before the next `field=`. */
function findNextField(line: string): number | undefined {
  for (const { index, 0: blanks } of line.matchAll(/\s+/g))
    if (isFieldStart(line, index + blanks.length)) return index;
  return undefined;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What is open is closed before the next field of the line, or at its end. */
export function closeQuote({ problem, marked, document }: Trouble): readonly Fix[] {
  const script = document.text.getText();
  const { start } = problem.span;
  const line = /^[^\r\n]*/.exec(marked)?.[0] ?? '';
  const isOneLine = isInline(script.slice(script.lastIndexOf('\n', start - 1) + 1, start + line.length));
  const next = isOneLine ? findNextField(line) : undefined;
  const inside = line.slice(0, next ?? line.length).trimEnd();
  const open = findOpen(inside);
  return open === '' ? [] : [toFix(`Close it with ${open}`, insert(start + inside.length, open))];
}

/** What would close everything that is open at the end of a text. */
function findOpen(text: string): string {
  const open: string[] = [];
  for (const { 0: piece } of text.matchAll(/\\.|["'()[\]{}]/g)) {
    const last = open.at(-1);
    const isQuoted = last === '"' || last === "'";
    if (piece === last) open.pop();
    else if (isQuoted) continue;
    else if (piece in closers) open.push(closers[piece] ?? '');
    else if (piece === '"' || piece === "'") open.push(piece);
  }
  return open.reverse().join('');
}

/** A comment in a block; words that belong to nothing go from a line. */
export function repairStray(trouble: DirectiveTrouble): readonly Fix[] {
  const { directive, problem, marked } = trouble;
  const script = scriptOf(trouble);
  const { start, end } = problem.span;
  if (directive.kind === 'inline') {
    return [toFix(`Remove ${marked}`, replace({ start: findTail(script, /[ \t]/, start), end }, ''))];
  }
  const blanks = findTail(script, /[ \t]/, start);
  const head = script[blanks - 1] === '#' ? blanks - 1 : blanks;
  return [
    toFix('Make it a comment', replace({ start: head, end: start }, '## ')),
    toFix('Remove the line', lineRemoval(script, problem.span)),
  ];
}

/** With its END, if nothing but comments stands between. */
export function removeEmptyBlock(trouble: Trouble): readonly Fix[] {
  const script = scriptOf(trouble);
  const { start } = trouble.problem.span;
  const begin = start + markers.begin.length;
  const comments = /^[ \t]*\r?\n(?:[ \t]*(?:#[ \t]*|##.*)?\r?\n)*/.exec(script.slice(begin));
  const next = begin + (comments?.[0].length ?? 0);
  const marker = findMarker(/^.*/.exec(script.slice(next))?.[0] ?? '');
  const end = marker?.kind === 'end' ? next + marker.end : begin;
  return [toFix('Remove the block', lineRemoval(script, { start, end }))];
}

/** A character of a pattern that means itself. */
export const escapeInPattern = ({ problem, marked }: DirectiveTrouble): readonly Fix[] =>
  /^[()[*+?{]$/.test(marked) ? [toFix(`Match ${marked} itself`, insert(problem.span.start, '\\'))] : [];
