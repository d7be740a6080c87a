// Code lenses: what can be done with the script, for clients that have said which commands they have.
import type { CodeLens } from 'vscode-languageserver';
import type { ClientTraits } from '../clientTraits';
import type { OpenDocument } from '../documents';

/** One lens, at the script's first directive or #SBATCH line. */
export function findLenses(
  { uri, script, sbatchLines }: OpenDocument,
  { submitCommand }: ClientTraits,
): CodeLens[] {
  const lines = [...script.directives.map(({ line }) => line - 1), ...sbatchLines.map(({ line }) => line)];
  if (submitCommand === undefined || lines.length === 0) return [];
  const start = { line: Math.min(...lines), character: 0 };
  return [
    {
      range: { start, end: start },
      command: { title: '$(run-all) Submit with Watchers', command: submitCommand, arguments: [uri] },
    },
  ];
}
