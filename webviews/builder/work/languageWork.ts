// What the language says of the form: read beside the page, which stays small and is never held up.
import { defaultAllowedCommands } from '../../../language/allowedCommands';
import { toDerivedCaptures } from '../../../language/bind';
import type { Definition } from '../../../language/definition';
import { updateDirective } from '../../../language/directive/updateDirective';
import { toIdentifier } from '../../../language/example/captureNames';
import { toCaptures, type Piece } from '../../../language/example/pieces';
import { renderPattern } from '../../../language/example/renderPattern';
import type { Selection } from '../../../language/example/selection';
import { suggestWatcher, type SuggestedCondition } from '../../../language/example/suggestWatcher';
import { readForm } from '../../../language/form/readForm';
import { toForm } from '../../../language/form/toForm';
import { toCaptureNames, type BoxProblem, type WatcherForm } from '../../../language/form/watcherForm';
import { applyEdits } from '../../../language/format';
import { printWatcher } from '../../../language/json/definitionJson';
import { compileCached } from '../../../language/patternProblems';
import { printDefinition } from '../../../language/print';
import type { Problem } from '../../../language/problem';
import { explainPattern, type Piece as ExplainedPiece } from '../../../language/regex/explain';
import { parseScript } from '../../../language/script';
import type { Span } from '../../../language/text';
import { parseWatcherFile } from '../../../language/watcherFile';

/** A group of the pattern. */
export interface Group {
  readonly number: number;
  /** Written, or the pattern's own; empty if it has none. */
  readonly name: string;
  readonly isOwnName: boolean;
  readonly span: Span;
}

/** What the form says. */
export interface FormAnswer {
  readonly problems: readonly BoxProblem[];
  /** The watcher in the JSON form; undefined while something is wrong with it. */
  readonly watcher: string | undefined;
  /** As the script would have it; undefined if there is no watcher, or if the language has no words for it. */
  readonly directive: string | undefined;
  readonly groups: readonly Group[];
  readonly explanation: readonly ExplainedPiece[];
  /** The name that the watcher gets if none is typed. */
  readonly suggestedName: string;
}

export interface TextAnswer {
  /** Undefined while the text is not one watcher. */
  readonly form: WatcherForm | undefined;
  readonly problems: readonly Pick<Problem, 'severity' | 'message' | 'remedy'>[];
}

export interface ExampleAnswer {
  readonly pieces: readonly Piece[];
  readonly form: WatcherForm;
  readonly conditions: readonly SuggestedCondition[];
}

export interface PatternAnswer {
  readonly pattern: string;
  readonly captures: string;
}

/** `original`: the directive as it stands in the script; what does not change keeps its spelling. */
export interface LanguageJobs {
  form: [
    {
      readonly form: WatcherForm;
      readonly original: string | undefined;
      readonly ownName: string | undefined;
      readonly allowedCommands: readonly string[] | undefined;
    },
    FormAnswer,
  ];
  directive: [{ readonly text: string }, TextAnswer];
  json: [{ readonly text: string }, TextAnswer];
  example: [Selection, ExampleAnswer];
  pieces: [{ readonly pieces: readonly Piece[] }, PatternAnswer];
}

export type LanguageJob = {
  [Kind in keyof LanguageJobs]: { readonly kind: Kind; readonly given: LanguageJobs[Kind][0] };
}[keyof LanguageJobs];

export function answerLanguageJob(job: LanguageJob): LanguageJobs[keyof LanguageJobs][1] {
  switch (job.kind) {
    case 'form':
      return answerForm(job.given);
    case 'directive':
      return readDirectiveText(job.given.text);
    case 'json':
      return readJsonText(job.given.text);
    case 'example':
      return answerExample(job.given);
    case 'pieces':
      return answerPieces(job.given.pieces);
  }
}

