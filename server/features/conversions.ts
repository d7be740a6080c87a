// Refactorings of the form: a directive in one line to a block, and a block to one line.
import { CodeActionKind, type CodeAction } from 'vscode-languageserver';
import { findMarker } from '../../language/directive/markers';
import { printDefinition } from '../../language/print';
import { findComment } from '../../language/scan';
import type { ScriptWatcher } from '../../language/script';
import { lineEndOf, type Span } from '../../language/text';
import type { OpenDocument } from '../documents';
import { toRange } from '../ranges';

/** Offered where nothing gets lost: no problems, no comments, and no other directive inside or around. */
export const findConversions = (document: OpenDocument, asked: Span): CodeAction[] =>
  document.script.watchers
    .filter(({ directive: { span } }) => span.start <= asked.end && asked.start <= span.end)
    .filter((watcher) => isPlain(document, watcher))
    .flatMap((watcher) => convert(document, watcher));

function convert({ uri, text }: OpenDocument, { definition, directive }: ScriptWatcher): CodeAction[] {
  const { kind, span, fields } = directive;
  const isNamed = fields.some(({ field }) => field === 'name');
  // Printing leaves out the name that a single watcher has by itself.
  const named = isNamed ? definition : { ...definition, name: 'watcher 1' };
  const printed = printDefinition(named, kind === 'inline' ? 'block' : 'inline');
  if (printed === undefined) return [];
  const script = text.getText();
  const margin = script.slice(script.lastIndexOf('\n', span.start - 1) + 1, span.start);
  const newline = lineEndOf(script);
  return [
    {
      title: kind === 'inline' ? 'Convert to a block' : 'Convert to one line',
      kind: CodeActionKind.RefactorRewrite,
      edit: {
        changes: {
          [uri]: [{ range: toRange(text, span), newText: printed.replaceAll('\n', newline + margin) }],
        },
      },
    },
  ];
}

function isPlain({ text, script, problems }: OpenDocument, { directive }: ScriptWatcher): boolean {
  const { start, end } = directive.span;
  const touches = ({ span }: { readonly span: Span }): boolean => span.start < end && start < span.end;
  const isTroubled = problems.some(
    (problem) =>
      touches(problem) &&
      problem.severity !== 'hint' &&
      problem.severity !== 'information' &&
      problem.code !== 'crlf-script',
  );
  const isNested = script.directives.some((other) => other !== directive && touches(other));
  return !isTroubled && !isNested && !text.getText().slice(start, end).split(/\r?\n/).some(hasComment);
}

function hasComment(line: string): boolean {
  const marker = findMarker(line);
  const rest = marker ? line.slice(marker.end) : line.replace(/^[ \t]*#/, '');
  const content = rest.replace(/^[ \t]/, '');
  return content.startsWith('#') || findComment(content.trimEnd()) < content.trimEnd().length;
}
