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

/** One that reaches outside, asks first, and gives a number. */
export const action: Addition = {
  rows: [
    {
      file: 'docs/actions.md',
      anchor: '## pause_watcher\n',
      side: 'before',
      text: '## float_bottle\n\n```bash\n#WATCHER pattern="tide (\\d+)" action=float_bottle\n```\n\n',
    },
    {
      file: 'language/actionTable.ts',
      anchor: '  cancel_job: {\n',
      side: 'before',
      text: `  float_bottle: {
    aliases: ['bottle'],
    summary: 'Sends a bottle to a shore.',
    category: 'notification',
    outside: {
      isRepeatable: false,
      stopsOnFailure: false,
      countsAgainstRate: true,
      consent: 'sends a bottle to {shore|any shore}',
      message: 'message',
      power: { kind: 'address', params: ['shore'] },
    },
    positional: true,
    params: [
      { name: 'message', aliases: [], type: 'text', default: '$0', summary: 'What is in it.' },
      { name: 'shore', aliases: ['beach'], type: 'text', defaultText: 'where it lands', summary: 'Where it goes.' },
    ],
  },
`,
    },
    {
      file: 'engine/actions/createActions.ts',
      anchor: "import { cancelJob } from './cancelJob';\n",
      side: 'after',
      text: "import { floatBottle } from './floatBottle';\n",
    },
    {
      file: 'engine/actions/createActions.ts',
      anchor: '  cancel_job: cancelJob,\n',
      side: 'after',
      text: '  float_bottle: floatBottle,\n',
    },
  ],
  files: {
    'engine/actions/floatBottle.ts': `// float_bottle: a bottle with a message in it.
import { textOf, type OutsideAction } from './action';

export const floatBottle: OutsideAction = {
  run: (params, { watcher }) =>
    Promise.resolve({
      success: true,
      result: \`\${watcher} has sent "\${textOf(params, 'message') ?? ''}"\`,
      metric: { name: 'bottles', value: 1, unit: null },
    }),
};
`,
  },
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
