// Gives the builder's watcher to jobs: the one that it was opened from, the only one that runs, or those that a person picks.
import type { Definition } from '../../../language/definition';
import type { BuilderContext } from '../../../webviews/builder/protocol';
import type { App } from '../../app';
import { askFrom, attachTo, findTargets, type Target } from '../../attachFromFile';
import { pickMany } from '../../show/inputs';

/** In words, to which; null if the person changed their mind. */
export async function attachFromBuilder(
  app: App,
  context: BuilderContext,
  definition: Definition,
): Promise<string | null> {
  const targets = await chooseTargets(app, context);
  if (!targets?.length) return null;
  const title = 'Attach Watcher';
  const from = targets.every(({ isOver }) => isOver) ? 'start' : await askFrom(title);
  if (from === undefined) return null;
  const attached: string[] = [];
  const name = definition.name === '' ? 'watcher' : definition.name;
  const watchers = [{ definition: { ...definition, name } }];
  for (const target of targets) {
    const question = `Attach “${name}” to ${target.title}?`;
    const wanted = { target, watchers, from: target.isOver ? ('start' as const) : from, question };
    if (await attachTo(app, wanted)) attached.push(target.title);
  }
  return attached.length === 0 ? null : `“${name}” was attached to ${attached.join(', ')}.`;
}

async function chooseTargets(app: App, context: BuilderContext): Promise<readonly Target[] | undefined> {
  const targets = await findTargets(app);
  if (context.kind === 'job' || context.kind === 'line') {
    const { cluster, job, title } = context;
    const own = targets.find((target) => target.cluster === cluster && target.job === job);
    return [own ?? { cluster, job, title, isOver: false }];
  }
  const running = targets.filter(({ isOver }) => !isOver);
  if (running.length === 1) return running;
  const items = targets.map((target) => ({
    label: target.title,
    description: target.description,
    target,
  }));
  const options = {
    title: 'Attach Watcher',
    placeHolder: 'The jobs that are to be watched',
    matchOnDescription: true,
  };
  return (await pickMany(items, options))?.map(({ target }) => target);
}
