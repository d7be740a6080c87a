// Test Patterns on Selection, in the menu of an output: what watchers would do on what is selected there, else on the line.
import type { App } from '../app';
import type { CommandArguments } from '../commandArguments';
import { readMenuContext } from '../panels/menuContext';

export async function testPatternsOnSelection(app: App, given: CommandArguments): Promise<void> {
  const { text, selection } = readMenuContext(given);
  const { runPatternTest } = await import('../patternTest/run.js');
  const output = selection === '' ? { name: 'the line', text } : { name: 'the selection', text: selection };
  await runPatternTest(app, [undefined, { output: { ...output, text: `${output.text}\n` } }]);
}
