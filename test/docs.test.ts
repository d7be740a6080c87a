// The pages that are made from tables are what the tables say; UPDATE=1 writes them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problemCodes, problemTable } from '../language/problem';
import { parseScript } from '../language/script';
import { docsTables } from './docsTables';

function printProblems(): string {
  const sections = problemCodes.map((code) => {
    const { severity, summary } = problemTable[code];
    return `## ${code}\n\n*${severity}* ${summary}\n`;
  });
  return `# Problems\n\nWhat can be wrong with the directives of a script. Each problem in the editor and from \`slurm-watchers lint\`\ncarries one of these codes, with the case and its remedy in its message. This page is made from the table in\n\`language/problem.ts\`.\n\n${sections.join('\n')}`;
}

/** The page with its tables as they are now: what stands between `<!-- table: x -->` and `<!-- end -->`. */
const withTables = (page: string): string =>
  page.replace(
    /(<!-- table: (\w+) -->\n)[^]*?(\n<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      const print = docsTables[name];
      assert.ok(print, `there is no table called ${name}`);
      return `${begin}\n${print()}\n${end}`;
    },
  );

describe('docs', () => {
  it('language.md has the tables of the language, each of them', () => {
    const path = join(__dirname, '../docs/language.md');
    const page = readFileSync(path, 'utf8');
    if (process.env['UPDATE']) writeFileSync(path, withTables(page));
    assert.equal(readFileSync(path, 'utf8'), withTables(page));
    for (const name of Object.keys(docsTables)) assert.ok(page.includes(`<!-- table: ${name} -->`), name);
  });

  it('language.md shows directives without errors', () => {
    const page = readFileSync(join(__dirname, '../docs/language.md'), 'utf8');
    const scripts = [...page.matchAll(/```bash\n([^]*?)```/g)].map(([, script = '']) => script);
    assert.ok(scripts.length >= 5);
    for (const script of scripts) {
      const { watchers, problems } = parseScript(script);
      assert.ok(watchers.length > 0, script);
      assert.deepEqual(
        problems.filter(({ severity }) => severity === 'error' || severity === 'warning'),
        [],
        script,
      );
    }
  });

  it('problems.md has every code', () => {
    const path = join(__dirname, '../docs/problems.md');
    if (process.env['UPDATE']) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, printProblems());
    }
    assert.equal(readFileSync(path, 'utf8'), printProblems());
  });
});
