// The builder's page on the bench: what the extension would answer, for a script and a job with known output.
import { printWatcher } from '../../../language/json/definitionJson';
import type {
  BuilderProtocol,
  DryRunReport,
  FoundDirective,
  Opening,
  OfferedSource,
  Sample,
} from '../../../webviews/builder/protocol';
import { parseScript } from '../../../language/script';
import { templates } from '../../../language/templates';
import { parseWatcherFile } from '../../../language/watcherFile';
import { printDefinition } from '../../../language/print';
import type { PageServer } from '../../../client/panels/panelKind';

export const jobSource: OfferedSource = {
  source: { kind: 'job', cluster: 'sandbox', job: 'k1' },
  label: 'train (job 7)',
  detail: 'running for 2 min',
};

export const stdout = `host node1, job 7
${Array.from({ length: 300 }, (_, index) => `step ${index}: lr=0.001 loss=${(3 / (index + 1)).toFixed(4)} grad=1.5e-3`).join('\n')}
saving checkpoint
step 300: lr=0.001 loss=nan grad=inf
`;
export const stderr = `  0%|          | 0/5 [00:00<?, loss=?]\r 40%|####      | 2/5 [00:01<00:02, loss=1.20]\r100%|##########| 5/5 [00:03<00:00, loss=0.84]
RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB
`;

export const toFound = (script: string): FoundDirective => {
  const [watcher] = parseScript(script).watchers;
  if (!watcher) throw new Error('The script has no watcher.');
  const { span } = watcher.directive;
  const isNamed = /\bname[=:]/.test(script);
  return {
    watcher: printWatcher(isNamed ? watcher.definition : { ...watcher.definition, name: '' }),
    text: script.slice(span.start, span.end),
    name: watcher.definition.name,
    line: watcher.line,
  };
};

/** What a page was given and has asked for, in the order of its questions. */
export interface Bench {
  opening: Opening;
  sample: Sample;
  report: DryRunReport;
  readonly asked: (readonly [string, unknown])[];
  readonly answers: PageServer<BuilderProtocol>['answers'];
}

export function createBench(): Bench {
  const asked: (readonly [string, unknown])[] = [];
  const note = (name: string, params: unknown): void => {
    asked.push([name, params]);
  };
  const toDirective = (watcher: string): FoundDirective => {
    const [read] = parseWatcherFile(watcher).watchers;
    const text = read && printDefinition(read.definition);
    if (text === undefined) throw new Error('The watcher cannot be printed.');
    return toFound(text);
  };
  const bench: Bench = {
    opening: {
      ...{
        scriptName: 'train.sh',
        directive: null,
        watcher: null,
        missing: null,
        kept: null,
        editedWatcher: null,
      },
      ...{ allowedCommands: [], sources: [jobSource], source: null },
    },
    sample: { stdout, stderr, isWhole: true },
    report: { lines: [], more: 0, matches: 0, triggers: 0 },
    asked,
    answers: {
      open: () => bench.opening,
      sources: () => bench.opening.sources,
      chooseFile: () => null,
      read: (source) => {
        note('read', source);
        return bench.sample;
      },
      templates: () =>
        templates.map(({ id, title, description, tags, definition, matches }) => ({
          ...{ id, title, description, tags, category: tags[0] ?? '' },
          watcher: printWatcher(definition),
          lines: matches,
        })),
      dryRun: (params) => {
        note('dryRun', params);
        return bench.report;
      },
      insert: ({ watcher }) => {
        note('insert', watcher);
        return { ...toDirective(watcher), scriptName: 'train.sh' };
      },
      update: ({ watcher, known }) => {
        note('update', { watcher, known });
        return toDirective(watcher);
      },
      attach: ({ watcher }) => {
        note('attach', watcher);
        return 'It was attached to train (job 7).';
      },
      apply: ({ watcher }) => {
        note('apply', watcher);
        return 'The watcher was changed.';
      },
      copy: (params) => {
        note('copy', params);
        return null;
      },
      saveTemplate: ({ watcher }) => {
        note('saveTemplate', watcher);
        return 'mine';
      },
      keep: ({ state }) => {
        note('keep', state);
        return null;
      },
      reveal: () => null,
    },
  };
  return bench;
}
