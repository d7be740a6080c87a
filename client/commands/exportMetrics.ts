// Export Metrics: all values of metrics to a file, exactly.
import type { App } from '../app';
import { findNamed, pickMetrics } from '../chooseMetrics';
import type { CommandArguments } from '../commandArguments';

export async function exportMetrics(app: App, given: CommandArguments): Promise<void> {
  const named = await findNamed(app, given);
  const series =
    named.length > 0 ? named : await pickMetrics(app, { shown: [], first: '', title: 'Export Metrics' });
  if (series.length === 0) return;
  const { exportValues } = await import('../metricExport.js');
  await exportValues(app.engine, series);
}
