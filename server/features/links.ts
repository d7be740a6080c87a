// Document links: scripts that a run_command submits.
import type { DocumentLink } from 'vscode-languageserver';
import { spanIn, type MappedText } from '../../language/mappedText';
import type { OpenDocument } from '../documents';
import { toRange } from '../ranges';

/** Paths with variables or other shell syntax name no file that could be opened. */
const submission = /\bsbatch\b(?:\s+-\S+)*\s+([\w./+@-]+\.(?:sh|bash|sbatch|slurm|job))(?![\w./])/g;

export const findLinks = (document: OpenDocument): DocumentLink[] =>
  document.script.directives.flatMap(({ actions }) =>
    actions
      .filter(({ type }) => type === 'run_command')
      .flatMap(({ params }) => params.flatMap(({ value }) => findInCommand(document, value))),
  );

/** Relative paths are looked for beside the script: a job starts where it was submitted, which mostly is there. */
function findInCommand({ uri, text }: OpenDocument, command: MappedText): DocumentLink[] {
  return [...command.text.matchAll(submission)].flatMap(({ index, 0: whole, 1: path = '' }) => {
    const start = index + whole.length - path.length;
    const target = resolve(uri, path);
    const range = toRange(text, spanIn(command, start, start + path.length));
    return target === undefined ? [] : [{ range, target, tooltip: `Open ${path}` }];
  });
}

function resolve(uri: string, path: string): string | undefined {
  const folder = /^([a-z][\w+.-]*:\/\/[^/]*)(\/(?:.*\/)?)/i.exec(uri);
  if (!folder) return undefined;
  const [, root = '', base = ''] = folder;
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : base + path).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `${root}/${parts.join('/')}`;
}
