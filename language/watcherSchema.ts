// The JSON Schema of watcher files, made from the tables of fields and actions.
import {
  actionNames,
  actionTable,
  actionTypes,
  describeDefault,
  type ActionType,
  type ParamRow,
} from './actionTable';
import type { Json } from './json/value';
import { jobEndStates } from './jobStates';
import { fieldNames, fieldTable, toJsonKey, type FieldName, type FieldType } from './schema';

type Schema = Readonly<Record<string, Json>>;

const durationPattern = '^[0-9]*\\.?[0-9]+\\s*[smhdSMHD]?$';

const duration = ([least, most]: readonly [number, number]): Schema => ({
  anyOf: [
    { type: 'number', minimum: least, maximum: most },
    { type: 'string', pattern: durationPattern },
  ],
});

const week = 7 * 86400;

function toFieldSchema(field: FieldName): Schema {
  const row = fieldTable[field];
  const bounds = 'bounds' in row ? row.bounds : ([0, week] as const);
  const schemas: Readonly<Record<FieldType, Schema>> = {
    text: { type: 'string' },
    pattern: { type: ['string', 'null'] },
    condition: { type: ['string', 'null'] },
    names: { type: 'array', items: { type: ['string', 'null'], pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } },
    duration: duration(bounds),
    output: { enum: ['stdout', 'stderr', 'both'] },
    count: { type: ['integer', 'null'], minimum: bounds[0] },
    boolean: { type: 'boolean' },
    states: { type: 'array', items: { enum: jobEndStates } },
    actions: { type: 'array', items: { $ref: '#/definitions/action' } },
  };
  return { ...schemas[row.type], description: `${row.summary} Default: ${row.defaultText}.` };
}

function toParamSchema(row: ParamRow): Schema {
  const schemas: Readonly<Record<ParamRow['type'], Schema>> = {
    text: { type: ['string', 'number'] },
    command: { type: ['string', 'number'] },
    choice: { enum: [...(row.choices ?? [])] },
    boolean: { type: 'boolean' },
    duration: duration(row.bounds ?? [0, week]),
    object: { type: 'object' },
  };
  const byDefault = row.required ? 'Required.' : `Default: ${describeDefault(row)}.`;
  return { ...schemas[row.type], description: `${row.summary} ${byDefault}` };
}

/** Parameters of one action; applies where `type` is its name or an alias. */
function toActionRule(type: ActionType): Schema {
  const rows: readonly ParamRow[] = actionTable[type].params;
  const params: Schema = {
    type: 'object',
    properties: Object.fromEntries(
      rows.flatMap((row) =>
        [row.name, ...row.aliases, ...(row.captureAliases ?? [])].map((name) => [name, toParamSchema(row)]),
      ),
    ),
    additionalProperties: false,
  };
  return {
    if: { properties: { type: { enum: [type, ...actionTable[type].aliases] } }, required: ['type'] },
    then: { properties: { params, config: params } },
  };
}

const action = (): Schema => ({
  type: 'object',
  required: ['type'],
  properties: {
    type: {
      description: 'What to do.',
      anyOf: [
        ...actionTypes.map((type) => ({ const: type, description: actionTable[type].summary })),
        { enum: actionNames.filter((name) => !(actionTypes as readonly string[]).includes(name)) },
      ],
    },
    params: { type: 'object', description: 'The parameters of the action.' },
    config: { type: 'object', description: 'The same as params.' },
    condition: {
      type: ['string', 'null'],
      description: 'Python expression; the action runs only if it holds.',
    },
  },
  additionalProperties: false,
  allOf: actionTypes.map(toActionRule),
});

function watcher(): Schema {
  const properties = fieldNames
    .filter((field) => field !== 'action')
    .flatMap((field): [string, Schema][] => {
      const key = toJsonKey(field);
      const others = [field, ...fieldTable[field].aliases].filter((name) => name !== key);
      const same = { ...toFieldSchema(field), description: `The same as ${key}.`, doNotSuggest: true };
      return [[key, toFieldSchema(field)], ...others.map((name): [string, Schema] => [name, same])];
    });
  const line: Schema = {
    type: 'integer',
    description: 'Where the directive stands that this was read from.',
  };
  return {
    type: 'object',
    properties: Object.fromEntries([...properties, ['line', line], ['end_line', line]]),
    additionalProperties: false,
    anyOf: [
      { required: ['pattern'] },
      { required: ['trigger_on_job_end'], properties: { trigger_on_job_end: { const: true } } },
    ],
  };
}

/** JSON Schema, draft 7, of what `parseWatcherFile` reads; VS Code uses it for `*.watchers.json`. */
export function toWatcherSchema(): Schema {
  const list: Schema = { type: 'array', items: { $ref: '#/definitions/watcher' } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Slurm watchers',
    description: 'Watchers of Slurm jobs: an array of them, or an object that holds them.',
    definitions: { watcher: watcher(), action: action() },
    if: { type: 'array' },
    then: list,
    else: { type: 'object', required: ['watchers'], properties: { watchers: list } },
  };
}
