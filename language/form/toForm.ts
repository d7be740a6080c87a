// A definition to the texts of a form's boxes.
import { findParam, type ActionType } from '../actionTable';
import type { ActionDefinition, Definition } from '../definition';
import { findPlainType } from '../fieldTypes';
import type { Json } from '../json/value';
import { isEqual } from '../print';
import { definitionFields, findDefault, rowOf, type FieldType } from '../schema';
import { printDuration } from '../values';
import type { ActionForm, WatcherForm } from './watcherForm';

/** The form of a definition: what holds without being written has an empty box. */
export function toForm(definition: Definition): WatcherForm {
  const fields = definitionFields.flatMap((field) => {
    const { property, type } = rowOf(field);
    const value = definition[property];
    if (type === 'actions' || isEqual(value, findDefault(field, definition))) return [];
    return [[field, printBox(type, value)] as const];
  });
  return {
    fields: Object.fromEntries(fields),
    actions: definition.actions.map(toActionForm),
  };
}

function printBox(type: FieldType, value: Definition[keyof Definition]): string {
  const plain = findPlainType(type);
  if (plain) return plain.print(value as never);
  if (Array.isArray(value)) return (value as readonly (string | null)[]).map((item) => item ?? '').join(', ');
  return typeof value === 'string' ? value : '';
}

const toActionForm = ({ type, params, condition }: ActionDefinition): ActionForm => ({
  type,
  params: Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, printParam(type, name, value)]),
  ),
  condition: condition ?? '',
});

function printParam(type: ActionType, name: string, value: Json): string {
  if (typeof value === 'string') return value;
  const isDuration = findParam(type, name)?.type === 'duration';
  return isDuration && typeof value === 'number' ? printDuration(value) : JSON.stringify(value);
}
