// Tells once that a cluster whose jobs are watched waits for somebody to sign in.
import { commands, type Disposable } from 'vscode';
import { isOver } from '../engine/rules';
import { count } from '../engine/words';
import type { Engine } from './engine';
import { showMessage } from './show/messages';
import { toClusterNode } from './trees/nodes';

export function createSignInNotices(engine: Engine): Disposable {
  const told = new Set<string>();
  return engine.onDidChange(({ clusters }) => {
    for (const { name, state } of clusters) {
      if (state !== 'needs-sign-in') told.delete(name);
      else if (!told.has(name)) {
        const jobs = engine.mirror.jobs.filter((job) => job.cluster === name && !isOver(job)).length;
        if (jobs === 0) continue;
        told.add(name);
        tell(name, jobs);
      }
    }
  });
}

function tell(cluster: string, jobs: number): void {
  const signIn = 'Sign In';
  const text = `${cluster} wants you to sign in: ${count(jobs, 'job')} of yours cannot be watched until then. Nothing is lost.`;
  void showMessage('warning', text, signIn).then(
    (chosen) => chosen === signIn && commands.executeCommand('slurmWatchers.signIn', toClusterNode(cluster)),
  );
}
