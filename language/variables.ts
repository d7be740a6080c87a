// The table of built-in names: what conditions and parameters may use besides captures.

interface BuiltInRow {
  readonly summary: string;
  /** True where only conditions know the name. */
  readonly conditionOnly?: true;
  /** True if it is empty until the job has ended. */
  readonly fromEnd?: true;
}

/** Source: sections 6 and 7 of the language. */
export const builtInVariables = {
  JOB_ID: { summary: "The job's id; of an array task, `A_k`." },
  HOSTNAME: { summary: "The cluster's name." },
  JOB_NAME: { summary: "The job's name." },
  WATCHER: { summary: "The watcher's name." },
  job_end_state: {
    summary: 'How the job ended: `completed`, `failed`, `timeout`, `cancelled` or `unknown`; empty before.',
    fromEnd: true,
  },
  JOB_STATE: { summary: "Slurm's exact state of the job, such as `RUNNING` or `OUT_OF_MEMORY`." },
  EXIT_CODE: {
    summary: 'The exit code of the ended job, a number as text; empty while unknown.',
    fromEnd: true,
  },
  EXIT_SIGNAL: {
    summary: 'The signal that ended the job, a number as text, `0` for none; empty while unknown.',
    fromEnd: true,
  },
  ARRAY_TASK_ID: { summary: "The array task's number; empty for other jobs." },
  trigger_count: { summary: 'How often the watcher has triggered, a number.', conditionOnly: true },
} as const satisfies Record<string, BuiltInRow>;

export type BuiltInVariable = keyof typeof builtInVariables;

const builtInNames: ReadonlySet<string> = new Set(Object.keys(builtInVariables));

export const isBuiltInVariable = (name: string): name is BuiltInVariable => builtInNames.has(name);

/** Whether a built-in name has no value before the job has ended. */
export const isKnownAtEnd = (name: BuiltInVariable): boolean => {
  const row: BuiltInRow = builtInVariables[name];
  return row.fromEnd === true;
};
