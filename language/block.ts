// The block form: `# key: value` lines, lists with dashes, actions as items and as mappings.
import { findAction } from './actionTable';
import type { Line } from './directives';
import { LongValue } from './longValue';
import { toHashProblem, type ReadFields, type WrittenField } from './inline';
import { mapOffsets, mapText, offsetIn, sliceText, spanOf, trimText, type MappedText } from './mappedText';
import { toProblem, type Problem } from './problem';
import { findComment, findPlainComment, skipBrackets, skipQuoted } from './scan';
import { fieldTable, findField, type FieldName } from './schema';
import { unquote } from './values';
import { parseCondition } from './condition/parser';

/** An action as a mapping: `- type: log_event`, `params:` and its lines below. */
export interface ActionMapping {
  readonly item: MappedText;
  readonly entries: readonly {
    readonly key: MappedText;
    readonly value: MappedText;
    readonly depth: number;
  }[];
  /** The values have no quotes to lose. */
  readonly plain?: true;
}

export interface ReadBlock extends ReadFields {
  readonly mappings: readonly ActionMapping[];
  /** Actions in their order: fields, items and mappings. */
  readonly actionOrder: readonly (MappedText | ActionMapping)[];
}

interface ContentLine {
  readonly content: MappedText;
  /** Blanks before the content, behind `# `. */
  readonly indent: number;
}

/** The first line of an action that is a mapping. */
const mappingPattern = /^(type|params|config|parameters|condition)[ \t]*:(?:[ \t]+|$)/i;
/** The same under the action's name: `- log_event:`, with its parameters behind in braces or below. */
const namedMappingPattern = /^([A-Za-z_]\w*)[ \t]*:[ \t]*(?=$|#|\{)/;
const keyPattern = /^([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+|$)/;
/** `key:value`, which ssync reads too: for known fields. */
const tightKeyPattern = /^([A-Za-z_]\w*)[ \t]*:(?=\S)/;

export function readBlock(script: string, lines: readonly Line[]): ReadBlock {
  const reader = new BlockReader();
  for (const line of lines) {
    const content = toContent(script, line);
    if (content) reader.take(content);
  }
  return reader.finish();
}

/** What stands behind a leading `#` and one blank; undefined for comments and empty lines. */
function toContent(script: string, { span, text }: Line): ContentLine | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '#' || trimmed.startsWith('##')) return undefined;
  const hash = trimmed.startsWith('#') ? text.indexOf('#') + 1 : 0;
  const blank = hash > 0 && (text[hash] === ' ' || text[hash] === '\t') ? 1 : 0;
  const whole = mapText(script, span.start + hash + blank, span.end);
  const content = trimText(whole);
  return { content, indent: content.start - whole.start };
}

function findKey(text: string): RegExpExecArray | null {
  const tight = tightKeyPattern.exec(text);
  return tight?.[1] !== undefined && findField(tight[1]) ? tight : keyPattern.exec(text);
}

class BlockReader {
  private readonly fields: WrittenField[] = [];
  private readonly problems: Problem[] = [];
  private readonly mappings: ActionMapping[] = [];
  private readonly actionOrder: (MappedText | ActionMapping)[] = [];
  private broken = false;
  /** The field or item that further lines may belong to. */
  private open:
    | {
        readonly kind: 'field' | 'item';
        readonly indent: number;
        readonly value: LongValue;
        readonly store: (value: MappedText, itemsFollow: boolean) => void;
      }
    | undefined;
  private list: FieldName | undefined;
  private mapping:
    | { item: MappedText; entries: { key: MappedText; value: MappedText; depth: number }[]; indent: number }
    | undefined;

  take({ content, indent }: ContentLine): void {
    const key = findKey(content.text);
    const inMapping = this.mapping && indent > this.mapping.indent;
    if (content.text.startsWith('-') && !/^-\d/.test(content.text))
      this.takeItem(trimText(sliceText(content, 1)), indent);
    else if (inMapping && key) this.takeEntry(content, key, indent);
    else if (key && (indent === 0 || findField(key[1] ?? '') !== undefined || !this.open))
      this.takeField(content, key, indent);
    else if (this.open && indent > this.open.indent) this.continueWith(content);
    else this.stray(content);
  }

