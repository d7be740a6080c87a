// Code lenses: what can be done with the script and with each directive, for clients that have said which commands they have.
import type { CodeLens } from 'vscode-languageserver';
import type { ClientTraits } from '../clientTraits';
import type { OpenDocument } from '../documents';

/** One lens at the script's first directive or #SBATCH line, and the client's own at every directive. */
export function findLenses(document: OpenDocument, client: ClientTraits): CodeLens[] {
  return [...findSubmission(document, client), ...findDirectiveLenses(document, client)];
}

function findSubmission(
  { uri, script, sbatchLines }: OpenDocument,
  { submitCommand }: ClientTraits,
): CodeLens[] {
  const lines = [...script.directives.map(({ line }) => line - 1), ...sbatchLines.map(({ line }) => line)];
  if (submitCommand === undefined || lines.length === 0) return [];
  return [toLens(Math.min(...lines), '$(run-all) Submit with Watchers', submitCommand, [uri])];
}

const findDirectiveLenses = (
  { uri, script }: OpenDocument,
  { directiveCommands }: ClientTraits,
): CodeLens[] =>
  script.directives.flatMap(({ line }) =>
    directiveCommands.map(({ title, command }) => toLens(line - 1, title, command, [uri, line - 1])),
  );

function toLens(line: number, title: string, command: string, words: readonly unknown[]): CodeLens {
  const start = { line, character: 0 };
  return { range: { start, end: start }, command: { title, command, arguments: [...words] } };
}
