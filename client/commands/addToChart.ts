// Add to Chart: metrics of any job into the chart that was shown last.
import type { App } from '../app';
import { chooseChart, findNamed } from '../chooseMetrics';
import type { CommandArguments } from '../commandArguments';

export async function addToChart(app: App, given: CommandArguments): Promise<void> {
  const { last } = app.metricsPanels;
  const series = last ? await findNamed(app, given) : [];
  const choice = last && series.length > 0 ? { ...last, series } : await chooseChart(app, given);
  if (choice) app.metricsPanels.open(choice);
}
