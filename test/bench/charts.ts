// The page of metrics in a real browser: a million stored values opened and panned, and 5,000 values a second drawn live.
// Prints JSON. The page is measured by test/pages/metrics/measureCharts.ts, which is run as it stands.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', join(root, 'test/pages/metrics/measureCharts.ts')],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
