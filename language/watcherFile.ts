// The JSON form: watcher files to definitions, with the same checks as directives and problems at their places.
import { append } from './append';
import { defaultAllowedCommands } from './allowedCommands';
import { bindDirective, type WrittenDirective } from './bind';
import type { ActionMapping } from './block';
import type { Definition } from './definition';
import type { WrittenField } from './inline';
import { parseJsonTree, type JsonNode } from './jsonTree';
import { mapOffsets, mapText, type MappedText } from './mappedText';
import { toProblem, type Fix, type Problem } from './problem';
import { fieldTable, findField, findJsonField, type FieldType } from './schema';
import type { ParseOptions } from './script';
import { createLineIndex, type LineIndex, type Span } from './text';
import { WatcherNames } from './watcherNames';

export interface FileWatcher {
  readonly definition: Definition;
  /** First and last line of its object, from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly span: Span;
}

export interface WatcherFile {
  readonly watchers: readonly FileWatcher[];
  /** In the order of their places; spans are offsets in the JSON text. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a watcher file: an array of watchers, an object with `watchers` (as `slurm-watchers parse --json` prints it), or
 * one watcher. Never throws. Source: sections 3 and 11 of the language.
 */
export function parseWatcherFile(
  text: string,
  { allowedCommands = defaultAllowedCommands }: ParseOptions = {},
): WatcherFile {
  const { value, problems } = parseJsonTree(text);
  if (!value)
    return {
      watchers: [],
      problems: problems.map(({ message, offset }) => toBadJson(text, message, offset)),
    };
  const reader = new FileReader(text, allowedCommands);
  for (const node of findWatchers(value)) reader.read(node);
  return {
    watchers: reader.watchers,
    problems: [...reader.problems].sort((a, b) => a.span.start - b.span.start),
  };
}

const toBadJson = (text: string, message: string, offset: number): Problem => {
  const start = Math.max(0, Math.min(offset, text.length - 1));
  return toProblem(
    'bad-json',
    { start, end: Math.min(start + 1, text.length) },
    `This is not valid JSON: ${message}.`,
    'Correct the file.',
  );
};

function findWatchers(root: JsonNode): readonly JsonNode[] {
  if (root.kind === 'array') return root.items;
  if (root.kind !== 'object') return [root];
  const list = root.members.find(({ key }) => key.text === 'watchers')?.value;
  if (!list) return [root];
  return list.kind === 'array' ? list.items : [list];
}

/** What a watcher's object may hold besides fields; the parser's own output has them. */
const ignoredKeys = new Set(['line', 'end_line', '$schema']);

const accepted: Readonly<Record<FieldType, readonly JsonNode['kind'][]>> = {
  text: ['string'],
  pattern: ['string'],
  condition: ['string'],
  names: ['array', 'string'],
  duration: ['number', 'string'],
  output: ['string'],
  count: ['number', 'string'],
  boolean: ['boolean', 'string'],
  states: ['array', 'string'],
  actions: ['array', 'object', 'string'],
};

class FileReader {
  readonly watchers: FileWatcher[] = [];
  readonly problems: Problem[] = [];
  private readonly lines: LineIndex;
  private readonly names = new WatcherNames();

  constructor(
    private readonly text: string,
    private readonly allowedCommands: readonly string[],
  ) {
    this.lines = createLineIndex(text);
  }

  read(node: JsonNode): void {
    if (node.kind !== 'object') {
      this.reportKind(node.span, 'A watcher is an object.', 'Write {"pattern": "…"}.');
      return;
    }
    const { fields, actions } = this.readMembers(node.members);
    const marker = { start: node.span.start, end: node.span.start + 1 };
    const body = (): { used: Set<string>; assigned: Set<string> } => ({
      used: new Set(),
      assigned: new Set(),
    });
    const bound = bindDirective({ marker, fields, actions }, { allowedCommands: this.allowedCommands, body });
    append(this.problems, bound.problems.map(escapeFix));
    if (!bound.definition) return;
    const { start, end } = this.lines.rangeOf(node.span);
    const { name, problem } = this.names.take(bound, { span: marker, line: start.line + 1 });
    if (problem) this.problems.push(problem);
    this.watchers.push({
      definition: { ...bound.definition, name },
      line: start.line + 1,
      endLine: end.line + 1,
      span: node.span,
    });
  }

  private reportKind(span: Span, message: string, remedy: string): void {
    this.problems.push(toProblem('bad-value', span, message, remedy));
  }

