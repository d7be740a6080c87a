// npm run faults -- --seed N --faults N: a campaign on the sandbox, its report as JSON.
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign';
import { createSandboxStage } from './stage';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    faults: { type: 'string', default: '50' },
    quiet: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const report = await runCampaign({
    seed: Number(values.seed),
    faults: Number(values.faults),
    createStage: createSandboxStage,
    ...(!values.quiet && { onProgress: (text) => process.stderr.write(`${text}\n`) }),
  });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
}

void main();
