// The pages that are made from tables are what the tables say; UPDATE=1 writes them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problemCodes, problemTable } from '../language/problem';

function printProblems(): string {
  const sections = problemCodes.map((code) => {
    const { severity, summary } = problemTable[code];
    return `## ${code}\n\n*${severity}* ${summary}\n`;
  });
  return `# Problems\n\nWhat can be wrong with the directives of a script. Each problem in the editor and from \`slurm-watchers lint\`\ncarries one of these codes, with the case and its remedy in its message. This page is made from the table in\n\`language/problem.ts\`.\n\n${sections.join('\n')}`;
}

describe('docs', () => {
  it('problems.md has every code', () => {
    const path = join(__dirname, '../docs/problems.md');
    if (process.env['UPDATE']) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, printProblems());
    }
    assert.equal(readFileSync(path, 'utf8'), printProblems());
  });
});
