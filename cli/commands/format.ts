// slurm-watchers format: writes the directives of scripts in one way; everything else stays byte for byte.
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { WatchError } from '../../engine/errors';
import { applyEdits, formatScript } from '../../language/format';
import { nameOf, readBytes, toExactText } from '../input';
import { isWatcherFile } from '../problems';
import type { Context } from './command';

interface FormatOptions {
  readonly check?: true;
  readonly json?: true;
}

export function addFormat(program: Command, context: Context): void {
  program
    .command('format')
    .description('format the directives of scripts in place; what they mean, and all other lines, stay')
    .argument('<script...>', 'batch scripts; "-" formats standard input to standard output')
    .option('--check', 'write nothing; exit with 1 if a script is not formatted')
    .option('--json', 'print JSON: each file, and whether it was changed (with --check: would be)')
    .addHelpText(
      'after',
      '\nExamples:\n  slurm-watchers format jobs/*.sh\n  slurm-watchers format --check train.sh',
    )
    .action(async (paths: readonly string[], options: FormatOptions) => {
      const files: { readonly file: string; readonly changed: boolean }[] = [];
      for (const path of paths)
        files.push({ file: nameOf(path), changed: await format(path, options, context) });
      if (options.json) context.output.json(files, 'pretty');
      context.exit(options.check && files.some(({ changed }) => changed) ? 1 : 0);
    });
}

/** Whether formatting changes it. */
async function format(path: string, { check, json }: FormatOptions, context: Context): Promise<boolean> {
  const { output } = context;
  if (isWatcherFile(path))
    throw new WatchError(
      'bad-request',
      `${path} is a watcher file; format is for directives in scripts.`,
      'Format it as JSON.',
    );
  const text = toExactText(path, await readBytes(path, context));
  const { edits } = formatScript(text);
  const formatted = applyEdits(text, edits);
  const changed = formatted !== text;
  if (path === '-' && !check && !json) output.raw(formatted);
  else if (changed && !check && path !== '-') await write(path, formatted);
  if (changed && !json && (check || path !== '-'))
    output.line(check ? `${nameOf(path)} is not formatted` : `formatted ${path}`);
  return changed;
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WatchError(
      'command-failed',
      `Cannot write ${path}: ${reason}`,
      'Check its permissions, or use "-" to format standard input.',
      error,
    );
  }
}
