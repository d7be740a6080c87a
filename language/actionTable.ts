// The table of actions: names, parameters and what they do; completion, documentation and forms all come from it.

import type { Json } from './json/value';

/** `command` is text for a shell: what it would run is checked and shown, captures in it are data. */
export type ParamType = 'text' | 'command' | 'duration' | 'boolean' | 'object' | 'choice';

export interface ParamRow {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Names under which the value is that of a capture: `variable=loss` is `value="$loss"`. */
  readonly captureAliases?: readonly string[];
  readonly type: ParamType;
  readonly required?: true;
  readonly choices?: readonly string[];
  /** Whoever knows the value can do something with it: it is shown and kept masked. */
  readonly isSecret?: true;
  /** Whom it reaches: captures in it are told before people agree. */
  readonly namesWhom?: 'address' | 'channel';
  /** Of a duration, in seconds. */
  readonly bounds?: readonly [number, number];
  /** The value if none is written, as the parser would give it; text may have variables. Absent: there is none. */
  readonly default?: Json;
  /** What holds if none is written, in words, when it is decided elsewhere as the action runs. */
  readonly defaultText?: string;
  readonly summary: string;
}

export interface ActionRow {
  readonly aliases: readonly string[];
  readonly summary: string;
  /** The first one is the positional one, unless `positional` is false. */
  readonly params: readonly ParamRow[];
  readonly positional: boolean;
  readonly category: 'logging' | 'notification' | 'jobControl' | 'custom';
  /** How it is run if it reaches outside; null: it takes effect within the transaction of its trigger. */
  readonly outside: OutsideRow | null;
  /** A job is cancelled once; a script that is submitted again has captures put in, and needs a limit. */
  readonly doesToJob?: 'cancel' | 'resubmit';
}

export interface OutsideRow {
  /** May be repeated if its outcome is unknown. */
  readonly isRepeatable: boolean;
  /** If it fails, the actions after it are skipped. */
  readonly stopsOnFailure: boolean;
  /** Counts against the limit of actions a minute and watcher; beyond it, it is kept back and summarised. */
  readonly countsAgainstRate: boolean;
  /**
   * What people agree to, after the watcher's name or "This". `{command}` stands for a parameter, `{to|the default address}` has words
   * for one without a value, `{job}` and `{cluster}` are those of the watcher.
   */
  readonly consent: string;
  /** The parameter with the message that it sends: told after `consent` when its text is final. */
  readonly message?: string;
  /** What people must have agreed to before it runs. */
  readonly power: PowerRow;
}

/**
 * command: text that a shell runs; resubmit: further jobs; address, host: who is written to; ownJob: it does no more than what
 * the job itself may do to itself, and nobody is asked unless the job was there before.
 */
export interface PowerRow {
  readonly kind: 'command' | 'resubmit' | 'address' | 'host' | 'ownJob';
  /** Parameters that are agreed to: another value is asked about again. */
  readonly params: readonly string[];
}

/** Durations: up to 7 days. Source: section 2 of the language. */
const week = 7 * 24 * 3600;

