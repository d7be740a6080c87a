// Tests the built extension in a real VS Code: a suite inside the extension host, then journeys in the workbench.
import { join } from 'node:path';
import { packageExtension } from './package.mjs';
import { root, run } from './packages.mjs';
import { ensureVscodeTestBed, findObstacle } from './vscodeTestBed.mjs';

process.exitCode = test();

/** Gives an exit code. */
function test() {
  const obstacle = findObstacle();
  const desktop = process.env.VSCODE_EXECUTABLE;
  if (obstacle && !desktop) {
    console.error(`The tests in VS Code cannot run here: ${obstacle}.`);
    return 1;
  }
  if (!obstacle) ensureVscodeTestBed();
  const suite = packageExtension() || run('node', ['--import', 'tsx', 'test/vscode/runSuite.ts']);
  if (suite !== 0) return suite;
  if (obstacle) {
    console.log(`The journeys in the workbench are absent here: ${obstacle}.`);
    return 0;
  }
  const reporter = join(root, 'scripts/countingReporter.cjs');
  const words = [
    '--reporter',
    reporter,
    '--exit',
    '--timeout',
    '180000',
    'test/vscode/journeys/**/*.test.ts',
  ];
  return run('mocha', words);
}
