// The table of sbatch's options: names, kinds of values and what they ask for; completion, hover and checks come from it.

/** How a value is read. `none` is a flag; what has no format of its own is `text`. */
export type SbatchValueKind =
  | 'none'
  | 'text'
  | 'count'
  | 'nodes'
  | 'time'
  | 'memory'
  | 'array'
  | 'path'
  | 'folder'
  | 'choice'
  | 'choices';

export interface SbatchRow {
  readonly short?: string;
  readonly value: SbatchValueKind;
  /** The option may stand without its value. */
  readonly optional?: true;
  /** An attached value may be empty, or a count may be 0. */
  readonly nothing?: true;
  /** sbatch looks at the first letter of the value alone. */
  readonly byFirstLetter?: true;
  /** All values there are for `choice` and `choices` (with commas); for the others those that people mostly want. */
  readonly choices?: readonly string[];
  readonly summary: string;
  /** A value to show. */
  readonly example?: string;
}

/** Source: src/common/slurm_opt.c of Slurm 20.11 to 26.05, with sbatch(1). */
export const sbatchOptions = {
  account: { short: 'A', value: 'text', summary: 'The account that pays for the job.', example: 'physics' },
  'acctg-freq': {
    value: 'text',
    summary: 'How often usage is sampled, in seconds, for each kind of accounting.',
    example: 'task=30',
  },
  array: {
    short: 'a',
    value: 'array',
    summary: 'Runs the script once for each index, as tasks of a job array. `%n` lets n run at a time.',
    example: '0-15%4',
  },
  batch: { value: 'text', summary: 'Features that the node of the script itself must have.' },
  bb: { value: 'text', summary: 'What the job wants of the burst buffer.' },
  bbf: { value: 'path', summary: 'A file that says what the job wants of the burst buffer.' },
  begin: { short: 'b', value: 'text', summary: 'Not to start before this time.', example: 'now+1hour' },
  chdir: {
    short: 'D',
    value: 'folder',
    summary: 'The working directory; relative output paths begin there.',
  },
  'cluster-constraint': { value: 'text', summary: 'Features that the cluster must have, in a federation.' },
  clusters: {
    short: 'M',
    value: 'text',
    summary: 'Clusters to submit to; the one that starts first is taken.',
  },
  comment: { value: 'text', summary: 'A remark that is kept with the job.' },
  constraint: {
    short: 'C',
    value: 'text',
    summary: 'Features that the nodes must have; `&` and `|` join them.',
    example: 'a100',
  },
  'consolidate-segments': { value: 'none', summary: 'Packs segments into as few blocks as can be.' },
  container: { value: 'folder', summary: 'The OCI bundle in which the job runs.' },
  'container-id': { value: 'text', summary: "The name of the job's OCI container." },
  'container-type': { value: 'text', summary: 'What runs the OCI container of the job.' },
  context: { value: 'text', summary: 'The SELinux context of the job.' },
  contiguous: { value: 'none', summary: 'The nodes must stand side by side.' },
  'core-spec': {
    short: 'S',
    value: 'count',
    nothing: true,
    summary: 'Cores per node that are kept for the system.',
  },
  'cores-per-socket': { value: 'count', summary: 'Only nodes with at least this many cores per socket.' },
  'cpu-freq': {
    value: 'text',
    summary: 'The frequency of the processors, in kHz or as a word.',
    choices: ['low', 'medium', 'high', 'highm1', 'performance', 'powersave', 'ondemand', 'conservative'],
  },
  'cpus-per-gpu': { value: 'count', summary: 'Processors for each GPU.', example: '8' },
  'cpus-per-task': { short: 'c', value: 'count', summary: 'Processors for each task.', example: '8' },
  deadline: { value: 'text', summary: 'The job is removed if it cannot end before this time.' },
  'delay-boot': { value: 'time', summary: 'How long nodes with other features are not rebooted.' },
  dependency: {
    short: 'd',
    value: 'text',
    summary: 'Jobs that must have begun or ended before, and how.',
    choices: ['after:', 'afterany:', 'afterok:', 'afternotok:', 'aftercorr:', 'singleton'],
    example: 'afterok:1234',
  },
  distribution: {
    short: 'm',
    value: 'text',
    summary: 'How tasks are spread over nodes, sockets and cores.',
    choices: ['block', 'cyclic', 'plane=', 'arbitrary'],
  },
  error: {
    short: 'e',
    value: 'path',
    summary: 'The file for the standard error output; without it, it goes where standard output goes.',
    example: 'logs/%x-%j.err',
  },
  exclude: { short: 'x', value: 'text', summary: 'Nodes that are not wanted.', example: 'node[01-03]' },
  exclusive: {
    value: 'choice',
    optional: true,
    summary: 'Shares its nodes with no other job.',
    choices: ['user', 'mcs', 'topo', 'exclusive', 'oversubscribe', 'allocation'],
  },
  export: {
    value: 'text',
    nothing: true,
    summary: 'Variables of the environment at submission that the job is given.',
    choices: ['ALL', 'NIL', 'NONE'],
    example: 'ALL',
  },
  'export-file': { value: 'text', summary: 'A file of variables, each ended by a null character.' },
  external: {
    value: 'none',
    summary: 'The job only holds its resources, for steps that come from elsewhere.',
  },
  extra: { value: 'text', summary: 'A text for plugins of the cluster.' },
  'extra-node-info': {
    short: 'B',
    value: 'text',
    summary: 'Sockets, cores and threads that nodes must have.',
  },
  'get-user-env': {
    value: 'text',
    optional: true,
    summary: "Loads the environment of the user's login shell.",
  },
  gid: { value: 'text', summary: 'The group that the job runs as; for administrators.' },
  gpus: {
    short: 'G',
    value: 'text',
    summary: 'GPUs for the whole job, with a type if wanted.',
    example: 'a100:2',
  },
  'gpu-bind': {
    value: 'text',
    summary: 'Which tasks see which GPUs.',
    choices: ['closest', 'none', 'per_task:', 'single:', 'map:', 'mask:'],
  },
  'gpu-freq': { value: 'text', summary: 'The frequency of the GPUs.', choices: ['low', 'medium', 'high'] },
  'gpus-per-node': { value: 'text', summary: 'GPUs on each node, with a type if wanted.', example: '4' },
  'gpus-per-socket': { value: 'text', summary: 'GPUs for each socket.', example: '1' },
  'gpus-per-task': { value: 'text', summary: 'GPUs for each task.', example: '1' },
  gres: { value: 'text', summary: 'Generic resources of each node.', example: 'gpu:2' },
  'gres-flags': {
    value: 'text',
    summary: 'How generic resources are bound to processors.',
    choices: ['allow-task-sharing', 'disable-binding', 'enforce-binding', 'one-task-per-sharing'],
  },
  help: { short: 'h', value: 'none', summary: 'Prints help; out of place in a script.' },
  hint: {
    value: 'text',
    summary: 'What the program is limited by, for the binding of tasks.',
    choices: ['compute_bound', 'memory_bound', 'multithread', 'nomultithread'],
  },
  hold: {
    short: 'H',
    value: 'none',
    summary: 'Submits the job in held state; it starts once it is released.',
  },
  'ignore-pbs': { value: 'none', summary: 'Leaves #PBS and #BSUB lines of the script alone.' },
  input: { short: 'i', value: 'path', summary: 'The file that standard input is read from.' },
  'job-name': { short: 'J', value: 'text', summary: "The job's name; `%x` in paths.", example: 'train' },
  'kill-on-invalid-dep': {
    value: 'choice',
    choices: ['yes', 'no'],
    summary: 'Whether a job whose dependency can never be met is removed.',
  },
  licenses: { short: 'L', value: 'text', summary: 'Licenses that the job needs.', example: 'matlab:1' },
  'mail-type': {
    value: 'choices',
    choices: [
      'NONE',
      'BEGIN',
      'END',
      'FAIL',
      'REQUEUE',
      'ALL',
      'INVALID_DEPEND',
      'STAGE_OUT',
      'TIME_LIMIT',
      'TIME_LIMIT_90',
      'TIME_LIMIT_80',
      'TIME_LIMIT_50',
      'ARRAY_TASKS',
    ],
    summary: 'When Slurm sends mail.',
    example: 'END,FAIL',
  },
  'mail-user': { value: 'text', summary: 'The address for mail.', example: 'me@example.org' },
  'mcs-label': { value: 'text', summary: 'The security label of the job.' },
  mem: { value: 'memory', summary: 'Memory for each node; 0 is all of it.', example: '64G' },
  'mem-bind': {
    value: 'text',
    summary: 'How tasks are bound to memory.',
    choices: ['none', 'local', 'map_mem:', 'mask_mem:', 'prefer', 'sort', 'nosort', 'rank'],
  },
  'mem-per-cpu': { value: 'memory', summary: 'Memory for each processor.', example: '4G' },
  'mem-per-gpu': { value: 'memory', summary: 'Memory for each GPU.', example: '32G' },
  'mem-update': {
    value: 'text',
    summary: 'Lowers the memory of the job to what it uses and a margin in percent, after some minutes.',
    example: '20@30',
  },
  mincpus: { value: 'count', summary: 'Only nodes with at least this many processors.' },
  network: { value: 'text', summary: 'What the job wants of the interconnect.' },
  nice: { value: 'text', optional: true, summary: 'Lowers the priority of the job.', example: '100' },
  'no-kill': {
    short: 'k',
    value: 'choice',
    optional: true,
    choices: ['set', 'off', 'no'],
    summary: 'The job goes on if one of its nodes fails.',
  },
  'no-requeue': { value: 'none', summary: 'The job is never queued again, as after a failed node.' },
  nodefile: { short: 'F', value: 'text', summary: 'A file with the nodes that are wanted.' },
  nodelist: { short: 'w', value: 'text', summary: 'Nodes that must be among those of the job.' },
  nodes: { short: 'N', value: 'nodes', summary: 'How many nodes; `2-4` are two to four.', example: '1' },
  ntasks: { short: 'n', value: 'count', summary: 'How many tasks, each with its processors.', example: '4' },
  'ntasks-per-core': { value: 'count', summary: 'At most this many tasks on each core.' },
  'ntasks-per-gpu': { value: 'count', summary: 'Number of tasks for each GPU.' },
  'ntasks-per-node': { value: 'count', summary: 'Number of tasks on each node.', example: '4' },
  'ntasks-per-socket': { value: 'count', summary: 'At most this many tasks on each socket.' },
  'ntasks-per-tres': {
    value: 'count',
    summary: 'Number of tasks for each GPU; older than --ntasks-per-gpu.',
  },
  'oom-kill-step': {
    value: 'choice',
    optional: true,
    choices: ['0', '1'],
    summary: 'Whether a task without memory ends the whole step on all its nodes.',
  },
  'open-mode': {
    value: 'choice',
    byFirstLetter: true,
    choices: ['append', 'truncate'],
    summary: 'Whether output files are gone on with, or begun anew.',
  },
  output: {
    short: 'o',
    value: 'path',
    summary: 'The file for standard output, and without --error for errors too.',
    example: 'logs/%x-%j.out',
  },
  overcommit: { short: 'O', value: 'none', summary: 'More than one task for each processor.' },
  oversubscribe: { short: 's', value: 'none', summary: 'May share its nodes with other jobs.' },
  parsable: { value: 'none', summary: 'Prints the number of the job alone.' },
  partition: { short: 'p', value: 'text', summary: 'The partition, a queue of its own.', example: 'gpu' },
  power: { value: 'text', summary: 'What the job wants of power management.' },
  prefer: { value: 'text', summary: 'Features that nodes should have, if there are such.' },
  priority: { value: 'text', summary: 'A priority of its own; for administrators.' },
  profile: {
    value: 'choices',
    choices: ['All', 'None', 'Energy', 'Task', 'Filesystem', 'Lustre', 'Network'],
    summary: 'What is measured while the job runs.',
  },
  propagate: { value: 'text', optional: true, summary: 'Which limits of the shell hold in the job too.' },
  qos: { short: 'q', value: 'text', summary: 'The quality of service.', example: 'normal' },
  quiet: { short: 'Q', value: 'none', summary: 'Prints less.' },
  reboot: { value: 'none', summary: 'Reboots the nodes first.' },
  requeue: {
    value: 'choice',
    optional: true,
    choices: ['expedite'],
    summary: 'The job may be queued again, as after a failed node.',
  },
  reservation: { value: 'text', summary: 'The reservation to run in.' },
  'resv-ports': {
    value: 'count',
    optional: true,
    nothing: true,
    summary: 'Keeps this many ports on each node.',
  },
  resources: { value: 'text', summary: 'A hierarchy of resources that the job needs.' },
  segment: { value: 'count', nothing: true, summary: 'Nodes of one block, in clusters of blocks.' },
  signal: {
    value: 'text',
    summary: 'A signal some seconds before the time limit; with `B:` to the script alone.',
    example: 'B:USR1@120',
  },
  'sockets-per-node': { value: 'count', summary: 'Only nodes with at least this many sockets.' },
  'spread-job': { value: 'none', summary: 'Spreads the tasks over as many nodes as can be had.' },
  'spread-segments': { value: 'none', summary: 'Puts each segment into a block of its own.' },
  stepmgr: { value: 'none', summary: 'Manages the steps of the job on its first node.' },
  switches: { value: 'text', summary: 'At most this many switches between the nodes.', example: '1@30' },
  'test-only': { value: 'none', summary: 'Says when the job would start, and submits nothing.' },
  'thread-spec': { value: 'count', summary: 'Threads per node that are kept for the system.' },
  'threads-per-core': { value: 'count', summary: 'Only nodes with at least this many threads per core.' },
  time: {
    short: 't',
    value: 'time',
    summary: 'The time limit: minutes, `hours:minutes:seconds` or `days-hours:minutes:seconds`.',
    example: '1-00:00:00',
  },
  'time-min': { value: 'time', summary: 'The limit may be lowered to this if the job starts earlier then.' },
  tmp: { value: 'memory', summary: 'Temporary disk that each node must have.', example: '100G' },
  'tres-bind': { value: 'text', summary: 'How tasks are bound to resources.' },
  'tres-per-task': {
    value: 'text',
    summary: 'Trackable resources for each task.',
    example: 'cpu:4,gres/gpu:1',
  },
  uid: { value: 'text', summary: 'The user that the job runs as; for administrators.' },
  usage: { value: 'none', summary: 'Prints a short help; out of place in a script.' },
  'use-min-nodes': { value: 'none', summary: 'Takes the fewest nodes of a range.' },
  verbose: { short: 'v', value: 'none', summary: 'Prints more.' },
  version: { short: 'V', value: 'none', summary: 'Prints the version; out of place in a script.' },
  wait: { short: 'W', value: 'none', summary: 'sbatch ends when the job has ended.' },
  'wait-all-nodes': {
    value: 'choice',
    choices: ['0', '1'],
    summary: 'Whether to wait until all nodes are up.',
  },
  wckey: { value: 'text', summary: 'A key for accounting.' },
  wrap: { value: 'text', summary: 'A command in place of a script; out of place in a script.' },
} as const satisfies Record<string, SbatchRow>;

