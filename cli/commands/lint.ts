// slurm-watchers lint: everything that is wrong with the directives of scripts.
import type { Command } from 'commander';
import type { Problem, Severity } from '../../language/problem';
import { parseScript } from '../../language/script';
import { createLineIndex } from '../../language/text';
import { toProblemJson } from '../json';
import type { Output, Style } from '../output';
import { readScript, type Context } from './command';

const styles: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  information: 'cyan',
  hint: 'dim',
};

export function addLint(program: Command, context: Context): void {
  program
    .command('lint')
    .description('check the directives of scripts; exits with 1 where there are errors or warnings')
    .argument('<script...>', 'batch scripts')
    .option('--json', 'print the problems as JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers lint jobs/*.sh')
    .action(async (paths: readonly string[], options: { readonly json?: true }) => {
      const files = await Promise.all(paths.map(async (path) => ({ path, text: await readScript(path) })));
      const checked = files.map((file) => ({ ...file, problems: parseScript(file.text).problems }));
      if (options.json) {
        const rows = checked.flatMap(({ path, text, problems }) =>
          problems.map((problem) => ({ file: path, ...toProblemJson(problem, text) })),
        );
        context.output.line(JSON.stringify(rows, null, 2));
      } else {
        for (const { path, text, problems } of checked) printProblems(path, text, problems, context.output);
      }
      const serious = checked
        .flatMap(({ problems }) => problems)
        .filter(({ severity }) => severity === 'error' || severity === 'warning');
      context.exit(serious.length > 0 ? 1 : 0);
    });
}

/** Each problem as compilers print it: place, message, the line with a caret, and the remedy. */
export function printProblems(
  path: string,
  text: string,
  problems: readonly Problem[],
  output: Output,
): void {
  const index = createLineIndex(text);
  for (const { code, severity, message, remedy, span } of problems) {
    const { start, end } = index.rangeOf(span);
    const line = text.slice(index.lineStart(start.line)).split(/\r?\n/, 1)[0] ?? '';
    const width =
      end.line === start.line
        ? Math.max(1, end.character - start.character)
        : Math.max(1, line.length - start.character);
    const margin = line.slice(0, start.character).replace(/[^\t]/g, ' ');
    output.line(
      `${path}:${start.line + 1}:${start.character + 1}: ${output.paint(styles[severity], severity)}: ${message} ${output.paint('dim', `[${code}]`)}`,
    );
    output.line(`  ${line}`);
    output.line(`  ${margin}${output.paint(styles[severity], '^'.repeat(width))}`);
    output.line(`  ${remedy}`);
  }
}