  finish(): ReadBlock {
    this.close();
    return {
      fields: this.fields,
      problems: this.problems,
      broken: this.broken,
      mappings: this.mappings,
      actionOrder: this.actionOrder,
    };
  }

  private close(itemsFollow = false): void {
    if (this.open) this.open.store(this.open.value.whole(), itemsFollow);
    this.open = undefined;
    if (this.mapping) {
      const mapping: ActionMapping = { item: this.mapping.item, entries: this.mapping.entries };
      this.mappings.push(mapping);
      this.actionOrder.push(mapping);
    }
    this.mapping = undefined;
  }

  private takeField(content: MappedText, match: RegExpExecArray, indent: number): void {
    this.close();
    this.dashless = false;
    const key = sliceText(content, 0, match[1]?.length ?? 0);
    const field = findField(key.text);
    const value = sliceText(content, match[0].length);
    const isActions = field !== undefined && fieldTable[field].type === 'actions';
    this.list = field;
    const store = (whole: MappedText, itemsFollow: boolean): void => {
      const read = this.readValue(whole, field);
      const isHeading = read.text === '' && itemsFollow;
      if (isHeading && field !== undefined && isListType(field)) {
        this.pendingList = { field, key };
        return;
      }
      this.fields.push({ field, key, value: read, ...(isHeading && { heading: true }) });
      if (isActions && !isEmpty(read)) this.actionOrder.push(read);
    };
    this.pendingList = undefined;
    this.open = { kind: 'field', indent, value: new LongValue(value), store };
  }

  /** The open item was written without its dash. */
  private dashless = false;
  /** A list field whose items follow with dashes. */
  private listItems: MappedText[] = [];
  private pendingList: { readonly field: FieldName; readonly key: MappedText } | undefined;

  private takeItem(item: MappedText, indent: number): void {
    this.close(true);
    this.dashless = false;
    if (this.pendingList) {
      this.addListItem(this.pendingList, item);
      return;
    }
    const mapping = mappingPattern.exec(item.text);
    if (mapping) {
      this.mapping = { item, indent, entries: [] };
      this.takeEntry(item, mapping, indent);
      return;
    }
    const named = namedMappingPattern.exec(item.text);
    if (named && findAction(named[1] ?? '')) {
      this.takeNamedMapping(item, named, indent);
      return;
    }
    if (this.list === undefined || fieldTable[this.list].type !== 'actions') {
      const remedy = 'Write "actions:" on the line before.';
      this.problems.push(
        toProblem(
          'stray-text',
          spanOf(item),
          'This item is not under "actions:"; it is taken for an action.',
          remedy,
        ),
      );
    }
    this.open = {
      kind: 'item',
      indent,
      value: new LongValue(item),
      store: (whole) => this.actionOrder.push(this.readValue(whole, 'action')),
    };
  }

  /** All items of a list are one value. */
  private addListItem(
    { field, key }: { readonly field: FieldName; readonly key: MappedText },
    item: MappedText,
  ): void {
    const read = unquote(this.readValue(item, field));
    if (this.fields.at(-1)?.key === key) this.listItems.push(read);
    else {
      this.listItems = [read];
      this.fields.push({ field, key, value: trimText(item), items: this.listItems });
    }
  }

  private takeNamedMapping(item: MappedText, match: RegExpExecArray, indent: number): void {
    const name = sliceText(item, 0, match[1]?.length ?? 0);
    const flow = this.readValue(sliceText(item, match[0].length), undefined);
    const entries =
      flow.text === '' ? [] : [{ key: { ...name, text: 'params' }, value: flow, depth: indent }];
    this.mapping = { item: name, indent, entries };
  }

  private takeEntry(content: MappedText, match: RegExpExecArray, indent: number): void {
    const key = sliceText(content, 0, match[1]?.length ?? 0);
    this.mapping?.entries.push({
      key,
      value: this.readValue(sliceText(content, match[0].length), undefined),
      depth: indent,
    });
  }

  private continueWith(content: MappedText): void {
    if (!this.open) return;
    if (this.isActionWithoutDash(content)) {
      this.problems.push(
        toProblem(
          'stray-text',
          spanOf(content),
          'This action has no dash before it.',
          'Write "- " before each action.',
          {
            fix: {
              title: 'Write "- "',
              edits: [{ span: { start: content.start, end: content.start }, newText: '- ' }],
            },
          },
        ),
      );
      this.takeItem(content, this.open.indent);
      this.dashless = true;
      return;
    }
    this.open.value.add(content);
  }