  private readMembers(
    members: readonly { readonly key: MappedText; readonly value: JsonNode }[],
  ): Omit<WrittenDirective, 'marker'> {
    const fields: WrittenField[] = [];
    const actions: (MappedText | ActionMapping)[] = [];
    for (const { key, value } of members) {
      if (ignoredKeys.has(key.text) || value.kind === 'null') continue;
      const field = findJsonField(key.text) ?? findField(key.text);
      const type = field && fieldTable[field].type;
      if (field && type && !accepted[type].includes(value.kind)) {
        this.reportKind(
          value.span,
          `"${field}" cannot be ${withArticle(value.kind)}; it counts as not written.`,
          `Write ${accepted[type].map(withArticle).join(' or ')}.`,
        );
      } else if (type === 'actions' && !(value.kind === 'string' && value.text.text.trim() === '')) {
        const read = this.readActions(value);
        // No action at all is not the default one.
        append(actions, read.length > 0 ? read : [{ ...this.toText(value), text: '[]' }]);
      } else if (!(type === 'names' && this.refusesItem(value)))
        fields.push({ field, key, value: this.toText(value), plain: true, ...this.readItems(value) });
    }
    return { fields, actions };
  }

  /** A string without its quotes, other values as they are written; numbers without an exponent. */
  private toText(node: JsonNode): MappedText {
    if (node.kind === 'string') return node.text;
    const { start, end } = node.span;
    const written = mapText(this.text, start, end);
    if (node.kind !== 'number' || !/e/i.test(written.text)) return written;
    const text = String(Number(written.text));
    return mapOffsets(
      text,
      Array.from(text, () => start),
      end,
    );
  }

  /** A name that is no text: without its place the others would name other groups. */
  private refusesItem(node: JsonNode): boolean {
    if (node.kind !== 'array') return false;
    const bad = node.items.filter(({ kind }) => kind !== 'string' && kind !== 'null');
    for (const item of bad)
      this.reportKind(
        item.span,
        `A capture's name cannot be ${withArticle(item.kind)}; the whole list counts as not written.`,
        'Write a string.',
      );
    return bad.length > 0;
  }

  private readItems(node: JsonNode): Pick<WrittenField, 'items'> {
    if (node.kind !== 'array') return {};
    for (const item of node.items.filter(({ kind }) => kind !== 'string' && kind !== 'null'))
      this.reportKind(
        item.span,
        `An item of this list cannot be ${withArticle(item.kind)}.`,
        'Write a string.',
      );
    // Null is a group without a name.
    const items = node.items.flatMap((item) =>
      item.kind === 'string'
        ? [item.text]
        : item.kind === 'null'
          ? [mapText('', item.span.end, item.span.end)]
          : [],
    );
    return { items };
  }

  private readActions(node: JsonNode): readonly (MappedText | ActionMapping)[] {
    if (node.kind === 'string') return [node.text];
    if (node.kind === 'object') return this.readAction(node);
    if (node.kind !== 'array') return this.refuseAction(node);
    return node.items.flatMap((item) =>
      item.kind === 'array' ? this.refuseAction(item) : this.readActions(item),
    );
  }

  private refuseAction({ kind, span }: JsonNode): readonly [] {
    this.reportKind(span, `An action cannot be ${withArticle(kind)}.`, 'Write {"type": "log_event"}.');
    return [];
  }

  private readAction(node: JsonNode & { readonly kind: 'object' }): readonly ActionMapping[] {
    const type = node.members.find(({ key }) => key.text.toLowerCase() === 'type');
    if (type?.value.kind !== 'string') {
      this.reportKind(node.span, 'An action needs a "type"; it is left out.', 'Write {"type": "log_event"}.');
      return [];
    }
    const others = node.members.filter((member) => member !== type);
    const entries = [type, ...others.flatMap(flattenParams)]
      .filter(({ value }) => value.kind !== 'null')
      .map(({ key, value }) => ({ key, value: this.toText(value), depth: 0 }));
    return [{ item: type.value.text, entries, plain: true }];
  }
}

type Member = (JsonNode & { readonly kind: 'object' })['members'][number];

const flattenParams = (member: Member): readonly Member[] =>
  /^(?:params|config|parameters)$/i.test(member.key.text) && member.value.kind === 'object'
    ? member.value.members
    : [member];

const withArticle = (kind: JsonNode['kind']): string =>
  kind === 'null' ? kind : `${/^[ao]/.test(kind) ? 'an' : 'a'} ${kind}`;

/** Repairs stand inside of JSON strings. */
function escapeFix(problem: Problem): Problem {
  if (!problem.fix) return problem;
  const fix: Fix = {
    ...problem.fix,
    edits: problem.fix.edits.map(({ span, newText }) => ({
      span,
      newText: JSON.stringify(newText).slice(1, -1),
    })),
  };
  return { ...problem, fix };
}