/** Source: section 5 of the language. */
export const actionTable = {
  log_event: {
    aliases: ['log'],
    summary: 'Records an event; warnings and errors also as notifications.',
    category: 'logging',
    outside: null,
    positional: true,
    params: [
      {
        name: 'message',
        aliases: [],
        type: 'text',
        default: '$0',
        summary: 'What the event says.',
      },
      {
        name: 'level',
        aliases: [],
        type: 'choice',
        choices: ['debug', 'info', 'warning', 'error'],
        default: 'info',
        summary: 'How serious the event is.',
      },
    ],
  },
  store_metric: {
    aliases: ['store', 'metric'],
    summary: 'Stores a number under a name, with its time.',
    category: 'logging',
    outside: null,
    positional: true,
    params: [
      {
        name: 'name',
        aliases: ['metric_name'],
        type: 'text',
        required: true,
        summary: "The metric's name.",
      },
      {
        name: 'value',
        aliases: [],
        captureAliases: ['variable'],
        type: 'text',
        default: '$1',
        summary: 'The number, usually a capture.',
      },
      { name: 'unit', aliases: [], type: 'text', summary: 'The unit, for charts.' },
    ],
  },
  notify_email: {
    aliases: ['notify', 'email'],
    summary: 'Sends a mail.',
    category: 'notification',
    outside: {
      isRepeatable: false,
      stopsOnFailure: false,
      countsAgainstRate: true,
      consent: 'sends mail to {to|the default address}',
      message: 'message',
      power: { kind: 'address', params: ['to'] },
    },
    positional: true,
    params: [
      {
        name: 'message',
        aliases: [],
        type: 'text',
        default: '$0',
        summary: "The mail's text.",
      },
      {
        name: 'subject',
        aliases: [],
        type: 'text',
        default: '[$WATCHER] $JOB_NAME $JOB_ID',
        summary: "The mail's subject.",
      },
      {
        name: 'to',
        aliases: ['recipient'],
        type: 'text',
        namesWhom: 'address',
        defaultText: "the setting, --mail-user or the cluster's user",
        summary: 'The address, or several with commas.',
      },
    ],
  },
  notify_slack: {
    aliases: ['slack'],
    summary: 'Posts a message to Slack.',
    category: 'notification',
    outside: {
      isRepeatable: false,
      stopsOnFailure: false,
      countsAgainstRate: true,
      consent: 'sends a message to Slack',
      message: 'message',
      power: { kind: 'host', params: ['webhook', 'channel'] },
    },
    positional: true,
    params: [
      {
        name: 'message',
        aliases: [],
        type: 'text',
        default: '$0',
        summary: 'The message.',
      },
      {
        name: 'channel',
        aliases: [],
        type: 'text',
        defaultText: "the webhook's own",
        namesWhom: 'channel',
        summary: 'The channel.',
      },
      {
        name: 'webhook',
        aliases: ['webhook_url'],
        type: 'text',
        isSecret: true,
        defaultText: 'the stored secret',
        summary: 'The incoming webhook, whole; kept masked.',
      },
      {
        name: 'color',
        aliases: [],
        type: 'text',
        summary:
          "The colour of the message's bar: good (green), warning (yellow, orange), danger (red), blue or #rrggbb.",
      },
    ],
  },
  cancel_job: {
    aliases: ['cancel'],
    summary: 'Cancels the job, or the array task alone.',
    category: 'jobControl',
    outside: {
      isRepeatable: true,
      stopsOnFailure: true,
      countsAgainstRate: false,
      consent: 'cancels {job}',
      power: { kind: 'ownJob', params: [] },
    },
    doesToJob: 'cancel',
    positional: true,
    params: [{ name: 'reason', aliases: [], type: 'text', summary: 'Why, for the event.' }],
  },
  resubmit: {
    aliases: [],
    summary: 'Submits the script again, with changed options.',
    category: 'jobControl',
    outside: {
      isRepeatable: false,
      stopsOnFailure: true,
      countsAgainstRate: true,
      consent: 'submits {job} again',
      power: { kind: 'resubmit', params: ['modifications'] },
    },
    doesToJob: 'resubmit',
    positional: false,
    params: [
      {
        name: 'modifications',
        aliases: [],
        type: 'object',
        summary: "sbatch's long options that change, as an object.",
      },
      {
        name: 'cancel_previous',
        aliases: [],
        type: 'boolean',
        default: true,
        summary: 'Whether the old job is cancelled.',
      },
      {
        name: 'delay',
        aliases: [],
        type: 'duration',
        bounds: [0, week],
        default: 0,
        summary: 'How long the new job waits.',
      },
    ],
  },
  pause_watcher: {
    aliases: ['pause'],
    summary: 'Pauses this watcher.',
    category: 'jobControl',
    outside: null,
    positional: false,
    params: [],
  },
  run_command: {
    aliases: ['run', 'command'],
    summary: "Runs a command on the cluster, in the job's working directory.",
    category: 'custom',
    outside: {
      isRepeatable: false,
      stopsOnFailure: false,
      countsAgainstRate: true,
      consent: 'runs this command on {cluster}: {command}',
      power: { kind: 'command', params: ['command'] },
    },
    positional: true,
    params: [
      {
        name: 'command',
        aliases: [],
        type: 'command',
        required: true,
        summary:
          'The command; captures are inserted as data, and refused if they could be an option or the program.',
      },
      {
        name: 'timeout',
        aliases: [],
        type: 'duration',
        bounds: [1, week],
        default: 120,
        summary: 'The time limit.',
      },
    ],
  },
} as const satisfies Record<string, ActionRow>;

