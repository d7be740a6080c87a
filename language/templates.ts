// The table of built-in templates: watchers for what people mostly look for, with lines that they match and do not match.
import type { ActionDefinition, Definition } from './definition';
import { defaultDefinition } from './schema';

export interface Template {
  /** Stable, part of the interface: letters and dashes. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** For search and grouping; the first one is the category. */
  readonly tags: readonly string[];
  readonly definition: Definition;
  /** Lines of output that the pattern matches, and such that look alike and are not matched. */
  readonly matches: readonly string[];
  readonly misses: readonly string[];
}

const define = (parts: Partial<Definition> & Pick<Definition, 'name'>): Definition => ({
  ...defaultDefinition,
  ...parts,
});

const act = (type: ActionDefinition['type'], params: ActionDefinition['params'] = {}): ActionDefinition => ({
  type,
  params,
  condition: null,
});

/** Source: section 4 of the product. */
export const templates: readonly Template[] = [
  {
    id: 'error',
    title: 'Error detection',
    description: 'Tell errors, exceptions and crashes in a notification',
    tags: ['errors', 'log', 'exception', 'traceback', 'fatal'],
    definition: define({
      name: 'errors',
      pattern: '\\b(ERROR|FATAL|CRITICAL)\\b|^Traceback \\(most recent|Segmentation fault',
      outputType: 'both',
      cooldownSeconds: 60,
      actions: [act('log_event', { level: 'error' })],
    }),
    matches: [
      '2026-01-05 12:00:01 ERROR trainer: cannot open shard 7',
      'Traceback (most recent call last):',
      './run.sh: line 3: 4711 Segmentation fault (core dumped)',
      '[FATAL] node lost',
    ],
    misses: ['0 errors', 'mean error: 0.03', 'Traceback is enabled', 'ERRORS_TOTAL=0'],
  },
  {
    id: 'warning',
    title: 'Warnings',
    description: 'Tell warnings in a notification, one in five minutes',
    tags: ['errors', 'log', 'warning'],
    definition: define({
      name: 'warnings',
      pattern: '\\bWARN(?:ING)?\\b|\\b\\w*Warning:',
      outputType: 'both',
      cooldownSeconds: 300,
      actions: [act('log_event', { level: 'warning' })],
    }),
    matches: ['WARNING: slow storage', '[WARN] retrying', 'model.py:3: DeprecationWarning: use y'],
    misses: ['no warnings', 'WARNINGS=off', 'warned'],
  },
  {
    id: 'out-of-memory',
    title: 'Out of memory',
    description: 'Cancel a job that ran out of memory and only burns its allocation',
    tags: ['errors', 'oom', 'memory', 'cuda', 'gpu', 'cancel'],
    definition: define({
      name: 'out of memory',
      pattern: 'CUDA out of memory|OutOfMemoryError|oom[-_]kill|Out Of Memory|Cannot allocate memory',
      outputType: 'both',
      maxTriggers: 1,
      actions: [
        act('log_event', { message: 'out of memory: $0', level: 'error' }),
        act('cancel_job', { reason: 'out of memory' }),
      ],
    }),
    matches: [
      'RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB',
      'torch.OutOfMemoryError: CUDA error',
      'slurmstepd: error: Detected 1 oom_kill event in StepId=42.0',
      'java.lang.OutOfMemoryError: Java heap space',
    ],
    misses: ['memory: 12 GiB of 40 GiB', 'loom started'],
  },
  {
    id: 'loss',
    title: 'Loss',
    description: 'Keep the loss as a metric',
    tags: ['training', 'loss', 'metric', 'chart'],
    definition: define({
      name: 'loss',
      pattern: '\\b[Ll]oss[:=]?\\s*([-+]?(?:nan|inf|\\d+(?:\\.\\d*)?(?:e[-+]?\\d+)?))',
      captures: ['loss'],
      actions: [act('store_metric', { name: 'loss', value: '$loss' })],
    }),
    matches: ['epoch 3 loss: 0.4213', 'Loss=1e-4', 'step 10 | loss nan', "{'loss': 0.3} loss: 0.3"],
    misses: ['lossless compression: 3', 'gloss: 3', 'loss: not known'],
  },
  {
    id: 'divergence',
    title: 'Cancel when the loss diverges',
    description: 'Cancel the job when the loss is too high or not a number',
    tags: ['training', 'loss', 'nan', 'cancel'],
    definition: define({
      name: 'divergence',
      pattern: '\\b[Ll]oss[:=]?\\s*([-+]?(?:nan|inf|\\d+(?:\\.\\d*)?(?:e[-+]?\\d+)?))',
      captures: ['loss'],
      condition: 'not float(loss) < 100',
      maxTriggers: 1,
      actions: [
        act('log_event', { message: 'the loss diverges: $loss', level: 'error' }),
        act('cancel_job', { reason: 'loss $loss' }),
      ],
    }),
    matches: ['loss: nan', 'Loss=1e9'],
    misses: ['losses so far', 'validation accuracy: 0.9'],
  },
  {
    id: 'epoch-checkpoint',
    title: 'Epoch checkpoint',
    description: 'Record each checkpoint with its epoch',
    tags: ['training', 'epoch', 'checkpoint'],
    definition: define({
      name: 'checkpoints',
      pattern: '[Ee]poch[ =:]*(\\d+)\\b.*\\b[Cc]heckpoint',
      captures: ['epoch'],
      actions: [
        act('log_event', { message: 'checkpoint of epoch $epoch' }),
        act('store_metric', { name: 'epoch', value: '$epoch' }),
      ],
    }),
    matches: ['Epoch 12: saved checkpoint to out/12.pt', 'epoch=3 checkpoint written'],
    misses: ['epoch 12 done', 'checkpoint every 5 epochs'],
  },
  {
    id: 'progress',
    title: 'Progress',
    description: 'Say now and then how far a progress bar is',
    tags: ['progress', 'tqdm', 'timer'],
    definition: define({
      name: 'progress',
      pattern: '(?<!\\d)(100|\\d{1,2})(?:\\.\\d+)?\\s?%',
      captures: ['percent'],
      outputType: 'both',
      timerModeEnabled: true,
      timerIntervalSeconds: 600,
      actions: [
        act('store_metric', { name: 'progress', value: '$percent', unit: '%' }),
        act('log_event', { message: '$percent % done' }),
      ],
    }),
    matches: [' 42%|####      | 42/100 [00:10<00:14]', 'Progress: 100 %', 'copied 7.5% of the files'],
    misses: ['420%', 'no progress', '42 of 100'],
  },
  {
    id: 'stage-completed',
    title: 'Stage completed',
    description: 'Record each stage of a pipeline that is done',
    tags: ['progress', 'stage', 'pipeline', 'step'],
    definition: define({
      name: 'stages',
      pattern: '\\b(?:[Ss]tage|[Ss]tep|[Pp]hase)\\s+([\\w.-]+)\\s+(?:completed?|done|finished)\\b',
      captures: ['stage'],
      actions: [act('log_event', { message: 'stage $stage is done' })],
    }),
    matches: ['Stage preprocessing completed in 12 s', 'step 3 done', '[pipeline] Phase align-1 finished'],
    misses: ['stage preprocessing started', 'all completed', 'Stage: completed soon'],
  },
  {
    id: 'gpu-memory',
    title: 'GPU memory',
    description: "Keep the GPU's memory as nvidia-smi prints it",
    tags: ['resources', 'gpu', 'memory', 'nvidia-smi', 'metric'],
    definition: define({
      name: 'gpu memory',
      pattern: '(\\d+)\\s?MiB / (\\d+)\\s?MiB',
      captures: ['used', 'total'],
      intervalSeconds: 60,
      actions: [
        act('store_metric', { name: 'gpu_memory', value: '$used', unit: 'MiB' }),
        {
          type: 'log_event',
          params: { message: 'GPU memory is nearly full: $used of $total MiB', level: 'warning' },
          condition: 'int(used) > 0.95 * int(total)',
        },
      ],
    }),
    matches: ['| N/A   34C    P0    54W / 300W |   4321MiB / 40960MiB |     12%      Default |'],
    misses: ['4321 MiB allocated', 'GPU memory: n/a'],
  },
  {
    id: 'cpu',
    title: 'CPU usage',
    description: 'Keep the CPU usage that the job prints',
    tags: ['resources', 'cpu', 'load', 'metric'],
    definition: define({
      name: 'cpu',
      pattern: '\\bCPU(?: usage| utilization)?[:=]?\\s*(\\d+(?:\\.\\d+)?)\\s?%',
      captures: ['cpu'],
      intervalSeconds: 60,
      actions: [act('store_metric', { name: 'cpu', value: '$cpu', unit: '%' })],
    }),
    matches: ['CPU usage: 97.5%', 'CPU=12 %', 'node7 CPU utilization 88% MEM 10%'],
    misses: ['CPU count: 8', 'GPU: 40%', 'CPU time 12 s'],
  },
  {
    id: 'job-end',
    title: 'Failed at the end',
    description: 'Tell when the job has failed, timed out or run out of memory',
    tags: ['end', 'failed', 'timeout', 'state'],
    definition: define({
      name: 'end',
      triggerOnJobEnd: true,
      triggerJobStates: ['failed', 'timeout', 'out_of_memory'],
      actions: [act('log_event', { message: 'the job ended: $job_end_state', level: 'error' })],
    }),
    matches: [],
    misses: [],
  },
  {
    id: 'blank',
    title: 'Blank',
    description: 'A watcher to begin with: a pattern and an event',
    tags: ['basic', 'empty', 'new'],
    definition: define({
      name: 'my watcher',
      pattern: 'TEXT TO LOOK FOR',
      actions: [act('log_event', { message: 'found: $0' })],
    }),
    matches: ['the TEXT TO LOOK FOR is here'],
    misses: ['another text'],
  },
];
