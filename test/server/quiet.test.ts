// No false alarm: scripts of this machine that know nothing of Slurm, and ordinary batch scripts, have no problem.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseScript } from '../../language/script';
import { readDocument, type OpenDocument } from '../../server/documents';

const read = (name: string, text: string): OpenDocument =>
  readDocument(TextDocument.create(`file://${name}`, 'shellscript', 1, text));

const folders = ['/usr/bin', '/usr/sbin', '/usr/share', '/usr/lib', '/etc', '/opt'];
const wanted = 300;

/** Files that begin as shell scripts do, up to a number; broken links and what may not be read are left out. */
function* findScripts(folder: string, depth = 0): Generator<{ path: string; text: string }> {
  if (!existsSync(folder) || depth > 6) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* findScripts(path, depth + 1);
    if (!entry.isFile() || statSync(path).size > 300_000) continue;
    const text =
      /\.(?:sh|bash)$/.test(entry.name) || !entry.name.includes('.') ? readFileSync(path, 'latin1') : '';
    if (/^#!.*\b(?:ba|da|k)?sh\b/.test(text)) yield { path, text };
  }
}

const suite = 'Scripts of this machine that have nothing to do with Slurm';
if (existsSync('/usr/share')) describe(suite, readAll);
else console.log(`Absent here, for want of /usr: ${suite}.`);

function readAll(this: Mocha.Suite): void {
  this.timeout(60_000);
  const scripts: { path: string; text: string }[] = [];
  before(() => {
    for (const folder of folders)
      for (const script of findScripts(folder)) if (scripts.push(script) >= wanted) return;
  });

  it('have no problem, with the line ends of Windows neither', () => {
    assert.ok(scripts.length > 20, `only ${scripts.length} scripts were found`);
    for (const { path, text } of scripts) {
      if (/watcher|sbatch/i.test(text)) continue;
      assert.deepEqual(read(path, text).problems, [], path);
      assert.deepEqual(read(path, text.replaceAll('\n', '\r\n')).problems, [], path);
    }
  });

  it('are not even parsed', () => {
    let parsed = 0;
    for (const { path, text } of scripts)
      readDocument(
        TextDocument.create(`file://${path}`, 'shellscript', 1, text),
        { ssync: false },
        (content) => {
          parsed += 1;
          return parseScript(content);
        },
      );
    const concerned = scripts.filter(({ text }) => /^[ \t]*#[ \t]*(?:watcher|sbatch)/im.test(text)).length;
    assert.equal(parsed, concerned);
    assert.ok(parsed * 20 < scripts.length, `${parsed} of ${scripts.length} were parsed`);
  });

  it('have none either once they are batch scripts', () => {
    for (const { path, text } of scripts) {
      if (/watcher|sbatch/i.test(text) || text.includes('\r')) continue;
      const [first = '', ...rest] = text.split('\n');
      const batch = [first, '#SBATCH --time=60', '#WATCHER pattern="a" action=pause', ...rest].join('\n');
      assert.deepEqual(read(path, batch).problems, [], path);
    }
  });
}

describe('the examples of the analysis', () => {
  const { cases } = JSON.parse(readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8')) as {
    cases: readonly {
      readonly id: string;
      readonly source: string;
      readonly script: string;
      readonly problem_codes: readonly string[];
    }[];
  };
  const examples = cases.filter(({ source }) => source.startsWith('analysis document'));
  it('are there', () => {
    assert.ok(examples.length > 20, `only ${examples.length}`);
  });
  for (const { id, script, problem_codes } of examples)
    it(`${id} has no problem but those that it has`, () => {
      const found = read('/job.sh', script).problems.filter(
        // Hints and information are no alarm.
        ({ code, severity }) =>
          !problem_codes.includes(code) && (severity === 'error' || severity === 'warning'),
      );
      assert.deepEqual(
        found.map(({ code, message }) => `${code}: ${message}`),
        [],
      );
    });
});

describe('ordinary batch scripts', () => {
  const scripts: readonly string[] = [
    '#!/bin/bash -l\n#SBATCH -J bench -p gpu,long --gres=gpu:1\n#SBATCH --mail-type=ALL --mail-user=a@b.c\n\nmodule load x\nsrun ./a\n',
    '#!/bin/bash\n# The watcher script of the cluster; see #SBATCH below.\n#SBATCH --array=1-10%2\n#SBATCH -o %x_%A_%a.log # one each\n: "${SLURM_ARRAY_TASK_ID:?}"\n',
    '#!/bin/bash\n#SBATCH -N 1\nfor n in 1 2; do\n  sbatch <<-EOF\n\t#!/bin/bash\n\t#SBATCH --tiem=$n\n\tEOF\ndone\n',
    '#!/bin/bash\n##SBATCH --old=1\n# #SBATCH --off\n#SBATCH --exclusive --nodes=2-4\n#SBATCH --dependency=afterok:1:2,afterany:3\n#SBATCH --signal=B:USR1@60 --requeue\n',
  ];
  for (const script of scripts)
    it(script.slice(0, 60).replaceAll('\n', ' ⏎ '), () => {
      assert.deepEqual(read('/job.sh', script).problems, []);
    });
});
