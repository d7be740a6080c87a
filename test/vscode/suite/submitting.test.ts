// Submitting from the extension host, and what becomes of the job.
import assert from 'node:assert/strict';
import { commands, env, window } from 'vscode';
import { connectEngine } from '../../../engine/link/connect';
import type { EngineLink } from '../../../engine/link/greet';
import { findHome } from '../../../engine/link/home';
import { parseScript } from '../../../language/script';
import { parseWatcherFile } from '../../../language/watcherFile';
import { waitFor } from '../../waitFor';
import { openScript } from './openScript';

/** Nobody is there to choose it. */
const sandbox = { cluster: 'sandbox' };

const script = `#!/bin/bash
#SBATCH --job-name=short
#SBATCH --output=short.out
#WATCHER name=seen pattern="value=(\\d+)" captures=[value] interval=1s action=store_metric(name=value, value=$value)
echo value=1
echo value=2
`;

const connect = (): Promise<EngineLink> =>
  connectEngine({
    home: findHome(),
    clientName: 'test',
    version: '0.0.0',
    bundleDirectory: '',
    keepRunning: null,
    start: false,
    onChange: () => undefined,
    onLost: () => undefined,
  });

describe('submitting a script', () => {
  it('offers every command of the manifest', async () => {
    const known = await commands.getCommands(true);
    const { contributes } = (await import('../../../package.json')).default;
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !known.includes(command)),
      [],
    );
  });

  it('stops at an error and shows where it is', async () => {
    const document = await openScript('broken.sh', 'echo\n#WATCHER pattern="("\n');
    await commands.executeCommand('slurmWatchers.submitWithWatchers', document.uri, sandbox);
    const editor = window.activeTextEditor;
    assert.equal(editor?.document, document);
    assert.equal(editor.selection.start.line, 1);
  });

  it('runs it, watches it, and shows its output', async () => {
    const document = await openScript('short.sh', script);
    await commands.executeCommand('slurmWatchers.submitWithWatchers', document.uri, sandbox);
    const link = await connect();
    try {
      const job = await waitFor(
        'the job has ended',
        async () => {
          const jobs = await link.request('engine/jobs', {});
          return jobs.find(({ name, phase }) => name === 'short' && phase === 'ended');
        },
        60_000,
      );
      assert.equal(job.endState, 'completed');
      const [watcher, ...others] = await link.request('engine/watchers', { job: job.key });
      assert.deepEqual(others, []);
      assert.equal(watcher?.progress.triggerCount, 2);
      const metrics = await link.request('engine/metrics', { job: job.key });
      assert.deepEqual(
        metrics.map(({ name, value }) => [name, value]),
        [
          ['value', 1],
          ['value', 2],
        ],
      );
      const node = { kind: 'watcher', watcher: watcher.id };
      await commands.executeCommand('slurmWatchers.copyWatcher', node);
      const [copied] = parseScript(await env.clipboard.readText()).watchers;
      assert.deepEqual(copied?.definition, watcher.definition);
      await commands.executeCommand('slurmWatchers.copyWatcherAsJson', node);
      assert.equal(parseWatcherFile(await env.clipboard.readText()).watchers[0]?.definition.name, 'seen');
      await commands.executeCommand('slurmWatchers.showOutput', { kind: 'job', job: job.key });
      const isShown = (): boolean =>
        window.tabGroups.all.some(({ tabs }) =>
          tabs.some(({ label }) => label === `short · job ${job.id} · output`),
        );
      await waitFor('the panel with its output', isShown);
    } finally {
      await link.close();
    }
  });
});
