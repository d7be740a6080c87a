// What is told of #SBATCH lines agrees with what sbatch makes of them; test/system asks a real one about the same lines.
import assert from 'node:assert/strict';
import type { Problem } from '../../../language/problem';
import { findSbatchLines } from '../../../language/sbatch/lines';
import { findSbatchProblems } from '../../../language/sbatch/problems';
import { mistakenLines, refusedLines, takenLines } from './lineCases';

function tell(line: string): readonly Problem[] {
  const script = `#!/bin/bash\n${line.replaceAll('⏎', '\n')}\ntrue\n`;
  return findSbatchProblems(script, findSbatchLines(script), { stdout: false, stderr: false });
}

describe('#SBATCH lines', () => {
  for (const line of takenLines)
    it(`${line}: nothing is told`, () => {
      assert.deepEqual(tell(line), []);
    });
  for (const line of [...refusedLines, ...mistakenLines])
    it(`${line}: something is told`, () => {
      assert.ok(tell(line).length > 0);
    });

  it('say to which component of the job they belong', () => {
    const script = '#SBATCH -n1\n#SBATCH hetjob\n#SBATCH -n2\necho\n#SBATCH hetjob\n';
    assert.deepEqual(
      findSbatchLines(script).map(({ component }) => component),
      [0, 1, 1, 1],
    );
  });
});
