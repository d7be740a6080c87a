// Code actions: repairs and refactorings of what is selected, as far as the client asks for their kinds.
import { CodeActionKind, type CodeAction, type CodeActionContext, type Range } from 'vscode-languageserver';
import type { OpenDocument } from '../documents';
import { findConversions } from './conversions';
import { findFixAll, findQuickFixes, fixAllKind } from './quickFixes';
import { findRefactorings } from './refactorings';

export const codeActionKinds: CodeActionKind[] = [
  CodeActionKind.QuickFix,
  CodeActionKind.RefactorRewrite,
  fixAllKind,
];

export function findCodeActions(
  document: OpenDocument,
  range: Range,
  { only }: Pick<CodeActionContext, 'only'>,
): CodeAction[] {
  const asked = { start: document.text.offsetAt(range.start), end: document.text.offsetAt(range.end) };
  const wants = (kind: string): boolean =>
    only?.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`)) ?? true;
  return [
    ...(wants(CodeActionKind.QuickFix) ? findQuickFixes(document, asked) : []),
    ...(wants(CodeActionKind.RefactorRewrite)
      ? [...findRefactorings(document, asked), ...findConversions(document, asked)]
      : []),
    ...(wants(fixAllKind) ? findFixAll(document) : []),
  ];
}
