// Attach Watchers from File…: gives watchers to a job that is there already. What reads them is loaded with it.
import type { App } from '../app';
import type { CommandArguments } from '../commandArguments';

export async function attachWatchers(app: App, given: CommandArguments): Promise<void> {
  const { attachFromFile } = await import('../attachFromFile.js');
  await attachFromFile(app, given);
}
