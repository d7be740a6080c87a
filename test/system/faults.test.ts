// A short fault campaign on the sandbox: whatever goes wrong, every line is matched once or is a gap.
import assert from 'node:assert/strict';
import { runCampaign } from '../faults/campaign';
import { createSandboxStage } from '../faults/stage';

/** More of them: FAULTS=1000; another course of things: SEED=2. */
const faults = Number(process.env['FAULTS'] ?? 25);
const seed = Number(process.env['SEED'] ?? 1);

describe('faults', () => {
  it(`${faults} of them lose nothing, repeat nothing and hide nothing`, async () => {
    const report = await runCampaign({ seed, faults, createStage: createSandboxStage });
    for (const what of report.absent) console.log(`      absent: ${what}`);
    assert.deepEqual(report.violations, []);
    assert.ok(report.matched > 0 && report.jobs >= 4, JSON.stringify(report));
    assert.ok(report.matched + report.destroyed === report.lines, JSON.stringify(report));
  }).timeout(120_000 + faults * 5000);
});
