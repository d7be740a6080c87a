// Document links: scripts that a command of a watcher submits.
import type { DocumentLink } from 'vscode-languageserver';
import { findActionRow, type ActionType } from '../../language/actionTable';
import { spanIn, type MappedText } from '../../language/mappedText';
import { readWords, type Word } from '../../language/sbatch/words';
import { readOptions } from '../../language/sbatch/writtenOptions';
import type { Span } from '../../language/text';
import type { OpenDocument } from '../documents';
import { toRange } from '../ranges';

/** Paths with variables or other shell syntax name no file that could be opened. */
const script = /^[\w ./+@%-]+\.(?:sh|bash|sbatch|slurm|job)$/;

export const findLinks = (document: OpenDocument): DocumentLink[] =>
  document.script.directives.flatMap(({ actions }) =>
    actions
      .filter(({ type }) => type && runsCommand(type))
      .flatMap(({ params }) => params.flatMap(({ value }) => findInCommand(document, value))),
  );

const runsCommand = (type: ActionType): boolean =>
  findActionRow(type)?.params.some((param) => param.type === 'command') ?? false;

/** Relative paths are looked for beside the script: a job starts where it was submitted, which mostly is there. */
function findInCommand({ uri, text }: OpenDocument, command: MappedText): DocumentLink[] {
  return [...command.text.matchAll(/\bsbatch(?=\s)/g)].flatMap(({ index, 0: program }) => {
    const path = findSubmitted(command.text, index + program.length);
    const target = path && resolve(uri, path.text);
    if (!path || target === undefined) return [];
    const { start, end } = innerSpan(path);
    return [{ range: toRange(text, spanIn(command, start, end)), target, tooltip: `Open ${path.text}` }];
  });
}

/** The first word of a call of sbatch that is neither an option nor its value. */
function findSubmitted(command: string, from: number): Word | undefined {
  const call = /^[^;&|<>()\n]*/.exec(command.slice(from))?.[0] ?? '';
  const word = readOptions(readWords(call, from).words).find(({ name }) => !name.text.startsWith('-'))?.name;
  return word && script.test(word.text) ? word : undefined;
}

/** Without the quotes around it. */
const innerSpan = ({ start, end, places }: Word): Span => ({
  start: places?.[0]?.at ?? start,
  end: (places?.at(-1)?.at ?? end - 1) + 1,
});

function resolve(uri: string, path: string): string | undefined {
  const folder = /^([a-z][\w+.-]*:\/\/[^/]*)(\/(?:.*\/)?)/i.exec(uri);
  if (!folder) return undefined;
  const [, root = '', base = ''] = folder;
  const written = encodeURI(path);
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? written : base + written).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `${root}/${parts.join('/')}`;
}