export type ActionType = keyof typeof actionTable;

/** Actions that take effect within the transaction of their trigger. */
export type LocalActionType = {
  [Type in ActionType]: (typeof actionTable)[Type]['outside'] extends null ? Type : never;
}[ActionType];

export type OutsideActionType = Exclude<ActionType, LocalActionType>;

export const actionTypes = Object.keys(actionTable) as readonly ActionType[];

/** Undefined for a type that this version does not know: other versions have stored and sent theirs. */
const rows: ReadonlyMap<string, ActionRow> = new Map(Object.entries(actionTable));

export const findActionRow = (type: string): ActionRow | undefined => rows.get(type);

export const reachesOutside = (type: string): type is OutsideActionType =>
  (findActionRow(type)?.outside ?? null) !== null;

export const cancelsJob = (type: string | undefined): boolean => doesToJob(type) === 'cancel';

/** The script is rendered and runs again. */
export const resubmitsJob = (type: string | undefined): boolean => doesToJob(type) === 'resubmit';

const doesToJob = (type: string | undefined): ActionRow['doesToJob'] =>
  type === undefined ? undefined : findActionRow(type)?.doesToJob;

/** The parameters that hold if they are not written; variables are still to be put in. */
export const findDefaults = (type: string): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    (findActionRow(type)?.params ?? []).flatMap(({ name, default: value }) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

/** What holds if the parameter is not written, in words. */
export function describeDefault({ type, default: value, defaultText }: ParamRow): string {
  if (defaultText !== undefined) return defaultText;
  if (value === undefined) return 'none';
  if (value === '$0') return 'the matched text';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return type === 'duration' && value !== 0 ? `${text} s` : text;
}

/** The group whose value is the default: without it there would be a wrong number, which is worse than none. */
export function findDefaultGroup({ default: value }: ParamRow): number | undefined {
  const group = typeof value === 'string' ? /^\$([1-9]\d*)$/.exec(value)?.[1] : undefined;
  return group === undefined ? undefined : Number(group);
}

const byName = new Map<string, ActionType>();
for (const type of actionTypes)
  for (const name of [type, ...actionTable[type].aliases]) byName.set(name, type);

/** The action of a name or alias, in any case. */
export const findAction = (name: string): ActionType | undefined => byName.get(name.toLowerCase());

/** Every name that is understood. */
export const actionNames: readonly string[] = [...byName.keys()];

/** The parameter of a name or alias, in any case. */
export function findParam(type: ActionType, name: string): ParamRow | undefined {
  const params: readonly ParamRow[] = actionTable[type].params;
  const wanted = name.toLowerCase();
  return params.find(
    (param) => param.name === wanted || param.aliases.includes(wanted) || namesCapture(param, wanted),
  );
}

/** Whether the parameter takes the name of a capture under this name of it. */
export const namesCapture = ({ captureAliases }: ParamRow, name: string): boolean =>
  captureAliases?.includes(name.toLowerCase()) === true;
