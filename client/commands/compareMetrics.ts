// Compare with…: a metric in one chart with others that the person picks, of the same job or another.
import type { App } from '../app';
import { chooseChart, pickMetrics } from '../chooseMetrics';
import type { CommandArguments } from '../commandArguments';

export async function compareMetrics(app: App, given: CommandArguments): Promise<void> {
  const choice = await chooseChart(app, given);
  if (!choice) return;
  const { job, series } = choice;
  const others = await pickMetrics(app, { shown: series, first: job, title: 'Compare with' });
  if (others.length > 0) app.metricsPanels.open({ ...choice, series: [...series, ...others] });
}
