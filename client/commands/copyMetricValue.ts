// Copy Value: the last values of metrics to the clipboard, exactly, one a line.
import { env } from 'vscode';
import { WatchError } from '../../engine/errors';
import { count } from '../../engine/words';
import type { App } from '../app';
import { findNamed, pickMetrics } from '../chooseMetrics';
import type { CommandArguments } from '../commandArguments';
import { tellInStatusBar } from '../show/progress';

export async function copyMetricValue(app: App, given: CommandArguments): Promise<void> {
  const named = await findNamed(app, given);
  const series =
    named.length > 0 ? named : await pickMetrics(app, { shown: [], first: '', title: 'Copy Value' });
  if (series.length === 0) return;
  const values = series.flatMap(({ job, name }) => {
    const last = app.metricsTree.book.names.get(job)?.get(name)?.summary.last;
    return last ? [String(last.value)] : [];
  });
  if (values.length === 0)
    throw new WatchError('not-found', 'This metric has no value.', 'Try again when it has one.');
  await env.clipboard.writeText(values.join('\n'));
  tellInStatusBar('copy', `${count(values.length, 'value')} copied`);
}
