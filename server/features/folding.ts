// Folding: blocks of watchers, login set-ups and runs of #SBATCH lines; the rest by indentation, since editors ask one provider alone.
import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver';
import type { SbatchLine } from '../../language/sbatch/lines';
import type { OpenDocument } from '../documents';

/** Undefined where nothing is ours: the editor then folds by itself. */
export function findFoldings(document: OpenDocument): FoldingRange[] | undefined {
  const { directives, loginSetups } = document.script;
  const blocks = [...directives, ...loginSetups]
    .filter(({ line, endLine }) => endLine > line)
    .map(({ line, endLine }) => toRegion(line - 1, endLine - 1));
  const own = [...blocks, ...findRuns(document.sbatchLines)];
  return own.length === 0 ? undefined : [...own, ...findIndented(document.text.getText().split('\n'))];
}

const toRegion = (startLine: number, endLine: number): FoldingRange => ({
  startLine,
  endLine,
  kind: FoldingRangeKind.Region,
});

function findRuns(lines: readonly SbatchLine[]): FoldingRange[] {
  const runs: { first: number; last: number }[] = [];
  for (const { line } of lines) {
    const run = runs.at(-1);
    if (run && run.last === line - 1) run.last = line;
    else runs.push({ first: line, last: line });
  }
  return runs.filter(({ first, last }) => last > first).map(({ first, last }) => toRegion(first, last));
}

/** A line with deeper lines below it, up to the last of them that is not empty. */
function findIndented(lines: readonly string[]): FoldingRange[] {
  const found: FoldingRange[] = [];
  const open: { readonly line: number; readonly indent: number }[] = [];
  let last = 0;
  [...lines, ''].forEach((text, line) => {
    const indent = line === lines.length ? 0 : text.search(/\S/);
    if (indent === -1) return;
    for (let top = open.at(-1); top && top.indent >= indent; top = open.at(-1)) {
      open.pop();
      if (last > top.line) found.push({ startLine: top.line, endLine: last });
    }
    open.push({ line, indent });
    last = line;
  });
  return found;
}
