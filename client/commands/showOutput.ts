// Show Job Output: the panel with what a job prints, at the line that something happened on if there is one.
import type { Job } from '../../engine/model';
import { nameJob } from '../../engine/words';
import type { OutputContext, Place } from '../../webviews/output/protocol';
import type { App } from '../app';
import { chooseJob, findClusterJob, findSelected } from '../choose';
import type { CommandArguments } from '../commandArguments';

/** `{ place: Place }` among the arguments names a line. */
export async function showOutput(app: App, given: CommandArguments): Promise<void> {
  const context = findListed(app, given) ?? (await chooseWatched(app, given));
  if (context) app.outputPanels.open(context, findNamedPlace(given) ?? findEventPlace(app, given));
}

/** A job of the tree of clusters, watched or not. */
function findListed(app: App, given: CommandArguments): OutputContext | undefined {
  const listed = findClusterJob(app, given);
  if (!listed) return undefined;
  const { cluster, report, key } = listed;
  const own = key === null ? undefined : app.engine.mirror.findJob(key);
  return own ? toContext(own) : { cluster, job: report.id, title: `${report.name} · job ${report.id}` };
}

async function chooseWatched(app: App, given: CommandArguments): Promise<OutputContext | undefined> {
  const job = await chooseJob(app, given, {
    title: 'Show Job Output',
    suits: ({ id, isArray }) => id !== '' && !isArray,
    none: 'There is no job with an output.',
  });
  return job && toContext(job);
}

const toContext = (job: Job): OutputContext => ({
  cluster: job.cluster,
  job: job.key,
  title: job.id === '' ? nameJob(job) : `${job.name} · job ${job.id}`,
});

function findNamedPlace(given: CommandArguments): Place | undefined {
  for (const argument of given) {
    const place = (argument as { readonly place?: Partial<Place> } | null | undefined)?.place;
    if (place && (place.stream === 'stdout' || place.stream === 'stderr') && typeof place.from === 'number')
      return { stream: place.stream, from: place.from };
  }
  return undefined;
}

/** What an event of the list was about. */
function findEventPlace({ eventsTree }: App, given: CommandArguments): Place | undefined {
  const node = findSelected(given);
  const place = node?.kind === 'event' ? eventsTree.find(node.event)?.place : undefined;
  return place ? { stream: place.stream, from: place.line } : undefined;
}