  /** Under `actions:`, where nothing stands behind the colon. */
  private isActionWithoutDash({ text }: MappedText): boolean {
    const isHeading = this.open?.kind === 'field' && this.open.value.isEmpty;
    const isActions = this.list !== undefined && fieldTable[this.list].type === 'actions';
    return (
      isActions &&
      (isHeading || this.dashless) &&
      findAction(/^[A-Za-z_]\w*/.exec(text)?.[0] ?? '') !== undefined
    );
  }

  private stray(content: MappedText): void {
    this.problems.push(
      toProblem(
        'stray-text',
        spanOf(content),
        `"${content.text}" is not a field.`,
        'Write "key: value", or "##" before a comment.',
      ),
    );
  }

  /** The value less its trailing comment; a quoted one ends with its quote. */
  private readValue(raw: MappedText, field: FieldName | undefined): MappedText {
    const value = trimText(raw);
    const { text } = value;
    const type = field === undefined ? undefined : fieldTable[field].type;
    if (text.startsWith('"') || text.startsWith("'")) return this.readQuoted(value, type === 'condition');
    if (
      (type === 'names' || type === 'states' || type === 'actions') &&
      text.startsWith('[') &&
      skipBrackets(text, 0) === undefined
    )
      return this.unclosed(value);
    const end = type === 'pattern' ? findPlainComment(text) : findComment(text);
    const cut = trimText(sliceText(value, 0, end));
    if (end < text.length && (type === 'pattern' || type === 'condition'))
      this.problems.push(toHashProblem(cut));
    return cut;
  }

  private readQuoted(value: MappedText, isCondition: boolean): MappedText {
    const { text } = value;
    const behind = skipQuoted(text, 0);
    if (behind !== undefined && (behind === text.length || /^\s*(#|$)/.test(text.slice(behind))))
      return sliceText(value, 0, behind);
    // Inner quotes that were not escaped, as ssync's generator writes them: the outermost pair counts.
    const quote = text[0] ?? '';
    const last = text.lastIndexOf(quote);
    const commentFree = /^\s*(#.*)?$/.test(text.slice(last + 1));
    if (isCondition && parseCondition(text.slice(0, findComment(text))).value)
      return trimText(sliceText(value, 0, findComment(text)));
    if (behind !== undefined && !commentFree) return trimText(sliceText(value, 0, findPlainComment(text)));
    if (last <= 0 || !commentFree) return this.unclosed(value);
    const inside = sliceText(value, 1, last);
    if (behind !== undefined) {
      const fix = {
        title: 'Escape the inner quotes',
        edits: [{ span: spanOf(inside), newText: inside.text.replaceAll(quote, `\\${quote}`) }],
      };
      this.problems.push(
        toProblem(
          'unquoted-value',
          spanOf(inside),
          'There are quotes inside this quoted value; only the outermost pair delimits it.',
          `Write \\${quote} for a quote inside.`,
          { severity: 'warning', fix },
        ),
      );
    }
    const escaped = quote + inside.text.replaceAll(quote, `\\${quote}`) + quote;
    return mapOffsets(escaped, escapedOffsets(inside, quote), inside.end + 1);
  }

  private unclosed(value: MappedText): MappedText {
    this.broken = true;
    this.problems.push(
      toProblem(
        'unterminated-quote',
        spanOf(value),
        'A quote or bracket is not closed.',
        'Close it; the watcher is left out until then.',
      ),
    );
    return value;
  }
}

/** Nothing, or nothing between quotes. */
const isEmpty = (value: MappedText): boolean => unquote(value).text.trim() === '';

const isListType = (field: FieldName): boolean =>
  fieldTable[field].type === 'names' || fieldTable[field].type === 'states';

function escapedOffsets(inside: MappedText, quote: string): number[] {
  const offsets = [inside.start - 1];
  inside.text.split('').forEach((character, index) => {
    const offset = offsetIn(inside, index);
    if (character === quote) offsets.push(offset);
    offsets.push(offset);
  });
  return [...offsets, inside.end];
}