export type SbatchOption = keyof typeof sbatchOptions;

export const sbatchNames = Object.keys(sbatchOptions) as readonly SbatchOption[];

export const sbatchRow = (name: SbatchOption): SbatchRow => sbatchOptions[name];

/** Of each group, a job has at most one. Source: sbatch(1), and the checks in src/sbatch/opt.c and src/common/slurm_opt.c. */
const exclusiveGroups: readonly (readonly SbatchOption[])[] = [
  ['mem', 'mem-per-cpu', 'mem-per-gpu'],
  ['exclusive', 'oversubscribe'],
  ['requeue', 'no-requeue'],
  ['cpus-per-task', 'cpus-per-gpu'],
  ['ntasks-per-gpu', 'ntasks-per-tres'],
  ['ntasks-per-gpu', 'gpus-per-task'],
  ['ntasks-per-gpu', 'gpus-per-socket'],
  ['ntasks-per-gpu', 'ntasks-per-node'],
  ['ntasks-per-tres', 'gpus-per-task'],
  ['ntasks-per-tres', 'gpus-per-socket'],
  ['ntasks-per-tres', 'ntasks-per-node'],
  ['core-spec', 'thread-spec'],
  ['nodefile', 'nodelist'],
];

/** The options that a job cannot have beside this one. */
export const excludedBy = (option: SbatchOption): readonly SbatchOption[] =>
  exclusiveGroups
    .filter((group) => group.includes(option))
    .flatMap((group) => group.filter((other) => other !== option));

