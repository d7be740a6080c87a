// Quick fixes: what can be done about each problem, and one that makes all certain repairs.
import { CodeActionKind, type CodeAction, type TextEdit } from 'vscode-languageserver';
import type { Fix, Problem } from '../../language/problem';
import { toVisible } from '../../language/show/visible';
import type { Span } from '../../language/text';
import type { OpenDocument } from '../documents';
import { toRange } from '../ranges';
import { findRepairs } from '../repairs/findRepairs';
import { toDiagnostic } from './diagnostics';

/** The kind that editors may run on save. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.slurmWatchers`;

/** Repairs that problems bring are preferred; those that are a choice are offered beside each other. */
export const findQuickFixes = (document: OpenDocument, asked: Span): CodeAction[] =>
  document.problems.flatMap((problem) => {
    const { fix, span } = problem;
    if (span.start > asked.end || span.end < asked.start) return [];
    return (fix ? [fix] : findRepairs(document, problem)).map(({ title, edits }) => ({
      title: toVisible(title),
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(document, problem)],
      ...(fix && { isPreferred: true }),
      edit: { changes: { [document.uri]: edits.map((edit) => toTextEdit(document, edit)) } },
    }));
  });

type Edit = Fix['edits'][number];

const toTextEdit = ({ text }: OpenDocument, { span, newText }: Edit): TextEdit => ({
  range: toRange(text, span),
  newText,
});

/** What an #SBATCH line says is what the job gets: each change of one is decided by itself. */
const isSafe = ({ sbatchLines }: OpenDocument, { code, fix }: Problem): boolean =>
  !code.startsWith('sbatch-') &&
  (fix?.edits ?? []).every(({ span }) =>
    sbatchLines.every((line) => span.end <= line.span.start || line.span.end <= span.start),
  );

/** Of repairs that touch each other the first one is made; the others follow with the next run. */
export function findFixAll(document: OpenDocument): CodeAction[] {
  const chosen: Edit[] = [];
  for (const { fix } of document.problems.filter((problem) => isSafe(document, problem))) {
    const isFree = fix?.edits.every(({ span }) => !chosen.some((other) => touches(span, other.span)));
    if (fix && isFree) chosen.push(...fix.edits);
  }
  if (chosen.length === 0) return [];
  const edits = chosen.map((edit) => toTextEdit(document, edit));
  return [
    {
      title: 'Fix all problems of directives',
      kind: fixAllKind,
      edit: { changes: { [document.uri]: edits } },
    },
  ];
}

const touches = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;
