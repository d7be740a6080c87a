// The table of actions: names, parameters and what they do; completion, documentation and forms all come from it.

export type ParamType = 'text' | 'duration' | 'boolean' | 'object' | 'choice';

export interface ParamRow {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Names under which the value is that of a capture: `variable=loss` is `value="$loss"`. */
  readonly captureAliases?: readonly string[];
  readonly type: ParamType;
  readonly required?: true;
  readonly choices?: readonly string[];
  /** Of a duration, in seconds. */
  readonly bounds?: readonly [number, number];
  /** The group whose value holds where the parameter is not written: a wrong number is worse than none. */
  readonly defaultGroup?: number;
  /** What holds where the parameter is not written, in words. */
  readonly defaultText: string;
  readonly summary: string;
}

export interface ActionRow {
  readonly aliases: readonly string[];
  readonly summary: string;
  /** The first one is the positional one, unless `positional` is false. */
  readonly params: readonly ParamRow[];
  readonly positional: boolean;
  readonly category: 'logging' | 'notification' | 'jobControl' | 'custom';
}

/** Durations: up to 7 days. Source: section 2 of the language. */
const week = 7 * 24 * 3600;

/** Source: section 5 of the language. */
export const actionTable = {
  log_event: {
    aliases: ['log'],
    summary: 'Records an event; warnings and errors also as notifications.',
    category: 'logging',
    positional: true,
    params: [
      {
        name: 'message',
        aliases: [],
        type: 'text',
        defaultText: 'the matched text',
        summary: 'What the event says.',
      },
      {
        name: 'level',
        aliases: [],
        type: 'choice',
        choices: ['debug', 'info', 'warning', 'error'],
        defaultText: 'info',
        summary: 'How serious the event is.',
      },
    ],
  },
  store_metric: {
    aliases: ['store', 'metric'],
    summary: 'Stores a number under a name, with its time.',
    category: 'logging',
    positional: true,
    params: [
      {
        name: 'name',
        aliases: ['metric_name'],
        type: 'text',
        required: true,
        defaultText: '',
        summary: "The metric's name.",
      },
      {
        name: 'value',
        aliases: [],
        captureAliases: ['variable'],
        type: 'text',
        defaultGroup: 1,
        defaultText: '$1',
        summary: 'The number, usually a capture.',
      },
      { name: 'unit', aliases: [], type: 'text', defaultText: 'none', summary: 'The unit, for charts.' },
    ],
  },
  notify_email: {
    aliases: ['notify', 'email'],
    summary: 'Sends a mail.',
    category: 'notification',
    positional: true,
    params: [
      {
        name: 'message',
        aliases: [],
        type: 'text',
        defaultText: 'the matched text',
        summary: "The mail's text.",
      },
      {
        name: 'subject',
        aliases: [],
        type: 'text',
        defaultText: '[WATCHER] JOB_NAME JOB_ID',
        summary: "The mail's subject.",
      },
      {
        name: 'to',
        aliases: ['recipient'],
        type: 'text',
        defaultText: "the setting, --mail-user or the cluster's user",
        summary: 'The address.',
      },
    ],
  },
  notify_slack: {
    aliases: ['slack'],
    summary: 'Posts a message to Slack.',
    category: 'notification',
    positional: true,
    params: [
      {
        name: 'message',
        aliases: [],
        type: 'text',
        defaultText: 'the matched text',
        summary: 'The message.',
      },
      {
        name: 'channel',
        aliases: [],
        type: 'text',
        defaultText: "the webhook's own",
        summary: 'The channel.',
      },
      {
        name: 'webhook',
        aliases: ['webhook_url'],
        type: 'text',
        defaultText: 'the stored secret',
        summary: 'The incoming webhook.',
      },
      {
        name: 'color',
        aliases: [],
        type: 'text',
        defaultText: 'none',
        summary: "The colour of the message's bar.",
      },
    ],
  },
  cancel_job: {
    aliases: ['cancel'],
    summary: 'Cancels the job, or the array task alone.',
    category: 'jobControl',
    positional: true,
    params: [
      { name: 'reason', aliases: [], type: 'text', defaultText: 'none', summary: 'Why, for the event.' },
    ],
  },
  resubmit: {
    aliases: [],
    summary: 'Submits the script again, with changed options.',
    category: 'jobControl',
    positional: false,
    params: [
      {
        name: 'modifications',
        aliases: [],
        type: 'object',
        defaultText: 'none',
        summary: "sbatch's long options that change, as an object.",
      },
      {
        name: 'cancel_previous',
        aliases: [],
        type: 'boolean',
        defaultText: 'true',
        summary: 'Whether the old job is cancelled.',
      },
      {
        name: 'delay',
        aliases: [],
        type: 'duration',
        bounds: [0, week],
        defaultText: '0',
        summary: 'How long the new job waits.',
      },
    ],
  },
  pause_watcher: {
    aliases: ['pause'],
    summary: 'Pauses this watcher.',
    category: 'jobControl',
    positional: false,
    params: [],
  },
  run_command: {
    aliases: ['run', 'command'],
    summary: "Runs a command on the cluster, in the job's working directory.",
    category: 'custom',
    positional: true,
    params: [
      {
        name: 'command',
        aliases: [],
        type: 'text',
        required: true,
        defaultText: '',
        summary:
          'The command; captures are inserted as data, and refused if they could be an option or the program.',
      },
      {
        name: 'timeout',
        aliases: [],
        type: 'duration',
        bounds: [1, week],
        defaultText: '120 s',
        summary: 'The time limit.',
      },
    ],
  },
} as const satisfies Record<string, ActionRow>;

export type ActionType = keyof typeof actionTable;

export const actionTypes = Object.keys(actionTable) as readonly ActionType[];

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
