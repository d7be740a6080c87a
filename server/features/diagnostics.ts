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
import { toVisible } from '../../language/show/visible';
import { findRelated } from '../relatedPlaces';
import type { OpenDocument, OpenDocuments } from '../documents';
import { nameSettings, type Settings } from '../settings';
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

/** `showsRelated`: with the other places that belong to it. */
export function toDiagnostic(document: OpenDocument, problem: Problem, showsRelated = false): Diagnostic {
  const related = showsRelated ? findRelated(document.script, problem) : [];
  return {
    range: toRange(document.text, problem.span),
    severity: severities[problem.severity],
    code: problem.code,
    codeDescription: { href: `${page}#${problem.code}` },
    source: 'slurm-watchers',
    message: `${toVisible(problem.message)}\n${toVisible(problem.remedy)}`,
    ...(superfluous.has(problem.code) && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related.length > 0 && {
      relatedInformation: related.map(({ span, message }) => ({
        location: { uri: document.uri, range: toRange(document.text, span) },
        message: toVisible(message),
      })),
    }),
  };
}

const toDiagnostics = (document: OpenDocument, showsRelated: boolean): Diagnostic[] =>
  document.problems.map((problem) => toDiagnostic(document, problem, showsRelated));

const countOf = new WeakMap<OpenDocument['text'], number>();
const lastCount = new Map<string, number>();

/** How often the script was opened again: then it begins anew with its versions. */
function countReopened({ uri, text }: OpenDocument): number {
  const count = countOf.get(text) ?? (lastCount.get(uri) ?? -1) + 1;
  countOf.set(text, count);
  lastCount.set(uri, count);
  return count;
}

/** The answer to a pull: unchanged where the client knows the problems of this version with these settings already. */
export function toDiagnosticReport(
  document: OpenDocument | undefined,
  previousResultId: string | undefined,
  showsRelated: boolean,
): DocumentDiagnosticReport {
  if (!document) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
  const reopened = countReopened(document);
  const resultId = [
    document.version,
    ...[nameSettings(document.settings)].filter((name) => name !== ''),
    ...(reopened > 0 ? [`opened again ${reopened}`] : []),
  ].join(' ');
  if (resultId === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
  return {
    kind: DocumentDiagnosticReportKind.Full,
    resultId,
    items: toDiagnostics(document, showsRelated),
  };
}

/** So long after the last key stroke, in milliseconds. */
const quietTime = 100;

export interface PushedDiagnostics {
  /** From now on each change is followed by diagnostics. */
  begin(showsRelated: boolean): void;
  /** Tells the problems of all open scripts anew, where they are pushed at all. */
  repeat(): void;
}

export function createPushedDiagnostics(
  documents: OpenDocuments,
  settings: Settings,
  send: (parameters: PublishDiagnosticsParams) => Promise<void>,
): PushedDiagnostics {
  const waiting = new Map<string, NodeJS.Timeout>();
  let showsRelated: boolean | undefined;
  const push = async (uri: string): Promise<void> => {
    waiting.delete(uri);
    await settings.learn(uri);
    const document = documents.find(uri);
    // A change that came meanwhile is followed by diagnostics of its own.
    if (!document || waiting.has(uri)) return;
    const diagnostics = toDiagnostics(document, showsRelated === true);
    await send({ uri, version: document.version, diagnostics });
  };
  const pushSoon = (uri: string): void => {
    clearTimeout(waiting.get(uri));
    waiting.set(
      uri,
      setTimeout(() => void push(uri), quietTime),
    );
  };
  return {
    begin: (related) => {
      showsRelated = related;
      documents.onDidChangeContent(({ document: { uri } }) => {
        pushSoon(uri);
      });
      documents.onDidClose(({ document: { uri } }) => {
        clearTimeout(waiting.get(uri));
        waiting.delete(uri);
        void send({ uri, diagnostics: [] });
      });
    },
    repeat: () => {
      if (showsRelated !== undefined) documents.keys().forEach(pushSoon);
    },
  };
}
