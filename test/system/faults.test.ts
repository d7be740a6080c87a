// Short fault campaigns: whatever goes wrong, and wherever the engine is just then, every line is matched once or is a gap.
import assert from 'node:assert/strict';
import { runCampaign, type CampaignOptions } from '../faults/campaign';
import { createSlurmStage } from '../faults/slurmStage';
import { createSandboxStage } from '../faults/stage';
import { findObstacle } from '../slurm/packages';

/** More of them: FAULTS=1000 SLURM_FAULTS=150; each at each point: FAULTS=product; another course of things: SEED=2. */
const wanted = process.env['FAULTS'] ?? '25';
const faults = wanted === 'product' ? wanted : Number(wanted);
const slurmFaults = Number(process.env['SLURM_FAULTS'] ?? 6);
const seed = Number(process.env['SEED'] ?? 1);
const obstacle = findObstacle();

const survive = async (options: Pick<CampaignOptions, 'faults' | 'createStage'>): Promise<void> => {
  const report = await runCampaign({ seed, ...options });
  for (const what of report.absent) console.log(`      absent: ${what}`);
  assert.deepEqual(report.violations, []);
  assert.ok(report.matched > 0 && report.jobs >= 4, JSON.stringify(report));
  assert.ok(report.matched + report.destroyed === report.lines, JSON.stringify(report));
  assert.ok(Object.keys(report.points).length > 0, JSON.stringify(report));
};

describe('faults', () => {
  it(`${faults === 'product' ? 'all' : faults} of them lose nothing, repeat nothing and hide nothing`, () =>
    survive({ faults, createStage: createSandboxStage })).timeout(
    120_000 + (faults === 'product' ? 1000 : faults) * 5000,
  );

  if (obstacle !== undefined) console.log(`Absent here: a fault campaign on a real Slurm (${obstacle}).`);
  else
    it(`nor do ${slurmFaults} of a real Slurm behind ssh`, () =>
      survive({ faults: slurmFaults, createStage: createSlurmStage })).timeout(
      240_000 + slurmFaults * 20_000,
    );
});
