// The table of fields: from it come parsing, problems, defaults, printing, completion, hover, documentation and the JSON form.
import type { Definition } from './definition';

export type FieldType =
  | 'text'
  | 'pattern'
  | 'condition'
  | 'names'
  | 'duration'
  | 'output'
  | 'count'
  | 'boolean'
  | 'states'
  | 'actions';

/** What the field fills: a property of the definition, and what it holds if the field is not written. */
type Filled = {
  [Property in keyof Definition]: { readonly property: Property; readonly default: Definition[Property] };
}[keyof Definition];

export type FieldRow = Filled & {
  readonly aliases: readonly string[];
  readonly type: FieldType;
  /** The field whose value holds if this one is not written; it stands before this one. */
  readonly follows?: string;
  /** Another way to write that field, which fills the same property. */
  readonly synonymOf?: string;
  /** Its key in the JSON form, where that is not its name. */
  readonly jsonKey?: string;
  /** Bounds of a number, or of a duration in seconds. */
  readonly bounds?: readonly [number, number];
  /** What holds if the field is not written, in words. */
  readonly defaultText: string;
  readonly summary: string;
  /** A value to show. */
  readonly example: string;
  /**
   * A title and a text that show people what the field makes of a watcher; undefined if there is nothing to show. Without
   * it, a value that is not the default is shown as it is written.
   */
  readonly describe?: (definition: Definition) => readonly [string, string] | undefined;
};

/** How many resubmissions there are if a watcher says nothing of it. Source: section 4 of the language. */
export const defaultResubmits = 3;

/** Durations: from 1 s to 7 days. */
const week = 7 * 24 * 3600;

