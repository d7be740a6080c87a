// The import table of the house: who may know whom. What project references cannot hold is held here.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = dirname(__dirname);

interface Rule {
  /** Folder that the rule is for; the longest one that fits a file counts. */
  readonly folder: string;
  /** Folders and files of the project it may import, besides itself. */
  readonly may: readonly string[];
  /** Packages it may import; `node:` stands for all of Node. */
  readonly packages: readonly string[];
}

/** What a client knows of the engine: the way to it, what is sent, and what it shares with it. Never its ports. */
const clientsKnow: readonly string[] = [
  'engine/link',
  'engine/protocol',
  'engine/model',
  'engine/errors',
  'engine/shapes',
  'engine/rules',
  'engine/words',
  'engine/consequences',
  'engine/secretNames',
  'engine/metricSeries',
  'engine/metricWords',
  'engine/metricNews',
  'engine/recordJson',
  'engine/exportText',
  // The dry run of an output that is here, of which no engine knows.
  'engine/dryRun',
  'engine/dryRunEntry',
];

/** What pages know of the engine: what is said to them, in which words, and under which rules; not even the way to it. */
const pagesKnow: readonly string[] = [
  'engine/protocol',
  'engine/model',
  'engine/shapes',
  'engine/rules',
  'engine/words',
  'engine/metricSeries',
  'engine/metricWords',
  'engine/metricNews',
  'engine/dryRunEntry',
];

/** Two processes meet there. */
const pageProtocols: readonly string[] = [
  'webviews/protocol',
  'webviews/builder/protocol',
  'webviews/output/protocol',
  'webviews/metrics/protocol',
];

/** Arrows never turn round: a folder knows only what stands to its right. */
const table: readonly Rule[] = [
  { folder: 'language', may: [], packages: [] },
  { folder: 'engine', may: ['language'], packages: ['valibot'] },
  {
    folder: 'engine/io',
    // Who runs this process is the same for both sides.
    may: ['engine', 'engine/link/account', 'language'],
    packages: ['node:', 'nodemailer', 'sql.js', 'ssh2', 'ssh-config', 'valibot'],
  },
  {
    folder: 'engine/link',
    may: ['engine', 'language'],
    packages: ['node:', 'vscode-jsonrpc/node', 'valibot'],
  },
  {
    folder: 'engine/host',
    may: ['engine', 'engine/io/createEngine', 'engine/link', 'language'],
    packages: ['node:', 'vscode-jsonrpc/node'],
  },
  {
    folder: 'server',
    may: ['language'],
    packages: [
      'vscode-languageserver',
      'vscode-languageserver/node',
      'vscode-languageserver-textdocument',
      'valibot',
      'node:',
    ],
  },
  {
    folder: 'webviews',
    may: ['language', ...pagesKnow],
    packages: ['lit', 'uplot', 'valibot'],
  },
  {
    folder: 'client',
    may: ['language', ...clientsKnow, ...pageProtocols],
    packages: ['vscode', 'vscode-languageclient', 'vscode-languageclient/node', 'node:'],
  },
  {
    folder: 'cli',
    may: ['language', ...clientsKnow],
    packages: ['commander', 'node:'],
  },
];

/** Node itself only where a process meets the world; elsewhere in these folders it is not wanted. */
const nodeOnlyIn: Readonly<Record<string, readonly string[]>> = {
  server: ['server/main.ts', 'server/nodeFiles.ts'],
};

/** Programs know their version: they may import package.json. */
const programs = ['engine/host', 'server', 'client', 'cli'];

/** The one place that names the real adapters. */
const wiring = 'engine/io/createEngine.ts';

function listSources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return listSources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const sources = ['language', 'engine', 'server', 'webviews', 'client', 'cli'].flatMap(listSources);

const ruleOf = (path: string): Rule => {
  const fitting = table.filter((rule) => path.startsWith(`${rule.folder}/`));
  const rule = fitting.sort((a, b) => b.folder.length - a.folder.length)[0];
  assert.ok(rule, `${path} lies in no folder of the table`);
  return rule;
};

const importsOf = (path: string): string[] => {
  const text = readFileSync(join(root, path), 'utf8');
  const patterns = [
    /^(?:import|export)\b[^'"]*?\bfrom\s*'([^']+)'/gm,
    /^import\s*'([^']+)'/gm,
    /\b(?:import|require)\(\s*'([^']+)'\s*\)/g,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
};

const isWithin = (target: string, place: string): boolean =>
  target === place || target === `${place}.ts` || target.startsWith(`${place}/`);

function mayImport(rule: Rule, target: string): boolean {
  if (target === 'package.json') return programs.includes(rule.folder);
  const home = ruleOf(`${target}.ts`).folder;
  if (home === rule.folder) return true;
  return rule.may.some((place) =>
    table.some(({ folder }) => folder === place) ? home === place : isWithin(target, place),
  );
}

describe('architecture', () => {
  it('sees the sources', () => {
    assert.ok(sources.length > 20, `only ${sources.length} sources`);
    assert.ok(sources.some((path) => importsOf(path).length > 0));
  });

  for (const path of sources) {
    it(`${path} imports only what its folder may know`, () => {
      const rule = ruleOf(path);
      for (const name of importsOf(path)) {
        if (name.startsWith('.')) {
          const target = relative(root, resolve(root, dirname(path), name))
            .replaceAll('\\', '/')
            // As TypeScript wants what is imported late to be called.
            .replace(/\.js$/, '');
          assert.ok(mayImport(rule, target), `${path} imports ${target}`);
        } else {
          const allowed = rule.packages.some(
            (known) =>
              name === known ||
              name.startsWith(`${known}/`) ||
              (known.endsWith(':') && name.startsWith(known)),
          );
          assert.ok(allowed, `${path} imports the package ${name}`);
          const places = nodeOnlyIn[rule.folder];
          if (name.startsWith('node:') && places) assert.ok(places.includes(path), `${path} imports ${name}`);
        }
      }
    });

    it(`${path} says its job in its first line`, () => {
      const first = readFileSync(join(root, path), 'utf8').split('\n', 1)[0] ?? '';
      assert.match(first, /^(#!.*|\/\/ \S.*[.:])$/, `${path} begins with: ${first}`);
    });
  }

  it('names the real adapters in one place', () => {
    const adapters = /\/(sqliteStore|workerMatcher|sandboxCluster|slurmCluster|sshMachine|localMachine)$/;
    const naming = sources.filter((path) => importsOf(path).some((name) => adapters.test(name)));
    assert.deepEqual(naming, [wiring]);
  });

  it('has no default exports and no barrels', () => {
    for (const path of sources) {
      const text = readFileSync(join(root, path), 'utf8');
      assert.doesNotMatch(text, /^export default/m, path);
      assert.doesNotMatch(text, /^export \* from/m, path);
      assert.doesNotMatch(path, /\/(utils?|common|helpers?|types|index|manager|service|base)\.ts$/);
    }
  });
});
