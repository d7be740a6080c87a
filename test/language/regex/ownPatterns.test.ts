// Every pattern of our own source, with recheck as the judge: none takes more than linear time. CASES judges all of them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

// It is read when recheck is loaded: JavaScript alone, no process of its own.
process.env['RECHECK_BACKEND'] = 'pure';

type Check = (
  source: string,
  flags: string,
  options: { readonly timeout: number },
) => Promise<{ readonly status: 'safe' | 'vulnerable' | 'unknown' }>;

const root = join(__dirname, '../../..');

function findSources(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return findSources(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** Patterns with the first place where each is written. */
function findPatterns(): ReadonlyMap<string, string> {
  const patterns = new Map<string, string>();
  for (const path of ['language', 'engine', 'server', 'client', 'cli'].flatMap((name) =>
    findSources(join(root, name)),
  )) {
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      if (ts.isRegularExpressionLiteral(node) && !patterns.has(node.text))
        patterns.set(node.text, `${relative(root, path)}:${line}`);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return patterns;
}

describe('the patterns of our own source', function () {
  const isCampaign = process.env['CASES'] !== undefined;
  this.timeout(isCampaign ? 3_600_000 : 120_000);

  it('take linear time', async () => {
    const { check } = (await import('recheck')) as unknown as { readonly check: Check };
    const all = [...findPatterns()];
    assert.ok(all.length > 300, `${all.length} found`);
    const judged = isCampaign ? all : all.filter((_, index) => index % 40 === 0);
    const counts = { safe: 0, vulnerable: 0, unknown: 0 };
    const bad: string[] = [];
    for (const [text, place] of judged) {
      const end = text.lastIndexOf('/');
      const options = { timeout: isCampaign ? 10_000 : 2000 };
      const { status } = await check(text.slice(1, end), text.slice(end + 1), options);
      counts[status] += 1;
      if (status === 'vulnerable') bad.push(`${place}: ${text}`);
    }
    if (isCampaign) console.log(JSON.stringify({ patterns: all.length, ...counts }));
    assert.deepEqual(bad, []);
    assert.ok(counts.safe > judged.length / 2, JSON.stringify(counts));
  });
});
