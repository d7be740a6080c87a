// The dry run of a builder: what its watcher would do on the sample, with the final texts of its actions.
import { CancellationTokenSource } from 'vscode';
import type { DryRun } from '../../../engine/dryRun';
import { findDetail, type DryRunEntry } from '../../../engine/dryRunEntry';
import { toOneLine } from '../../../engine/words';
import type { Definition } from '../../../language/definition';
import type { DryRunLine, DryRunReport } from '../../../webviews/builder/protocol';
import type { App } from '../../app';
import { printCall } from '../../patternTest/entryPrinter';
import { rehearse } from '../../patternTest/rehearse';
import { toWatcherFile } from '../../watcherTexts';
import type { SampleToRehearse } from './builderSamples';

/** One line is one tick, and takes this long, ms. */
const tickMs = 1000;
/** More would be scrolled through by nobody. */
const mostLines = 500;

export interface RehearsalParts {
  readonly definition: Definition;
  readonly sample: SampleToRehearse;
  /** What would be submitted again; undefined: not known. */
  readonly script: string | undefined;
  readonly allowedCommands: readonly string[];
}

export async function rehearseSample(app: App, parts: RehearsalParts): Promise<DryRunReport> {
  const definition =
    parts.definition.name === '' ? { ...parts.definition, name: 'watcher' } : parts.definition;
  const watchers = [{ definition, lines: null }];
  const { sample } = parts;
  if ('cluster' in sample) {
    const { cluster, job } = sample;
    const request = { cluster, job, watchers: toWatcherFile(watchers), tickMs };
    return toReport((await app.engine.request('engine/dryRun', request)).entries);
  }
  return toReport(await rehearseHere(app, { ...parts, watchers, sample }));
}

/** One output stands for both streams, of a job that ends well. */
async function rehearseHere(
  app: App,
  {
    watchers,
    sample,
    script,
    allowedCommands,
  }: Omit<RehearsalParts, 'definition' | 'sample'> & {
    readonly watchers: DryRun['watchers'];
    readonly sample: Exclude<SampleToRehearse, { readonly cluster: string }>;
  },
): Promise<readonly DryRunEntry[]> {
  const bytes = 'bytes' in sample ? sample.bytes : new TextEncoder().encode(sample.text);
  const run: DryRun = {
    watchers,
    job: { id: '0', name: 'test', cluster: 'test' },
    outputs: { stdout: bytes, stderr: bytes },
    tickMs,
    endState: 'completed',
    isWhole: 'bytes' in sample ? sample.isWhole : true,
    allowedCommands,
    ...(script !== undefined && { submission: { script, options: [] } }),
  };
  return (await rehearse(app, run, new CancellationTokenSource().token)) ?? [];
}

export function toReport(entries: readonly DryRunEntry[]): DryRunReport {
  const lines = entries.flatMap(toLines);
  return {
    lines: lines.slice(0, mostLines),
    more: Math.max(0, lines.length - mostLines),
    matches: entries.filter(({ kind }) => kind === 'match').length,
    triggers: entries.filter((entry) => entry.kind === 'event' && entry.event.kind === 'trigger').length,
  };
}

function toLines(entry: DryRunEntry): readonly DryRunLine[] {
  if (entry.kind !== 'event') return [];
  const { line } = entry;
  const { kind, action, success, params } = entry.event;
  const result = toOneLine(entry.event.result);
  const call = action === null ? '' : printCall(action, params);
  switch (kind) {
    case 'action': {
      if (success !== true) return [{ line, kind: 'error', text: `${call} would fail: ${result}` }];
      const detail = toOneLine(findDetail(entry.event), 1000);
      return [
        { line, kind: 'action', text: call },
        ...(detail === '' ? [] : [{ line, kind: 'note', text: detail } as const]),
      ];
    }
    case 'skip':
      return [{ line, kind: 'note', text: `${call === '' ? '' : `${call} `}skipped: ${result}` }];
    case 'state':
      return [{ line, kind: 'note', text: `The watcher goes from ${result}` }];
    case 'error':
    case 'gap':
      return [{ line, kind: 'error', text: result }];
    case 'trigger':
      return [];
  }
}
