// slurm-watchers edit: another definition for a watcher of a live job, from now on.
import type { Command } from 'commander';
import { WatchError } from '../../engine/errors';
import type { EngineLink } from '../../engine/link/greet';
import { parseWatcherFile } from '../../language/watcherFile';
import { requestWithConsent, yesWords, type ConsentOptions } from '../consent';
import { readFileText } from '../input';
import { toWatcherJson } from '../json';
import { fieldOptions, toEditedText } from '../watcherText';
import { collect } from './attach';
import { withEngine, type Context } from './command';

interface EditOptions extends ConsentOptions, Readonly<Record<string, unknown>> {
  readonly action?: readonly string[];
  readonly clear?: readonly string[];
  readonly watcherFile?: string;
}

export function addEdit(program: Command, context: Context): void {
  const command = program
    .command('edit')
    .description(
      'change a watcher of a live job from now on; what it has matched, counted and captured stays',
    )
    .argument('<watcher>', 'the id of a watcher, as "slurm-watchers list" shows it')
    .option('--watcher-file <file>', 'the whole watcher from a JSON file');
  for (const { flags, summary } of fieldOptions) command.option(flags, summary);
  command
    .option(
      '--action <action>',
      'as in a directive, in the place of all that it has; may be repeated',
      collect,
    )
    .option('--clear <field>', 'give a field its default; may be repeated', collect)
    .option('--yes', yesWords)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  slurm-watchers edit 3f2a --condition "float(loss) > 10" --cooldown 5m',
    )
    .action(async (watcher: string, options: EditOptions) => {
      const edited = await withEngine(context, { start: true }, async (link) => {
        const definition = await readDefinition(link, watcher, options);
        for (const { severity, message, remedy } of parseWatcherFile(definition).problems)
          if (severity === 'warning') context.output.note(`warning: ${message} ${remedy}`);
        const request = { watcher, definition };
        const found = await requestWithConsent(link, ['engine/edit', request], {
          verb: 'Edit',
          options,
          context,
        });
        const jobs = found && options.json ? await link.request('engine/jobs', { job: found.job }) : [];
        return found && { watcher: found, job: jobs.find(({ key }) => key === found.job) };
      });
      if (!edited) {
        context.exit(1);
        return;
      }
      const { id, progress, definition } = edited.watcher;
      if (options.json) context.output.json(toWatcherJson(edited.watcher, edited.job), 'pretty');
      else context.output.line(`${id} ${progress.state} ${definition.name}`);
      context.exit(0);
    });
}

async function readDefinition(
  link: Pick<EngineLink, 'request'>,
  id: string,
  options: EditOptions,
): Promise<string> {
  const { watcherFile, action: actions = [], clear: cleared = [] } = options;
  const isWritten =
    actions.length + cleared.length > 0 ||
    fieldOptions.some(({ property }) => options[property] !== undefined);
  if (isWritten === (watcherFile !== undefined))
    throw new WatchError(
      'bad-request',
      isWritten ? 'Changes were given in more than one way.' : 'No change was given.',
      'Give fields such as --pattern, --action or --clear, or --watcher-file.',
    );
  if (watcherFile !== undefined) return readFileText(watcherFile);
  const [watcher] = await link.request('engine/watchers', { watcher: id });
  if (!watcher)
    throw new WatchError('not-found', `No job has a watcher ${id}.`, 'See "slurm-watchers list --all".');
  return toEditedText(watcher.definition, options, { actions, cleared });
}
