// The table of fields: from it come parsing, problems, completion, hover, documentation and the JSON form.

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

interface FieldRow {
  readonly aliases: readonly string[];
  readonly type: FieldType;
  /** Its key in the JSON form, where that is not its name. */
  readonly jsonKey?: string;
  /** Bounds of a number, or of a duration in seconds. */
  readonly bounds?: readonly [number, number];
  /** What holds where the field is not written, in words. */
  readonly defaultText: string;
  readonly summary: string;
  /** A value to show. */
  readonly example: string;
}

/** Durations: from 1 s to 7 days. */
const week = 7 * 24 * 3600;

/** Source: section 4 of the language. */
export const fieldTable = {
  name: {
    aliases: [],
    type: 'text',
    defaultText: 'watcher N',
    summary: 'The name, shown everywhere.',
    example: '"loss"',
  },
  pattern: {
    aliases: [],
    type: 'pattern',
    defaultText: 'required, unless trigger_on_job_end',
    summary: 'Python regular expression, matched against each line of output.',
    example: '"loss: ([\\d.]+)"',
  },
  captures: {
    aliases: ['capture_groups'],
    type: 'names',
    defaultText: 'the names of (?P<name>…)',
    summary: 'Names for groups 1, 2, … of the pattern, in order.',
    example: '[loss]',
  },
  condition: {
    aliases: [],
    type: 'condition',
    defaultText: 'always',
    summary: 'Python expression over the captures, evaluated for each match; captures are text.',
    example: '"float(loss) > 10"',
  },
  interval: {
    aliases: ['interval_seconds'],
    type: 'duration',
    jsonKey: 'interval_seconds',
    bounds: [1, week],
    defaultText: '30 s',
    summary: 'How often the output is read.',
    example: '30s',
  },
  output_type: {
    aliases: ['output'],
    type: 'output',
    defaultText: 'stdout',
    summary: 'Which output is read: stdout, stderr or both.',
    example: 'stderr',
  },
  max_triggers: {
    aliases: [],
    type: 'count',
    bounds: [1, Infinity],
    defaultText: 'unlimited',
    summary: 'After so many triggers the watcher is done.',
    example: '1',
  },
  max_failures: {
    aliases: [],
    type: 'count',
    bounds: [1, Infinity],
    defaultText: '5',
    summary: 'After so many failed actions in a row the watcher is disabled.',
    example: '5',
  },
  timer_mode_enabled: {
    aliases: ['timer_mode'],
    type: 'boolean',
    defaultText: 'false',
    summary: 'After the first match, act periodically with the last values.',
    example: 'true',
  },
  timer_interval_seconds: {
    aliases: ['timer_interval'],
    type: 'duration',
    bounds: [1, week],
    defaultText: 'the interval',
    summary: 'The period of timer mode.',
    example: '5m',
  },
  trigger_on_job_end: {
    aliases: [],
    type: 'boolean',
    defaultText: 'false',
    summary: 'Act once when the job ends; matches only store captures.',
    example: 'true',
  },
  trigger_job_states: {
    aliases: [],
    type: 'states',
    defaultText: 'completed, failed, timeout',
    summary: 'How the job must have ended for trigger_on_job_end.',
    example: '[failed, timeout]',
  },
  remaining_resubmits: {
    aliases: ['resubmit_count'],
    type: 'count',
    bounds: [0, Infinity],
    defaultText: '3',
    summary: 'How often a chain of resubmissions may go on.',
    example: '3',
  },
  cooldown: {
    aliases: [],
    type: 'duration',
    jsonKey: 'cooldown_seconds',
    bounds: [0, week],
    defaultText: '0',
    summary: 'Matches so soon after a trigger update variables but run nothing.',
    example: '10m',
  },
  action: {
    aliases: [],
    type: 'actions',
    defaultText: 'log_event',
    summary: 'What to do; may be written several times.',
    example: 'cancel_job(reason="diverged")',
  },
  actions: {
    aliases: [],
    type: 'actions',
    defaultText: 'log_event',
    summary: 'What to do, in order.',
    example: '[log_event, cancel_job]',
  },
} as const satisfies Record<string, FieldRow>;

export type FieldName = keyof typeof fieldTable;

export const fieldNames = Object.keys(fieldTable) as readonly FieldName[];

const byKey = new Map<string, FieldName>();
for (const name of fieldNames) for (const key of [name, ...fieldTable[name].aliases]) byKey.set(key, name);

/** The field of a key or alias, in any case. */
export const findField = (key: string): FieldName | undefined => byKey.get(key.toLowerCase());

/** Every key that is understood. */
export const fieldKeys: readonly string[] = [...byKey.keys()];

/** The key of a field in the JSON form. Source: section 11 of the language. */
export function toJsonKey(field: FieldName): string {
  const row: FieldRow = fieldTable[field];
  return row.jsonKey ?? field;
}

/** The field of a key of the JSON form. */
export const findJsonField = (key: string): FieldName | undefined =>
  fieldNames.find((field) => toJsonKey(field) === key);
