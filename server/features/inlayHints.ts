// Inlay hints: numbers and names at the groups of a pattern, and what holds where a directive says nothing.
import { InlayHintKind, type InlayHint, type Range } from 'vscode-languageserver';
import { spanIn } from '../../language/mappedText';
import { fieldTable, type FieldName } from '../../language/schema';
import type { Directive } from '../../language/directive';
import { markerSpan } from '../../language/directive/markers';
import { toVisible } from '../../language/show/visible';
import { findCaptures } from '../captures';
import { partsOf } from '../directiveParts';
import type { OpenDocument } from '../documents';

export function findInlayHints(document: OpenDocument, range: Range): InlayHint[] {
  const [from, to] = [document.text.offsetAt(range.start), document.text.offsetAt(range.end)];
  return document.script.directives
    .filter(({ span }) => span.start <= to && span.end >= from)
    .flatMap((directive) => [...findGroups(document, directive), ...findDefaults(document, directive)]);
}

/** A group that says its own name needs no hint. */
function findGroups({ text }: OpenDocument, directive: Directive): InlayHint[] {
  const { pattern } = partsOf(directive);
  const names = new Map(findCaptures(directive).map(({ group, name }) => [group, name]));
  return (pattern?.compiled?.tree.groups ?? []).flatMap(({ number, name, span }) => {
    if (!pattern || number === undefined || name !== undefined) return [];
    const label = toVisible(`${names.get(number) ?? number}:`);
    const start = spanIn(pattern.text, span.start + 1).start;
    return [{ position: text.positionAt(start), label, kind: InlayHintKind.Parameter }];
  });
}

const told: readonly FieldName[] = ['interval', 'output_type'];

/** Behind the first line of a directive that is a watcher: how often and what it reads, and what it does. */
function findDefaults({ text, script }: OpenDocument, directive: Directive): InlayHint[] {
  if (!script.watchers.some((watcher) => watcher.directive === directive)) return [];
  const { fields, actions, kind, span } = directive;
  const missing = told.filter((name) => !fields.some(({ field }) => field === name));
  const defaults = missing.map((name) => `${name}=${fieldTable[name].defaultText.replace(/\s/g, '')}`);
  const acts = actions.length > 0 || fields.some(({ field }) => field === 'actions');
  const label = [...defaults, ...(acts ? [] : [`action=${fieldTable.action.defaultText}`])].join(' ');
  const { end } = kind === 'inline' ? span : markerSpan(directive);
  const position = text.positionAt(end);
  return label === '' ? [] : [{ position, label, kind: InlayHintKind.Parameter, paddingLeft: true }];
}
