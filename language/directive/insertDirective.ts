// A new directive in a script: where a person would write it.
import type { Definition } from '../definition';
import { applyEdits, type Edit } from '../format';
import { isEqual, printDefinition } from '../print';
import { findSbatchLines } from '../sbatch/lines';
import { parseScript, type Script } from '../script';
import { lineEndOf } from '../text';

/**
 * The edits that write a new directive: after the last one, else after the last `#SBATCH` line, else after the shebang, in one
 * line if it is short. An empty name is the one that its place gives it. Undefined if the language has no words for it.
 */
export function insertDirective(text: string, definition: Definition): readonly Edit[] | undefined {
  const script = parseScript(text);
  const ownName = `watcher ${script.watchers.length + 1}`;
  const wanted = definition.name === '' ? { ...definition, name: ownName } : definition;
  // Printing leaves out the name that a single watcher has by itself.
  const named = wanted.name === ownName ? { ...wanted, name: 'watcher 1' } : wanted;
  const printed = printDefinition(named);
  if (printed === undefined) return undefined;
  const place = findPlace(text, script);
  const edits = [toEdit(text, place, printed)];
  const after = parseScript(applyEdits(text, edits)).watchers.map((watcher) => watcher.definition);
  const before = script.watchers.map((watcher) => watcher.definition);
  return isEqual(after, [...before, wanted]) ? edits : undefined;
}

interface Place {
  /** How many lines stand before it. */
  readonly line: number;
  /** An empty line sets it apart from what is before. */
  readonly isApart: boolean;
  readonly margin: string;
}

function findPlace(text: string, script: Script): Place {
  const last = script.directives.reduce<Script['directives'][number] | undefined>(
    (best, one) => (best && best.endLine > one.endLine ? best : one),
    undefined,
  );
  if (last) {
    const begin = text.lastIndexOf('\n', last.span.start - 1) + 1;
    return { line: last.endLine, isApart: last.kind === 'block', margin: text.slice(begin, last.span.start) };
  }
  const blank = script.loginSetups;
  const sbatch = findSbatchLines(text, blank)
    .filter(({ ignored }) => ignored === null)
    .at(-1);
  if (sbatch) return { line: sbatch.line + 1, isApart: true, margin: '' };
  return { line: text.startsWith('#!') ? 1 : 0, isApart: text.startsWith('#!'), margin: '' };
}

function toEdit(text: string, { line, isApart, margin }: Place, printed: string): Edit {
  const newline = lineEndOf(text);
  const at = startOfLine(text, line);
  const directive = printed
    .split('\n')
    .map((one) => margin + one)
    .join(newline);
  const isLast = at === text.length && text !== '' && !text.endsWith('\n');
  const before = (isLast ? newline : '') + (isApart ? newline : '');
  const after = isApart && /^[^\S\n]*[^\s#]/.test(text.slice(at)) ? newline : '';
  return { span: { start: at, end: at }, newText: `${before}${directive}${newline}${after}` };
}

/** Offset of the line that this many lines come before; the end of the text if there are fewer. */
function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let count = 0; count < line; count++) {
    const found = text.indexOf('\n', at);
    if (found === -1) return text.length;
    at = found + 1;
  }
  return at;
}
