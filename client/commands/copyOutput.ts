// Copy, in the menu of an output: what is selected there, else the line.
import type { App } from '../app';
import type { CommandArguments } from '../commandArguments';
import { readMenuContext } from '../panels/menuContext';

export function copyOutput(app: App, given: CommandArguments): Promise<void> {
  app.outputPanels.copySelection(readMenuContext(given));
  return Promise.resolve();
}
