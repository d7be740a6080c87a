// slurm-watchers parse: the definitions of a script's watchers and the script that sbatch gets.
import type { Command } from 'commander';
import { parseScript, type ScriptWatcher } from '../../language/script';
import { toScriptJson } from '../json';
import { readScript, type Context } from './command';
import { printProblems } from './lint';

export function addParse(program: Command, context: Context): void {
  program
    .command('parse')
    .description("print a script's watchers with every field filled in")
    .argument('<script>', 'batch script')
    .option('--json', 'print JSON: watchers, problems and the clean script')
    .option('--clean', 'print only what sbatch gets: the script without its directives')
    .addHelpText('after', '\nExample:\n  slurm-watchers parse train.sh --json')
    .action(async (path: string, options: { readonly json?: true; readonly clean?: true }) => {
      const text = await readScript(path);
      const script = parseScript(text);
      if (options.json) context.output.line(JSON.stringify(toScriptJson(script, text), null, 2));
      else if (options.clean) context.output.line(script.cleanText.replace(/\n$/, ''));
      else {
        for (const watcher of script.watchers) printWatcher(watcher, context);
        printProblems(path, text, script.problems, context.output);
      }
      context.exit(script.problems.some(({ severity }) => severity === 'error') ? 1 : 0);
    });
}

function printWatcher({ definition, line }: ScriptWatcher, { output }: Context): void {
  const { pattern, captures, condition, actions } = definition;
  output.line(`${output.paint('bold', definition.name)} (line ${line})`);
  if (pattern !== null) output.line(`  pattern    ${pattern}`);
  if (captures.length > 0) output.line(`  captures   ${captures.map((name) => name ?? '-').join(', ')}`);
  if (condition !== null) output.line(`  condition  ${condition}`);
  output.line(`  reads      ${definition.outputType} every ${definition.intervalSeconds} s`);
  for (const action of actions) {
    const params = Object.entries(action.params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    output.line(
      `  action     ${action.type}(${params.join(', ')})${action.condition === null ? '' : ` if ${action.condition}`}`,
    );
  }
}
