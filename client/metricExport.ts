// What the charts show as files: all values as CSV, exactly, and the charts as a picture.
import { Uri, window, workspace } from 'vscode';
import { WatchError } from '../engine/errors';
import { toMetricCsv } from '../engine/exportText';
import { count } from '../engine/words';
import type { ChartSeries } from '../webviews/metrics/protocol';
import type { Engine } from './engine';
import { showInStatusBar, tellInStatusBar } from './show/progress';

/** False: the person changed their mind. */
export async function exportValues(
  engine: Pick<Engine, 'request'>,
  series: readonly ChartSeries[],
): Promise<boolean> {
  const target = await askWhere('metrics.csv', { 'CSV (comma-separated values)': ['csv'] });
  if (!target) return false;
  const values = await showInStatusBar('Exporting metrics…', async () => {
    const answers = await Promise.all(
      series.map(({ job, name }) => engine.request('engine/metrics', { job, name })),
    );
    const all = answers.flat();
    await write(target, new TextEncoder().encode(toMetricCsv(all)));
    return all.length;
  });
  tellInStatusBar('save', `${count(values, 'value')} exported`);
  return true;
}

/** `content`: a PNG in base64. False: the person changed their mind. */
export async function savePicture(content: string): Promise<boolean> {
  const target = await askWhere('metrics.png', { 'PNG picture': ['png'] });
  if (!target) return false;
  await write(target, Buffer.from(content, 'base64'));
  tellInStatusBar('save', 'The chart was saved');
  return true;
}

async function askWhere(name: string, filters: Readonly<Record<string, string[]>>): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return window.showSaveDialog({
    filters: { ...filters },
    ...(folder ? { defaultUri: Uri.joinPath(folder, name) } : {}),
  });
}

async function write(target: Uri, content: Uint8Array): Promise<void> {
  try {
    await workspace.fs.writeFile(target, content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WatchError(
      'bad-request',
      `${target.path} cannot be written: ${reason}`,
      'Choose another place.',
      error,
    );
  }
}
