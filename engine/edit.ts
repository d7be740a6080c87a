// Editing a watcher of a job that goes on: another definition from now on, with the position, counts and variables that it has.
import type { Definition } from '../language/definition';
import { maskDefinitions } from '../language/maskedScript';
import { isEqual, printAction } from '../language/print';
import { definitionFields, rowOf, type FieldName } from '../language/schema';
import { checkActions, checkScript, readDefinitions, type AttachPlace } from './attach';
import type { Effect } from './effect';
import { WatchError } from './errors';
import { cutText } from './keptText';
import type { Cause, Job, Progress, Stream, Watcher } from './model';
import { moveTo } from './move';
import { keepAll } from './notificationSecrets';
import type { EditRequest } from './protocol';
import type { findResumePlaces } from './resume';
import { explainNoEdit } from './rules';
import { findWatcher } from './wishes';
import { findStreams } from './watching/dueFiles';
import { hasRun } from './job';

export interface EditPlace extends Pick<AttachPlace, 'ledger' | 'actions' | 'consents' | 'secrets' | 'now'> {
  /** Where the outputs end now, as gaps; asks the cluster. */
  readonly findEnds: (
    job: Job,
    watcher: Watcher,
    reason: string,
  ) => Promise<Awaited<ReturnType<typeof findResumePlaces>>>;
}

const cause: Cause = { kind: 'wish', move: 'edit' };

/** Throws bad-request, unsupported, not-found and needs-consent; nothing changes then. */
export async function edit(request: EditRequest, place: EditPlace): Promise<Watcher> {
  const { ledger, actions, consents, secrets, now } = place;
  const { watcher, job } = findWatcher(request.watcher, ledger);
  const refusal = explainNoEdit(watcher, job);
  if (refusal) throw new WatchError('bad-request', refusal.message, refusal.remedy);
  const [read, ...others] = readDefinitions(request.definition);
  if (!read || others.length > 0)
    throw new WatchError('bad-request', 'One watcher has one definition.', 'Give one definition.');
  checkActions([read], actions);
  const masked = maskDefinitions([keepName(read, watcher)]);
  const [definition = read] = masked.definitions;
  checkScript(job, [definition]);
  if (isEqual(definition, watcher.definition)) return watcher;
  await consents.require({
    what: `The watcher "${definition.name}" of job ${job.id}`,
    cluster: job.cluster,
    submission: job.submission,
    definitions: [definition],
    loginSetup: null,
    // What came with its script may cancel its own job.
    job: watcher.lines === null ? (job.parent ?? job.key) : null,
    agreed: request.agreed,
  });
  keepAll(secrets, masked.secrets);
  const adapted = { ...watcher, definition, progress: adapt(watcher, { definition, job, now: now() }) };
  const gaps = await findGaps(watcher, adapted, job, place);
  await ledger.commit((batch) => {
    batch.addWatcher(adapted);
    batch.tellWatcher(
      { watcher: adapted, job },
      { kind: 'state', cause, result: `edited: ${describeEdit(watcher.definition, definition)}` },
    );
    for (const gap of gaps) batch.observe(watcher.id, gap, now());
    const subject = batch.subject(watcher.id);
    if (!subject) return;
    const effects: Effect[] = [];
    const progress = endIfSpent(subject.watcher, watcher.definition, effects);
    batch.apply(subject, progress, effects);
  });
  return ledger.watchers.get(watcher.id) ?? adapted;
}

/** A definition that says no name has one by its place. */
const keepName = (definition: Definition, { definition: { name } }: Watcher): Definition =>
  /^watcher \d+$/.test(definition.name) ? { ...definition, name } : definition;

/** What it knows stays, but for what was only true of the former definition. */
function adapt(
  { definition: before, progress }: Watcher,
  { definition, job, now }: { readonly definition: Definition; readonly job: Job; readonly now: number },
): Progress {
  const { timerModeEnabled, timerIntervalSeconds } = definition;
  const { timer } = progress.deadlines;
  const isSlower = timerIntervalSeconds !== before.timerIntervalSeconds;
  const next = isSlower && timer !== undefined ? now + timerIntervalSeconds * 1000 : timer;
  const isJudgedAnew = before.pattern !== definition.pattern || before.condition !== definition.condition;
  const adapted: Progress = {
    ...progress,
    reportedErrors: [],
    patternOverruns: isJudgedAnew ? 0 : progress.patternOverruns,
    deadlines: timerModeEnabled && next !== undefined ? { timer: next } : {},
    held: timerModeEnabled ? progress.held : null,
    backoff: 1,
    nextCheck: progress.state === 'active' ? now : progress.nextCheck,
  };
  const former = readStreams(before, job);
  return readStreams(definition, job)
    .filter(({ stream }) => !former.some((known) => known.stream === stream))
    .reduce((moved, { stream, path }) => {
      // The same file by its other name.
      const same = former.find((known) => known.path === path);
      return same ? moveStream(moved, same.stream, stream) : moved;
    }, adapted);
}

const readStreams = (definition: Definition, job: Job): ReturnType<typeof findStreams> =>
  definition.pattern === null ? [] : findStreams(job, { definition } as Watcher);

const moveStream = (progress: Progress, from: Stream, to: Stream): Progress => ({
  ...progress,
  position: { ...progress.position, [to]: progress.position[from] },
  mark: { ...progress.mark, [to]: progress.mark[from] },
  seen: { ...progress.seen, [to]: progress.seen[from] },
});

/** What it reads only from now on begins where it ends now. */
async function findGaps(
  { definition: before }: Watcher,
  edited: Watcher,
  job: Job,
  { findEnds }: EditPlace,
): Promise<Awaited<ReturnType<EditPlace['findEnds']>>> {
  const former = readStreams(before, job).map(({ path }) => path);
  const added = readStreams(edited.definition, job).filter(({ path }) => !former.includes(path));
  if (added.length === 0 || !hasRun(job) || job.isArray) return [];
  const gaps = await findEnds(job, edited, 'the watcher reads it only since it was edited');
  return gaps.filter((gap) => added.some(({ stream }) => stream === gap.stream));
}

/** It has triggered as often already as it may now. */
function endIfSpent({ definition, progress }: Watcher, before: Definition, effects: Effect[]): Progress {
  const { maxTriggers } = definition;
  if (maxTriggers === null || maxTriggers === before.maxTriggers || progress.triggerCount < maxTriggers)
    return progress;
  return moveTo(progress, { move: 'reachLimit', reason: `max_triggers (${maxTriggers}) reached` }, effects);
}

/** Characters of a value that are told. */
const longestValue = 300;

/** `pattern "a" to "b"; cooldown 0 to 60`: each field that has changed. */
function describeEdit(before: Definition, after: Definition): string {
  return definitionFields
    .filter((field) => !isEqual(valueOf(before, field), valueOf(after, field)))
    .map((field) => `${field} ${describeValue(before, field)} to ${describeValue(after, field)}`)
    .join('; ');
}

const valueOf = (definition: Definition, field: FieldName): unknown => definition[rowOf(field).property];

function describeValue(definition: Definition, field: FieldName): string {
  const value = valueOf(definition, field);
  if (value === null) return 'none';
  const printed =
    field === 'actions'
      ? definition.actions.map((action) => printAction(action) ?? JSON.stringify(action)).join(', ')
      : JSON.stringify(value);
  return cutText(printed === '' ? 'none' : printed, longestValue);
}
