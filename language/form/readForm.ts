// The texts of a form to a definition, as the parser reads a directive, with each problem at its box.
import { bindDirective, type WrittenDirective } from '../bind';
import type { ActionMapping } from '../block';
import type { Definition } from '../definition';
import type { WrittenField } from '../inline';
import { mapText, type MappedText } from '../mappedText';
import type { Problem } from '../problem';
import { definitionFields, rowOf, type FieldType } from '../schema';
import type { Span } from '../text';
import {
  splitNames,
  type ActionForm,
  type Box,
  type BoxEdit,
  type BoxField,
  type BoxProblem,
  type WatcherForm,
} from './watcherForm';

export interface FormReading {
  /** Undefined while the form is not a watcher. The name is empty if none is written. */
  readonly definition: Definition | undefined;
  readonly problems: readonly BoxProblem[];
}

interface Placed {
  readonly box: Box;
  readonly start: number;
  readonly end: number;
}

/** Reads the form as the parser reads a directive: with the same checks, which know nothing of a script around it. */
export function readForm(form: WatcherForm, allowedCommands: readonly string[]): FormReading {
  const sheet = new Sheet();
  const marker = sheet.put({ field: 'pattern' }, '');
  const fields = definitionFields.flatMap((field) => readField(sheet, field as BoxField, form));
  const actions = form.actions.map((action, index) => readAction(sheet, action, index));
  const directive: WrittenDirective = {
    marker: { start: marker.start, end: marker.end },
    fields,
    actions: actions.length === 0 ? [sheet.put({ action: 0 }, '[]')] : actions,
  };
  const body = (): { used: Set<string>; assigned: Set<string> } => ({
    used: new Set(),
    assigned: new Set(),
  });
  const { definition, problems } = bindDirective(directive, { allowedCommands, body });
  return { definition, problems: problems.map((problem) => sheet.toBoxProblem(problem)) };
}

/** All texts of the form one after the other, so that each place in it belongs to one box. */
class Sheet {
  #text = '';
  readonly #placed: Placed[] = [];

  put(box: Box, text: string): MappedText {
    const start = this.#text.length;
    this.#text += `${text}\n`;
    this.#placed.push({ box, start, end: start + text.length });
    return mapText(this.#text, start, start + text.length);
  }

  toBoxProblem({ code, severity, message, remedy, span, fix }: Problem): BoxProblem {
    const { box, start, end } = this.#find(span);
    const edits = fix?.edits.map((edit): BoxEdit => {
      const place = this.#find(edit.span);
      return { box: place.box, span: within(edit.span, place), newText: edit.newText };
    });
    return {
      ...{ code, severity, message, remedy, box },
      span: within(span, { start, end }),
      ...(fix && edits && { fix: { title: fix.title, edits } }),
    };
  }

  #find({ start }: Span): Placed {
    const found = this.#placed.find((placed) => start >= placed.start && start <= placed.end);
    return found ?? { box: { field: 'pattern' }, start: 0, end: 0 };
  }
}

const within = (span: Span, { start, end }: Span): Span => ({
  start: Math.min(span.start, end) - start,
  end: Math.min(span.end, end) - start,
});

function readField(sheet: Sheet, field: BoxField, { fields }: WatcherForm): readonly WrittenField[] {
  const text = fields[field];
  if (text === undefined || text.trim() === '' || rowOf(field).type === 'actions') return [];
  const box: Box = { field };
  const key = sheet.put(box, '');
  if (!isList(rowOf(field).type)) return [{ field, key, value: sheet.put(box, text), plain: true }];
  const value = sheet.put(box, text);
  const items = splitNames(text).map(({ start, end }) => ({
    text: text.slice(start, end),
    start: value.start + start,
    end: value.start + end,
  }));
  return [{ field, key, value, plain: true, items }];
}

const isList = (type: FieldType): boolean => type === 'names' || type === 'states';

function readAction(sheet: Sheet, { type, params, condition }: ActionForm, action: number): ActionMapping {
  const item = sheet.put({ action }, type);
  const written = Object.entries(params).map(([param, text]) => ({ param, text }));
  const entries = written.map(({ param, text }) => ({
    key: { text: param, start: item.start, end: item.end },
    value: sheet.put({ action, param }, text),
    depth: 0,
  }));
  const isAlways = condition.trim() === '';
  const own = isAlways
    ? []
    : [
        {
          key: { text: 'condition', start: item.start, end: item.end },
          value: sheet.put({ action, isCondition: true }, condition),
          depth: 0,
        },
      ];
  return { item, entries: [...entries, ...own], plain: true };
}
