// The table of built-in names: what conditions and parameters may use besides captures.

interface BuiltInRow {
  readonly summary: string;
  /** True where only conditions know the name. */
  readonly conditionOnly?: true;
}

/** Source: sections 6 and 7 of the language. */
export const builtInVariables = {
  JOB_ID: { summary: "The job's id; of an array task, `A_k`." },
  HOSTNAME: { summary: "The cluster's name." },
  JOB_NAME: { summary: "The job's name." },
  WATCHER: { summary: "The watcher's name." },
  job_end_state: { summary: 'How the job ended, in a word such as `completed` or `timeout`; empty before.' },
  ARRAY_TASK_ID: { summary: "The array task's number; empty for other jobs." },
  trigger_count: { summary: 'How often the watcher has triggered, a number.', conditionOnly: true },
} as const satisfies Record<string, BuiltInRow>;

export type BuiltInVariable = keyof typeof builtInVariables;

const builtInNames: ReadonlySet<string> = new Set(Object.keys(builtInVariables));

export const isBuiltInVariable = (name: string): name is BuiltInVariable => builtInNames.has(name);
