// slurm-watchers lint: all that is wrong with directives and #SBATCH lines, for people, programs and services.
import { Option, type Command } from 'commander';
import { count } from '../../engine/words';
import { checkBatchScript } from '../../language/batchScript';
import { parseScript, type ParseOptions } from '../../language/script';
import { parseWatcherFile } from '../../language/watcherFile';
import { printAnnotations } from '../annotations';
import { nameOf, readText } from '../input';
import { toProblemJson } from '../json';
import type { Output } from '../output';
import { isSerious, isWatcherFile, printProblems, type Checked } from '../problems';
import { toSarif } from '../sarif';
import type { Context } from './command';
import { isError } from '../../language/problem';

type Format = 'text' | 'json' | 'sarif' | 'github';

interface LintOptions {
  readonly format: Format;
  readonly json?: true;
  readonly ssync?: true;
}

const printers: Readonly<Record<Format, (checked: readonly Checked[], output: Output) => void>> = {
  text: (checked, output) => {
    for (const one of checked) printProblems(one, output);
    output.note(summarize(checked));
  },
  json: (checked, output) => {
    const rows = checked.flatMap(({ path, text, problems }) =>
      problems.map((problem) => ({ file: nameOf(path), ...toProblemJson(problem, text) })),
    );
    output.json(rows, 'pretty');
  },
  sarif: (checked, output) => {
    output.json(toSarif(checked), 'pretty');
  },
  github: (checked, output) => {
    for (const one of checked) printAnnotations(one, output);
  },
};

export function addLint(program: Command, context: Context): void {
  program
    .command('lint')
    .description(
      'check the directives and #SBATCH lines of scripts; exits with 1 if there are errors or warnings',
    )
    .argument('<file...>', 'batch scripts and watcher files (*.json); "-" is standard input')
    .addOption(
      new Option('--format <format>', 'how problems are printed; github: annotations of a workflow')
        .choices(Object.keys(printers))
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .option('--ssync', 'tell what ssync would drop, too')
    .addHelpText(
      'after',
      `
Examples:
  slurm-watchers lint jobs/*.sh
  slurm-watchers lint train.sh --format sarif > watchers.sarif`,
    )
    .action(async (paths: readonly string[], { format, json, ssync }: LintOptions) => {
      const allowedCommands = await context.readAllowedCommands();
      const rules = { ssync: ssync === true, ...(allowedCommands && { allowedCommands }) };
      const checked = await Promise.all(
        paths.map(async (path) => check(path, await readText(path, context), rules)),
      );
      printers[json ? 'json' : format](checked, context.output);
      context.exit(checked.some(({ problems }) => problems.some(isSerious)) ? 1 : 0);
    });
}

function check(path: string, text: string, rules: ParseOptions): Checked {
  const { problems } = isWatcherFile(path)
    ? parseWatcherFile(text, rules)
    : checkBatchScript(text, parseScript(text, rules));
  return { path, text, problems };
}

function summarize(checked: readonly Checked[]): string {
  const problems = checked.flatMap((one) => one.problems);
  const errors = problems.filter(isError).length;
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  const others = problems.length - errors - warnings;
  const parts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
    ...(others > 0 ? [count(others, 'remark')] : []),
  ];
  return `${parts.join(', ') || 'no problems'} in ${count(checked.length, 'file')}`;
}
