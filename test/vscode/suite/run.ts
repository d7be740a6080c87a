// Runs the suite inside the extension host, and streams what happens to a file: an exit code alone is not to be trusted.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SuiteRecord } from '../suiteRecord';

export async function run(): Promise<void> {
  const report = process.env['SLURM_WATCHERS_TEST_REPORT'] ?? '';
  const tell = (record: SuiteRecord): void => {
    appendFileSync(report, `${JSON.stringify(record)}\n`);
  };
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    forbidOnly: true,
    forbidPending: true,
    reporter: 'min',
  });
  for (const name of readdirSync(__dirname).sort())
    if (name.endsWith('.test.js')) mocha.addFile(join(__dirname, name));
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('test', (test) => {
        tell({ kind: 'test', title: test.fullTitle() });
      })
      .on('pass', (test) => {
        tell({ kind: 'pass', title: test.fullTitle() });
      })
      .on('fail', (test, error: unknown) => {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        tell({ kind: 'fail', title: test.fullTitle(), reason });
      });
  });
  tell({ kind: 'end', failures });
}
