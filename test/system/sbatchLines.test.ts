// The tables of #SBATCH lines against a real sbatch: it reads the same words, and takes and refuses the same lines.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mistakenLines, refusedLines, takenLines, wordCases } from '../language/sbatch/lineCases';
import { findObstacle } from '../slurm/packages';
import { startSlurm, type SlurmTestBed } from '../slurm/slurmTestBed';

const suite = '#SBATCH lines and a real sbatch';
const obstacle = findObstacle();
if (obstacle !== undefined) console.log(`Absent here: ${suite} (${obstacle}).`);
else
  describe(suite, () => {
    let slurm: SlurmTestBed;
    before(async () => {
      slurm = await startSlurm({ accounting: false });
    });
    after(() => slurm.stop());

    /** What it would do with the script, in its own words. */
    const ask = (line: string): { readonly isTaken: boolean; readonly said: string } => {
      const script = join(slurm.workdir, 'line.sh');
      writeFileSync(script, `#!/bin/bash\n${line.replaceAll('⏎', '\n')}\ntrue\n`);
      const { status, stderr } = spawnSync('sbatch', ['-vvv', '--test-only', script], {
        encoding: 'utf8',
        cwd: slurm.workdir,
        env: { ...process.env, ...slurm.environment },
      });
      return { isTaken: status === 0, said: stderr };
    };

    for (const { line, words } of wordCases)
      it(`has the words of ${line}`, () => {
        const { said } = ask(line);
        const found = [...said.matchAll(/Found in script, argument "(.*)"$/gm)].map(([, word]) => word);
        assert.deepEqual(found, words, said);
      });
    for (const line of [...takenLines, ...mistakenLines])
      it(`takes ${line}`, () => {
        const { isTaken, said } = ask(line);
        assert.ok(isTaken, said);
      });
    for (const line of refusedLines)
      it(`refuses ${line}`, () => {
        const { isTaken, said } = ask(line);
        assert.ok(!isTaken, said);
      });
  });
