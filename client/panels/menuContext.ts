// What a menu of an output's page was opened on, as VS Code hands it to commands.
import { WatchError } from '../../engine/errors';
import { fitsFields, oneOf, text, texts, whole, type Fields } from '../../engine/shapes';
import type { MenuContext } from '../../webviews/output/protocol';
import type { CommandArguments } from '../commandArguments';

const fields: Fields<MenuContext> = {
  ...{ cluster: text, job: text, title: text, stream: oneOf('stdout', 'stderr') },
  ...{ text, above: texts, line: whole, selection: text },
};

/** Throws not-found if it comes from elsewhere. */
export function readMenuContext([given]: CommandArguments): MenuContext {
  if (fitsFields(fields, given)) return given;
  throw new WatchError(
    'not-found',
    'This is for a line of an output.',
    'Open its menu in the output of a job.',
  );
}
