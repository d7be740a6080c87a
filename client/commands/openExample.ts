// Open an Example: a script with watchers to try on this machine, without a cluster.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { window, workspace } from 'vscode';
import type { App } from '../app';

export async function openExample({ context }: App): Promise<void> {
  const content = await readFile(join(context.extensionPath, 'examples/train.sh'), 'utf8');
  await window.showTextDocument(await workspace.openTextDocument({ language: 'shellscript', content }));
}