const byShort = new Map<string, SbatchOption>();
for (const name of sbatchNames) {
  const { short } = sbatchRow(name);
  if (short !== undefined) byShort.set(short, name);
}

/** The option of a letter. */
export const findShortOption = (letter: string): SbatchOption | undefined => byShort.get(letter);

/** Names that sbatch reads besides, for the option that each is; help and completion need not show them. */
const otherNames: ReadonlyMap<string, SbatchOption> = new Map([
  ['cluster', 'clusters'],
  ['tasks-per-node', 'ntasks-per-node'],
]);

/** Names that sbatch read once, or that other schedulers have, and that people write. */
export const mistakenNames: ReadonlyMap<string, SbatchOption> = new Map([
  ['share', 'oversubscribe'],
  ['workdir', 'chdir'],
  ['memory', 'mem'],
  ['walltime', 'time'],
  ['queue', 'partition'],
]);

/** The options that a long name can mean: sbatch takes a beginning for the whole where only one option has it. */
export function findLongOptions(name: string): readonly SbatchOption[] {
  const exact = sbatchNames.find((known) => known === name) ?? otherNames.get(name);
  if (exact !== undefined) return [exact];
  if (name === '') return [];
  const others = [...otherNames].flatMap(([other, option]) => (other.startsWith(name) ? [option] : []));
  return [...new Set([...sbatchNames.filter((known) => known.startsWith(name)), ...others])];
}
