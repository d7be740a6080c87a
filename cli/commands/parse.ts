// slurm-watchers parse: the definitions of a script's watchers and the script that sbatch gets.
import type { Command } from 'commander';
import { WatchError } from '../../engine/errors';
import type { Definition } from '../../language/definition';
import { describeDefinition } from '../../language/print';
import { parseScript } from '../../language/script';
import { runBatch, textOf } from '../batch';
import { nameOf, readBytes, readText, toExactText } from '../input';
import { toScriptJson, toWatcherFileJson } from '../json';
import { paint } from '../output';
import { isWatcherFile, printProblems } from '../problems';
import { parseWatcherFile } from '../../language/watcherFile';
import type { Context } from './command';
import { isError } from '../../language/problem';

interface ParseOptions {
  readonly batch?: true;
  readonly clean?: true;
  readonly json?: true;
}

export function addParse(program: Command, context: Context): void {
  program
    .command('parse')
    .description("print a script's watchers with every field filled in; exits with 1 if there are errors")
    .argument('[file]', 'batch script or watcher file (*.json); "-" is standard input')
    .option('--json', 'print JSON: watchers, problems and the clean script')
    .option('--clean', 'print only what sbatch gets: the script without its directives')
    .option('--batch', 'requests {"script"} on standard input, one a line; one answer a line')
    .addHelpText(
      'after',
      `
Examples:
  slurm-watchers parse train.sh --json
  echo '{"script": "#WATCHER pattern=ERROR action=cancel_job"}' | slurm-watchers parse --batch`,
    )
    .action(async (path: string | undefined, options: ParseOptions) => {
      if (options.batch) context.exit(await runBatch({ answer, refuse }, context));
      else if (path === undefined)
        throw new WatchError(
          'bad-request',
          'There is nothing to parse.',
          'Give a script, or --batch to read requests from standard input.',
        );
      else if (isWatcherFile(path)) await parseFile(path, options, context);
      else await parse(path, options, context);
    });
}

async function parse(path: string, options: ParseOptions, context: Context): Promise<void> {
  const { output } = context;
  // The clean script is the script, byte for byte.
  const text = options.clean
    ? toExactText(path, await readBytes(path, context))
    : await readText(path, context);
  const script = parseScript(text);
  if (options.json) output.json(toScriptJson(script, text), 'pretty');
  else if (options.clean) output.raw(script.cleanText);
  else {
    for (const watcher of script.watchers) printWatcher(watcher, context);
    printProblems({ path, text, problems: script.problems }, output);
    if (script.directives.length === 0)
      output.note(
        `${nameOf(path)} has no directives. A directive looks like this: #WATCHER pattern="ERROR" action=log_event`,
      );
  }
  context.exit(script.problems.some(isError) ? 1 : 0);
}

async function parseFile(path: string, options: ParseOptions, context: Context): Promise<void> {
  const text = await readText(path, context);
  const { watchers, problems } = parseWatcherFile(text);
  if (options.clean)
    throw new WatchError(
      'bad-request',
      `${path} is a watcher file: it has no clean script.`,
      'Use --clean with a batch script.',
    );
  if (options.json) context.output.json(toWatcherFileJson({ watchers, problems }, text), 'pretty');
  else {
    for (const watcher of watchers) printWatcher(watcher, context);
    printProblems({ path, text, problems }, context.output);
  }
  context.exit(problems.some(isError) ? 1 : 0);
}

function printWatcher(
  { definition, line }: { readonly definition: Definition; readonly line: number },
  { output }: Context,
): void {
  output.line(paint('bold', definition.name), ` (line ${line})`);
  for (const [title, text] of describeDefinition(definition)) output.line(`  ${title.padEnd(9)}  ${text}`);
  for (const action of definition.actions) {
    const params = Object.entries(action.params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    output.line(
      `  action     ${action.type}(${params.join(', ')})${action.condition === null ? '' : ` if ${action.condition}`}`,
    );
  }
}

function answer(request: Parameters<typeof textOf>[0]): object {
  const text = textOf(request, 'script');
  return toScriptJson(parseScript(text), text);
}

const refuse = (message: string): object => ({
  error: { code: 'bad-request', message, remedy: 'Send {"script": "…"}.' },
});
