// Diagnostics: every problem of a script, pulled where the client asks for them, else pushed shortly after each change.
import {
  DiagnosticSeverity,
  DiagnosticTag,
  DocumentDiagnosticReportKind,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver';
import { repository } from '../../package.json';
import type { Problem, ProblemCode, Severity } from '../../language/problem';
import type { OpenDocument, OpenDocuments } from '../documents';
import { toRange } from '../ranges';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Problems that name something superfluous: editors fade it. */
const superfluous: ReadonlySet<ProblemCode> = new Set(['unused-capture', 'ignored-by-ssync', 'empty-block']);

const page = `${repository.url.replace(/\.git$/, '')}/blob/main/docs/problems.md`;

export function toDiagnostic(document: OpenDocument, problem: Problem): Diagnostic {
  return {
    range: toRange(document.text, problem.span),
    severity: severities[problem.severity],
    code: problem.code,
    codeDescription: { href: `${page}#${problem.code}` },
    source: 'slurm-watchers',
    message: `${problem.message}\n${problem.remedy}`,
    ...(superfluous.has(problem.code) && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

const toDiagnostics = (document: OpenDocument): Diagnostic[] =>
  document.problems.map((problem) => toDiagnostic(document, problem));

/** The answer to a pull: unchanged where the client knows this version already. */
export function toDiagnosticReport(
  document: OpenDocument | undefined,
  previousResultId: string | undefined,
): DocumentDiagnosticReport {
  if (!document) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
  const resultId = String(document.version);
  if (resultId === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
  return { kind: DocumentDiagnosticReportKind.Full, resultId, items: toDiagnostics(document) };
}

/** So long after the last key stroke, in milliseconds. */
const quietTime = 100;

export interface PushedDiagnostics {
  /** From now on each change is followed by diagnostics. */
  begin(): void;
}

export function createPushedDiagnostics(
  documents: OpenDocuments,
  send: (parameters: PublishDiagnosticsParams) => Promise<void>,
): PushedDiagnostics {
  const waiting = new Map<string, NodeJS.Timeout>();
  const push = (uri: string): void => {
    waiting.delete(uri);
    const document = documents.find(uri);
    if (document) void send({ uri, version: document.version, diagnostics: toDiagnostics(document) });
  };
  return {
    begin: () => {
      documents.onDidChangeContent(({ document: { uri } }) => {
        clearTimeout(waiting.get(uri));
        waiting.set(uri, setTimeout(push, quietTime, uri));
      });
      documents.onDidClose(({ document: { uri } }) => {
        clearTimeout(waiting.get(uri));
        waiting.delete(uri);
        void send({ uri, diagnostics: [] });
      });
    },
  };
}
