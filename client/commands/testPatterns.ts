// Test Patterns on…: what watchers would do on an output that is there, without doing it. What that takes is loaded with it.
import type { App } from '../app';
import type { CommandArguments } from '../commandArguments';

export async function testPatterns(app: App, given: CommandArguments): Promise<void> {
  const { runPatternTest } = await import('../patternTest/run.js');
  await runPatternTest(app, given);
}
