// What `$name` and conditions see: captures first, then the built-in names.
import type { Variables } from '../language/condition/evaluator';
import { toJobEndWord, type JobEndWord } from '../language/jobStates';
import type { BuiltInVariable } from '../language/variables';
import type { Subject } from './effect';
import type { Job } from './model';
import { toProgram } from './program';

/** How the job ended, in ssync's words; null while its output is still being read: an end that is not final yet is none. */
export const findEndWord = ({ phase, endState }: Job): JobEndWord | null =>
  phase === 'ended' && endState !== null ? toJobEndWord(endState) : null;

/** Exit code and signal; empty while unknown, and of a job whose end nobody knows. */
function toExit(job: Job): readonly [code: string, signal: string] {
  const isKnown = job.phase === 'ended' && job.endState !== null && job.endState !== 'unknown';
  const [, code = '', signal = ''] = (isKnown && /^(\d+):(\d+)$/.exec(job.exitCode ?? '')) || [];
  return [code, signal];
}

function toBuiltIns({ watcher, job }: Subject): Record<Exclude<BuiltInVariable, 'trigger_count'>, string> {
  const [code, signal] = toExit(job);
  return {
    JOB_ID: job.id,
    JOB_NAME: job.name,
    HOSTNAME: job.cluster,
    WATCHER: watcher.definition.name,
    job_end_state: findEndWord(job) ?? '',
    JOB_STATE: job.state,
    EXIT_CODE: code,
    EXIT_SIGNAL: signal,
    ARRAY_TASK_ID: /_(\d+)$/.exec(job.id)?.[1] ?? '',
  };
}

/** For parameters: everything is text; a capture without a value is null, which is an empty text. */
export function toTemplateVariables(subject: Subject): Readonly<Record<string, string | null>> {
  const { definition, progress } = subject.watcher;
  return merge<string | null>(toBuiltIns(subject), toProgram(definition).unset, progress.variables);
}

/** For conditions: a capture without a value is None, trigger_count is a number. */
export function toConditionVariables(subject: Subject): Variables {
  const { definition, progress } = subject.watcher;
  const count = { trigger_count: progress.triggerCount };
  return merge<string | number | null>(
    toBuiltIns(subject),
    count,
    toProgram(definition).unset,
    progress.variables,
  );
}

type Names<Value> = Readonly<Record<string, Value>>;

/** Later ones win. Several objects spread into one take V8 ten times as long; a capture may be called `__proto__`. */
const merge = <Value>(...all: readonly Names<Value>[]): Names<Value> =>
  Object.assign(Object.create(null) as Record<string, Value>, ...all) as Names<Value>;