/** Source: section 4 of the language. */
export const fieldTable = {
  name: {
    aliases: [],
    type: 'text',
    property: 'name',
    default: '',
    defaultText: 'watcher N',
    summary: 'The name, shown everywhere.',
    example: '"loss"',
    describe: () => undefined,
  },
  pattern: {
    aliases: [],
    type: 'pattern',
    property: 'pattern',
    default: null,
    defaultText: 'required, unless trigger_on_job_end',
    summary: 'Python regular expression, matched against each line of output.',
    example: '"loss: ([\\d.]+)"',
    describe: ({ pattern }) => (pattern === null ? undefined : ['pattern', pattern]),
  },
  captures: {
    aliases: ['capture_groups'],
    type: 'names',
    property: 'captures',
    default: [],
    defaultText: 'the names of (?P<name>…)',
    summary: 'Names for groups 1, 2, … of the pattern, in order.',
    example: '[loss]',
    describe: ({ captures }) =>
      captures.length === 0 ? undefined : ['captures', captures.map((name) => name ?? '-').join(', ')],
  },
  condition: {
    aliases: [],
    type: 'condition',
    property: 'condition',
    default: null,
    defaultText: 'always',
    summary: 'Python expression over the captures, evaluated for each match; captures are text.',
    example: '"float(loss) > 10"',
    describe: ({ condition }) => (condition === null ? undefined : ['condition', condition]),
  },
  interval: {
    aliases: ['interval_seconds'],
    type: 'duration',
    property: 'intervalSeconds',
    default: 30,
    jsonKey: 'interval_seconds',
    bounds: [1, week],
    defaultText: '30 s',
    summary: 'How often the output is read.',
    example: '30s',
    describe: ({ outputType, intervalSeconds }) => ['reads', `${outputType} every ${intervalSeconds} s`],
  },
  output_type: {
    aliases: ['output'],
    type: 'output',
    property: 'outputType',
    default: 'stdout',
    defaultText: 'stdout',
    summary: 'Which output is read: stdout, stderr or both.',
    example: 'stderr',
    describe: () => undefined,
  },
  max_triggers: {
    aliases: [],
    type: 'count',
    property: 'maxTriggers',
    default: null,
    bounds: [1, Infinity],
    defaultText: 'unlimited',
    summary: 'After this many triggers the watcher is done.',
    example: '1',
    describe: ({ maxTriggers }) => (maxTriggers === null ? undefined : ['limit', `${maxTriggers} triggers`]),
  },
  max_failures: {
    aliases: [],
    type: 'count',
    property: 'maxFailures',
    default: 5,
    bounds: [1, Infinity],
    defaultText: '5',
    summary: 'After this many failed actions in a row the watcher is disabled.',
    example: '5',
  },
  timer_mode_enabled: {
    aliases: ['timer_mode'],
    type: 'boolean',
    property: 'timerModeEnabled',
    default: false,
    defaultText: 'false',
    summary: 'After the first match, act periodically with the last values for which the condition held.',
    example: 'true',
    describe: ({ timerModeEnabled, timerIntervalSeconds }) =>
      timerModeEnabled ? ['timer', `every ${timerIntervalSeconds} s after the first match`] : undefined,
  },
  timer_interval_seconds: {
    aliases: ['timer_interval'],
    type: 'duration',
    property: 'timerIntervalSeconds',
    default: 30,
    follows: 'interval',
    bounds: [1, week],
    defaultText: 'the interval',
    summary: 'The period of timer mode.',
    example: '5m',
    describe: () => undefined,
  },
  trigger_on_job_end: {
    aliases: [],
    type: 'boolean',
    property: 'triggerOnJobEnd',
    default: false,
    defaultText: 'false',
    summary: 'Act once when the job ends, if the condition holds then; matches only store captures.',
    example: 'true',
    describe: ({ triggerOnJobEnd, triggerJobStates }) =>
      triggerOnJobEnd ? ['job end', `acts once if the job is ${triggerJobStates.join(', ')}`] : undefined,
  },
  trigger_job_states: {
    aliases: [],
    type: 'states',
    property: 'triggerJobStates',
    default: ['completed', 'failed', 'timeout'],
    defaultText: 'completed, failed, timeout',
    summary: 'How the job must have ended for trigger_on_job_end; failed stands for all failures.',
    example: '[failed, timeout]',
    describe: () => undefined,
  },
  remaining_resubmits: {
    aliases: ['resubmit_count'],
    type: 'count',
    property: 'remainingResubmits',
    default: null,
    bounds: [0, Infinity],
    defaultText: String(defaultResubmits),
    summary: 'How often a chain of resubmissions may go on.',
    example: '3',
  },
  cooldown: {
    aliases: [],
    type: 'duration',
    property: 'cooldownSeconds',
    default: 0,
    jsonKey: 'cooldown_seconds',
    bounds: [0, week],
    defaultText: '0',
    summary: 'Matches within this time after a trigger update variables but run nothing.',
    example: '10m',
    describe: ({ cooldownSeconds }) =>
      cooldownSeconds > 0 ? ['cooldown', `${cooldownSeconds} s`] : undefined,
  },
  action: {
    aliases: [],
    type: 'actions',
    property: 'actions',
    default: [{ type: 'log_event', params: {}, condition: null }],
    synonymOf: 'actions',
    defaultText: 'log_event',
    summary: 'What to do; may be written several times.',
    example: 'cancel_job(reason="diverged")',
    describe: () => undefined,
  },
  actions: {
    aliases: [],
    type: 'actions',
    property: 'actions',
    default: [{ type: 'log_event', params: {}, condition: null }],
    defaultText: 'log_event',
    summary: 'What to do, in order.',
    example: '[log_event, cancel_job]',
    describe: () => undefined,
  },
} as const satisfies Record<string, FieldRow>;

export type FieldName = keyof typeof fieldTable;

export const fieldNames = Object.keys(fieldTable) as readonly FieldName[];

export const rowOf = (field: FieldName): FieldRow => fieldTable[field];

/** The fields of a definition, each property once, in the order in which they are printed. */
export const definitionFields = fieldNames.filter((field) => rowOf(field).synonymOf === undefined);

/** What holds if a directive says nothing. */
export const defaultDefinition = Object.fromEntries(
  definitionFields.map((field) => [rowOf(field).property, rowOf(field).default]),
) as unknown as Definition;

/** What holds in this definition if the field is not written. */
export function findDefault(field: FieldName, definition: Definition): Definition[keyof Definition] {
  const { follows, default: fixed } = rowOf(field);
  return follows === undefined ? fixed : definition[rowOf(follows as FieldName).property];
}

const byKey = new Map<string, FieldName>();
for (const name of fieldNames) for (const key of [name, ...fieldTable[name].aliases]) byKey.set(key, name);

/** The field of a key or alias, in any case. */
export const findField = (key: string): FieldName | undefined => byKey.get(key.toLowerCase());

/** Every key that is understood. */
export const fieldKeys: readonly string[] = [...byKey.keys()];

/** The key of a field in the JSON form. Source: section 11 of the language. */
export function toJsonKey(field: FieldName): string {
  return rowOf(field).jsonKey ?? field;
}

/** The field of a key of the JSON form. */
export const findJsonField = (key: string): FieldName | undefined =>
  fieldNames.find((field) => toJsonKey(field) === key);
