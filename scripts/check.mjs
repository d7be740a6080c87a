// The checks that need no test run: formatting, types, lint, architecture and unused code.
import { ensurePackages, run } from './packages.mjs';

ensurePackages();

/** @type {[string, string, string[]][]} */
const checks = [
  ['formatting', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['types', 'tsc', ['-b']],
  ['lint', 'eslint', ['--max-warnings', '0', '.']],
  ['architecture', 'mocha', ['--reporter', 'dot', 'test/architecture.test.ts', 'test/manifest.test.ts']],
  ['unused code', 'knip', []],
];

const failed = checks.filter(([name, command, words]) => {
  const begun = performance.now();
  const status = run(command, words);
  console.log(
    `${status === 0 ? 'ok  ' : 'FAIL'}  ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`,
  );
  return status !== 0;
});
if (failed.length > 0) {
  console.error(`Failed: ${failed.map(([name]) => name).join(', ')}.`);
  process.exitCode = 1;
}
