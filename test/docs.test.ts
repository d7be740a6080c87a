// The pages say what the tables say (UPDATE=1 writes the tables into language.md), and their examples are what they are said to be.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionTypes } from '../language/actionTable';
import { checkBatchScript } from '../language/batchScript';
import { problemCodes, problemTable, type Problem, type ProblemCode } from '../language/problem';
import { parseScript } from '../language/script';
import { parseWatcherFile } from '../language/watcherFile';
import { docsTables } from './docsTables';

const pathOf = (page: string): string => join(__dirname, '../docs', page);

/** Where an example is not simply a batch script. */
const readings: Partial<Record<ProblemCode, (text: string) => readonly Problem[]>> = {
  'bad-json': (text) => parseWatcherFile(text).problems,
  'crlf-script': (text) => parseScript(text.replaceAll('\n', '\r\n')).problems,
  'ignored-by-ssync': (text) => parseScript(text, { ssync: true }).problems,
};

const readBatch = (text: string): readonly Problem[] => checkBatchScript(text, parseScript(text)).problems;

/** The text of each section of a page, by its title. */
function findSections(page: string): ReadonlyMap<string, string> {
  const sections = page.split(/^## /m).slice(1);
  return new Map(sections.map((section) => [section.split('\n', 1)[0] ?? '', section]));
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
    const path = pathOf('language.md');
    const page = readFileSync(path, 'utf8');
    if (process.env['UPDATE']) writeFileSync(path, withTables(page));
    assert.equal(readFileSync(path, 'utf8'), withTables(page));
    for (const name of Object.keys(docsTables)) assert.ok(page.includes(`<!-- table: ${name} -->`), name);
  });

  it('language.md and actions.md show directives without errors', () => {
    const pages = ['language.md', 'actions.md'].map((name) => readFileSync(pathOf(name), 'utf8'));
    const scripts = [...pages.join('\n').matchAll(/```bash\n([^]*?)```/g)].map(([, script = '']) => script);
    assert.ok(scripts.length >= 7);
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

  it('actions.md has a section for each action', () => {
    const sections = [...findSections(readFileSync(pathOf('actions.md'), 'utf8')).keys()];
    assert.deepEqual(sections.sort(), [...actionTypes].sort());
  });

  describe('problems.md', () => {
    const sections = findSections(readFileSync(pathOf('problems.md'), 'utf8'));

    it('has a section for every code, in the order of the table', () => {
      assert.deepEqual([...sections.keys()], problemCodes);
    });

    for (const code of problemCodes)
      it(`${code}: says what the table says, and shows it`, () => {
        const section = sections.get(code) ?? '';
        const { severity, summary } = problemTable[code];
        assert.equal(section.split('\n')[2], `*${severity}* ${summary}`);
        const read = readings[code] ?? readBatch;
        const [wrong, right] = [...section.matchAll(/```\w+\n([^]*?)```/g)].map(([, text = '']) =>
          read(text),
        );
        assert.ok(wrong?.some((problem) => problem.code === code));
        // Only the example of line ends has no other form that can be shown.
        if (!right) assert.equal(code, 'crlf-script');
        const serious = right?.filter(
          (problem) => problem.severity !== 'hint' && problem.severity !== 'information',
        );
        assert.deepEqual(serious ?? [], []);
        assert.ok(!right?.some((problem) => problem.code === code));
      });
  });
});
