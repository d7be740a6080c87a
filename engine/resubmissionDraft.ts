// What a script that is submitted again would be: its options changed, captures in its body; pure, so that a dry run shows the same.
import { findBodyNames } from '../language/bodyNames';
import type { Json } from '../language/json/value';
import { findDirectives } from '../language/directives';
import { renderBody } from '../language/renderBody';
import { modifyOptions, type OptionChange, type OptionSources } from '../language/sbatch/modifyOptions';
import type { Submission } from './model';

/** What is known of the submission before. */
export type DraftSource = Pick<Submission, 'script' | 'options' | 'lastingOptions' | 'given' | 'rendered'>;

/** What of a new submission follows from the script, its options and what was captured. */
interface DraftParts {
  readonly modifications: Json | undefined;
  /** The captures of the watcher. */
  readonly names: readonly string[];
  readonly captures: Readonly<Record<string, string>>;
}

export interface Draft extends Pick<Submission, 'script' | 'cleanScript' | 'options'> {
  readonly rendered: Readonly<Record<string, string>>;
  readonly changes: readonly OptionChange[];
  readonly given: readonly string[];
}

/** The options changed, the captures in the body; or why that cannot be. Pure. */
export function draftResubmission(
  before: DraftSource,
  { modifications, names, captures }: DraftParts,
): Draft | { readonly why: string } {
  const given = before.given ?? [];
  const sources: OptionSources = {
    script: before.script,
    options: before.lastingOptions ?? before.options,
    given,
  };
  const isObject =
    typeof modifications === 'object' && modifications !== null && !Array.isArray(modifications);
  const modified = modifyOptions(sources, isObject ? (modifications as Readonly<Record<string, Json>>) : {});
  const [problem] = modified.problems;
  if (problem) return { why: `--${problem.name} cannot be changed: ${problem.reason}. ${problem.remedy}` };
  const known = { ...before.rendered, ...captures };
  const unset = Object.fromEntries(names.map((name) => [name, null]));
  const clean = findDirectives(modified.script).cleanText;
  const { value, problems, missing } = renderBody(clean, { ...unset, ...known });
  const [refusal] = problems;
  if (value === undefined || refusal)
    return {
      why: `the value of "${refusal?.name ?? ''}" cannot be put into the script: ${refusal?.reason ?? ''}. ${refusal?.remedy ?? ''}`,
    };
  if (missing.length > 0) {
    const list = missing.map((name) => `\${${name}}`).join(', ');
    return {
      why: `the script needs ${list}, and nothing was captured for it; write \${name:-default} if it can do without`,
    };
  }
  const { script, options, changes } = modified;
  const { used } = findBodyNames(clean);
  const rendered = Object.fromEntries(Object.entries(known).filter(([name]) => used.has(name)));
  return { script, cleanScript: value, options, changes, given, rendered };
}

/** So many lines of a body are told. */
const toldLines = 20;

/** What a draft changes, in sentences: options, then lines of the body. */
export function describeDraft({ script, cleanScript, changes }: Draft): readonly string[] {
  const options = changes.map(({ before, after }) =>
    before === null
      ? `${after ?? ''} is set`
      : after === null
        ? `${before} goes`
        : `${before} becomes ${after}`,
  );
  const before = findDirectives(script).cleanText.split('\n');
  const after = cleanScript.split('\n');
  const from = before.findIndex((line, index) => line !== after[index]);
  const isAligned = before.length === after.length;
  const lines = before.flatMap((line, index) => {
    const isTold = isAligned ? line !== after[index] : index === from;
    if (!isTold) return [];
    const end = after.length - (before.length - index) + 1;
    const rendered = isAligned ? (after[index] ?? '') : after.slice(index, end).join('\n');
    return [`line ${index + 1}: ${line.trim()} becomes ${rendered.trim()}`];
  });
  const more = lines.length - toldLines;
  return [...options, ...lines.slice(0, toldLines), ...(more > 0 ? [`and ${more} more lines`] : [])];
}
