// Quick fixes: one for every problem that brings a repair.
import { CodeActionKind, type CodeAction, type Range } from 'vscode-languageserver';
import type { OpenDocument } from '../documents';
import { toRange } from '../ranges';
import { toDiagnostic } from './diagnostics';

export function findQuickFixes(document: OpenDocument, range: Range): CodeAction[] {
  const from = document.text.offsetAt(range.start);
  const to = document.text.offsetAt(range.end);
  return document.problems.flatMap((problem): CodeAction[] => {
    const { fix, span } = problem;
    if (!fix || span.start > to || span.end < from) return [];
    const edits = fix.edits.map((edit) => ({
      range: toRange(document.text, edit.span),
      newText: edit.newText,
    }));
    return [
      {
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [toDiagnostic(document, problem)],
        isPreferred: true,
        edit: { changes: { [document.uri]: edits } },
      },
    ];
  });
}
