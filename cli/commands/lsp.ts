// slurm-watchers lsp: the language server, for every editor that speaks its protocol.
import type { Command } from 'commander';
import type { Context } from './command';

export function addLsp(program: Command, context: Context): void {
  program
    .command('lsp')
    .description(
      'check and complete directives in any editor: a language server on standard input and output',
    )
    .option('--stdio', 'what it does anyway; many editors say it')
    .addHelpText(
      'after',
      '\nExample (Helix, languages.toml):\n  command = "slurm-watchers"\n  args = ["lsp"]',
    )
    .action(() => {
      context.startLanguageServer();
    });
}
