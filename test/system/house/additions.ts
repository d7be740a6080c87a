// The made-up things: a field, an action, a request and a command, each with all that a developer writes for it.
import type { Addition } from './copy';

/** A duration with an alias and a key of its own in the JSON form. */
export const field: Addition = {
  rows: [
    {
      file: 'language/definition.ts',
      anchor: '  readonly cooldownSeconds: number;\n',
      side: 'after',
      text: '  readonly tideSeconds: number;\n',
    },
    {
      file: 'language/schema.ts',
      anchor: '  action: {\n',
      side: 'before',
      text: `  tide: {
    aliases: ['ebb'],
    type: 'duration',
    property: 'tideSeconds',
    default: 60,
    jsonKey: 'tide_seconds',
    bounds: [10, week],
    defaultText: '60 s',
    summary: 'How long the tide takes.',
    example: '2m',
    describe: ({ tideSeconds }) => ['tide', \`every \${tideSeconds} s\`],
  },
`,
    },
  ],
  files: {},
};

/** Which tides the watchers of a cluster have that last long enough. */
export const request: Addition = {
  rows: [
    {
      file: 'engine/protocol.ts',
      anchor: "  'engine/signIn': [",
      side: 'before',
      text: "  'engine/tides': [{ readonly cluster: string; readonly least: number }, readonly number[]];\n",
    },
    {
      file: 'engine/requestTable.ts',
      anchor: "import type { WatcherId } from './model';\n",
      side: 'after',
      text: "import { findTides } from './tides';\n",
    },
    {
      file: 'engine/requestTable.ts',
      anchor: "  'engine/signIn': {\n",
      side: 'before',
      text: `  'engine/tides': {
    fields: { cluster: text, least: whole },
    reach: toCluster,
    reads: true,
    answer: findTides,
  },
`,
    },
  ],
  files: {
    'engine/tides.ts': `// The tides of watchers, in seconds.
import type { Engine } from './engine';

export async function findTides(
  engine: Engine,
  { cluster, least }: { readonly cluster: string; readonly least: number },
): Promise<readonly number[]> {
  const watchers = await engine.watchers({ cluster });
  return watchers.map(({ definition }) => definition.tideSeconds).filter((tide) => tide >= least);
}
`,
  },
};

/** A subcommand of the command line that sends the request. */
export const command: Addition = {
  rows: [
    {
      file: 'cli/program.ts',
      anchor: "import { addTrigger } from './commands/trigger';\n",
      side: 'before',
      text: "import { addTides } from './commands/tides';\n",
    },
    {
      file: 'cli/program.ts',
      anchor: "  ['What happened:', [",
      side: 'after',
      text: 'addTides, ',
    },
    {
      file: 'README.md',
      anchor: '| `lsp` |',
      side: 'before',
      text: "| `tides CLUSTER` | the tides of a cluster's watchers |\n",
    },
  ],
  files: {
    'cli/commands/tides.ts': `// slurm-watchers tides: how long the tides of a cluster's watchers take.
import type { Command } from 'commander';
import { withEngine, type Context } from './command';

export function addTides(program: Command, context: Context): void {
  program
    .command('tides')
    .description('list the tides of a cluster')
    .argument('<cluster>', 'the name of a cluster')
    .option('--least <seconds>', 'only those that last this long', '0')
    .addHelpText('after', '\\nExample:\\n  slurm-watchers tides big')
    .action(async (cluster: string, { least }: { readonly least: string }) => {
      const tides = await withEngine(context, { start: true }, (link) =>
        link.request('engine/tides', { cluster, least: Number(least) }),
      );
      for (const tide of tides) context.output.line(\`\${tide} s\`);
      context.exit(0);
    });
}
`,
  },
};
