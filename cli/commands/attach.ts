// slurm-watchers attach: watchers on a job that runs, waits or has ended.
import { Option, type Command } from 'commander';
import { WatchError } from '../../engine/errors';
import { describeSkippedSetup } from '../../engine/words';
import { parseWatcherFile } from '../../language/watcherFile';
import { requestWithConsent, yesWords, type ConsentOptions } from '../consent';
import { readFileText } from '../input';
import { fieldOptions, toScriptWatchers, toWatcherText } from '../watcherText';
import { withEngine, type Context } from './command';

interface AttachOptions extends ConsentOptions, Readonly<Record<string, unknown>> {
  readonly on: string;
  readonly action?: readonly string[];
  readonly watcherFile?: string;
  readonly fromScript?: string;
  readonly from: 'start' | 'end';
}

/** Of an option that may be repeated. */
export const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export function addAttach(program: Command, context: Context): void {
  const command = program
    .command('attach')
    .description('attach watchers to a job; to one that has ended, for "slurm-watchers trigger"')
    .argument('<job>', 'the id of a job, of an array, or of a task such as 42_3')
    .requiredOption('--on <cluster>', 'the cluster, "sandbox" for this machine without Slurm')
    .option('--watcher-file <file>', 'watchers from a JSON file')
    .option('--from-script <script>', 'the watchers of a batch script')
    .addOption(
      new Option('--from <place>', 'where to begin in what was printed already')
        .choices(['start', 'end'])
        .default('end'),
    );
  for (const { flags, summary } of fieldOptions) command.option(flags, summary);
  command
    .option('--action <action>', 'as in a directive; may be repeated', collect)
    .option('--yes', yesWords)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  slurm-watchers attach 42 --on big --pattern "loss: ([\\d.]+)" --captures loss --action \'store_metric(name=loss, value=$loss)\'',
    )
    .action(async (job: string, options: AttachOptions) => {
      const watchers = await readWatchers(options, context);
      for (const { severity, message, remedy } of parseWatcherFile(watchers).problems)
        if (severity === 'warning') context.output.note(`warning: ${message} ${remedy}`);
      const request = { cluster: options.on, job, watchers, from: options.from };
      const attached = await withEngine(context, { start: true }, (link) =>
        requestWithConsent(link, ['engine/attach', request], { verb: 'Attach', options, context }),
      );
      if (!attached) {
        context.exit(1);
        return;
      }
      const ids = attached.watchers.map(({ id }) => id);
      if (options.json)
        context.output.json({ cluster: attached.cluster, job: attached.job.id, watchers: ids });
      else for (const id of ids) context.output.line(id);
      context.exit(0);
    });
}

async function readWatchers(options: AttachOptions, { output }: Context): Promise<string> {
  const { watcherFile, fromScript, action = [] } = options;
  const isWritten = action.length > 0 || fieldOptions.some(({ property }) => options[property] !== undefined);
  const given = [watcherFile !== undefined, fromScript !== undefined, isWritten].filter(Boolean).length;
  if (given !== 1)
    throw new WatchError(
      'bad-request',
      given === 0 ? 'No watcher was given.' : 'Watchers were given in more than one way.',
      'Give --pattern and --action, or --watcher-file, or --from-script.',
    );
  if (watcherFile !== undefined) return readFileText(watcherFile);
  if (fromScript === undefined) return toWatcherText(options, action);
  const { text, hasLoginSetup } = toScriptWatchers(await readFileText(fromScript), fromScript);
  if (hasLoginSetup) output.note(describeSkippedSetup(fromScript));
  return text;
}
