// npm run faults -- --stage sandbox|slurm --seed N --faults N|product --moments both|random|points [--only FAULTS] [--at POINTS]
import { parseArgs } from 'node:util';
import { isMoments, runCampaign } from './campaign';
import { printPoints } from './printPoints';
import { createSlurmStage } from './slurmStage';
import { createSandboxStage } from './stage';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    faults: { type: 'string', default: '50' },
    stage: { type: 'string', default: 'sandbox' },
    moments: { type: 'string', default: 'both' },
    only: { type: 'string' },
    at: { type: 'string' },
    quiet: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const { moments, stage } = values;
  if (!isMoments(moments) || (stage !== 'sandbox' && stage !== 'slurm')) {
    process.stderr.write('--stage is sandbox or slurm; --moments is both, random or points\n');
    process.exitCode = 2;
    return;
  }
  const report = await runCampaign({
    seed: Number(values.seed),
    faults: values.faults === 'product' ? 'product' : Number(values.faults),
    createStage: stage === 'slurm' ? createSlurmStage : createSandboxStage,
    moments,
    only: values.only === undefined ? undefined : new RegExp(values.only),
    at: values.at === undefined ? undefined : new RegExp(values.at),
    ...(!values.quiet && { onProgress: (text) => process.stderr.write(`${text}\n`) }),
  });
  if (!values.quiet) process.stderr.write(printPoints(report.points));
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
}

void main();
