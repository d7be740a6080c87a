// A watcher as a page sends it: read with the checks of watcher files, since a page is trusted with nothing.
import { WatchError } from '../../../engine/errors';
import type { Definition } from '../../../language/definition';
import { parseWatcherFile } from '../../../language/watcherFile';

/** Without a name of its own its name is empty. Throws WatchError if it is not one right watcher. */
export function readWatcher(text: string): Definition {
  const { watchers, problems } = parseWatcherFile(text);
  const error = problems.find(({ severity }) => severity === 'error');
  const [watcher, ...others] = watchers;
  if (error) throw new WatchError('bad-request', error.message, error.remedy);
  if (!watcher || others.length > 0)
    throw new WatchError('bad-request', 'This is not one watcher.', 'Correct what the form marks.');
  return hasName(text) ? watcher.definition : { ...watcher.definition, name: '' };
}

function hasName(text: string): boolean {
  const value = JSON.parse(text) as { readonly name?: unknown };
  return typeof value.name === 'string' && value.name !== '';
}