function answerForm({ form, original, ownName, allowedCommands }: LanguageJobs['form'][0]): FormAnswer {
  const { definition, problems } = readForm(form, allowedCommands ?? defaultAllowedCommands);
  const isWrong = problems.some(({ severity }) => severity === 'error');
  const suggestedName = ownName ?? suggestName(form);
  const named =
    definition && !isWrong && ownName === undefined && definition.name === ''
      ? { ...definition, name: suggestedName }
      : definition;
  return {
    problems,
    watcher: named && !isWrong ? printWatcher(named) : undefined,
    directive: named && !isWrong ? printInPlace(named, original) : undefined,
    groups: findGroups(form),
    explanation: explain(form),
    suggestedName,
  };
}

function printInPlace(definition: Definition, original: string | undefined): string | undefined {
  const printed = printDefinition(definition.name === '' ? { ...definition, name: 'watcher 1' } : definition);
  const [watcher] = original === undefined ? [] : parseScript(original).watchers;
  if (original === undefined || !watcher) return printed;
  const edits = updateDirective(original, watcher, definition);
  return edits ? applyEdits(original, edits) : printed;
}

function suggestName(form: WatcherForm): string {
  const name = toCaptureNames(form).find((written) => written !== '');
  if (name !== undefined) return name;
  const pattern = form.fields.pattern ?? '';
  const own = /\(\?P<(\w+)>/.exec(pattern)?.[1];
  if (own !== undefined) return own;
  const [words] = pattern.replace(/\\./g, ' ').match(/[A-Za-z][A-Za-z ]+/) ?? [];
  const said = words && toIdentifier(words)?.replaceAll('_', ' ').slice(0, 30).trim();
  return said || (form.fields.trigger_on_job_end ? 'job end' : 'my watcher');
}

function findGroups(form: WatcherForm): readonly Group[] {
  const pattern = compileCached(form.fields.pattern ?? '').value;
  if (!pattern) return [];
  const written = toCaptureNames(form);
  const own = toDerivedCaptures(pattern);
  return pattern.tree.groups.map(({ span }, index) => ({
    number: index + 1,
    name: written[index] || own[index] || '',
    isOwnName: !written[index] && Boolean(own[index]),
    span,
  }));
}

function explain({ fields: { pattern } }: WatcherForm): readonly ExplainedPiece[] {
  if (pattern === undefined || pattern === '') return [];
  const compiled = compileCached(pattern).value;
  return compiled ? explainPattern(compiled.tree) : [];
}

const oneWatcher = { severity: 'error', remedy: 'Leave one watcher here.' } as const;

function readDirectiveText(text: string): TextAnswer {
  const { watchers, problems } = parseScript(text);
  const [watcher] = watchers;
  if (watchers.length > 1)
    return { form: undefined, problems: [{ ...oneWatcher, message: 'These are several directives.' }] };
  if (!watcher) return { form: undefined, problems: problems.length > 0 ? problems : [noDirective] };
  return { form: toForm(unnamed(watcher.definition)), problems };
}

const noDirective = {
  severity: 'error',
  message: 'This is not a directive.',
  remedy: 'Write a line that begins with #WATCHER, or a block from #WATCHER_BEGIN to #WATCHER_END.',
} as const;

function readJsonText(text: string): TextAnswer {
  const { watchers, problems } = parseWatcherFile(text);
  const [watcher] = watchers;
  if (watchers.length > 1)
    return { form: undefined, problems: [{ ...oneWatcher, message: 'These are several watchers.' }] };
  return { form: watcher && toForm(unnamed(watcher.definition)), problems };
}

/** The name that a watcher has only by its place is not written. */
const unnamed = (definition: Definition): Definition =>
  definition.name === 'watcher 1' ? { ...definition, name: '' } : definition;

function answerExample(selection: Selection): ExampleAnswer {
  const { pieces, definition, conditions } = suggestWatcher(selection);
  return { pieces, form: toForm(definition), conditions };
}

const answerPieces = (pieces: readonly Piece[]): PatternAnswer => ({
  pattern: renderPattern(pieces),
  captures: toCaptures(pieces).join(', '),
});
