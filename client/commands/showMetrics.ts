// Show Metrics: the chart of a job, with the metrics that rows name among its lines.
import type { App } from '../app';
import { chooseChart } from '../chooseMetrics';
import type { CommandArguments } from '../commandArguments';

export async function showMetrics(app: App, given: CommandArguments): Promise<void> {
  const choice = await chooseChart(app, given);
  if (choice) app.metricsPanels.open(choice);
}
