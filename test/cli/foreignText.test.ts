// Commands about texts of others: nothing that a terminal heeds is printed, and nothing of it is lost.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toSarif } from '../../cli/sarif';
import { checkBatchScript } from '../../language/batchScript';
import { parseScript } from '../../language/script';
import { runCommand } from './inProcess';

const script = `#!/bin/bash
#WATCHER patte\x1b[31mrn="x" action=log_event
#WATCHER pattern="x" action=log_\x1b]0;pwned\x07event
#WATCHER pattern="a(" action=log_event(message="$lo\x1b[2Jss")
#WATCHER pattern="x" condition="foo\x1b[5m > 1" action=log_event(level="\x9b41m\u202e")
#SBATCH --par\x1b[7mtition=x
#SBATCH --time=1:\x1b[8m
`;
const watcher =
  '#WATCHER name="w\x9b" pattern="loss: (.*)" captures=[l] action=log_event(message="low $l")\n';

const heeded = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]/;

describe('text of others on the command line', () => {
  let directory: string;
  const write = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  before(() => (directory = mkdtempSync(join(tmpdir(), 'sw-cli-'))));
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const prints = (title: string, toWords: () => readonly string[], expected: RegExp, input = ''): void => {
    it(`is made visible by ${title}`, async () => {
      const { stdout, stderr } = await runCommand(toWords(), [input]);
      assert.doesNotMatch(stdout + stderr, heeded);
      assert.match(stdout + stderr, expected);
    });
  };
  const named = (): string => write('e\x1b[31mvil.sh', script);
  prints(
    'lint, with the names of files',
    () => ['lint', named()],
    /e\\x1b\[31mvil\.sh:2[^]*patte\\x1b\[31mrn/,
  );
  prints('lint as annotations', () => ['lint', '--format', 'github', named()], /::error file=.*\\x1b/);
  prints('lint as SARIF', () => ['lint', '--format', 'sarif', named()], /patte\\u001b|patte\\\\x1b/);
  prints('lint as JSON', () => ['lint', '--json', named()], /\\u001b/);
  prints('parse', () => ['parse', named()], /\\x1b/);
  prints('match', () => ['match', 'b.*'], /a\\x9bb\\u202e/, 'a\x9bb\u202e\n');
  prints('match as JSON', () => ['match', '(b.*)', '--json'], /\\u202e/, 'a\x9bb\u202e\n');
  prints('eval', () => ['eval', 'x', '--var', 'x=\u202e\x9b'], /\\/);
  prints('an error', () => ['lint', join('/', 'no\x1b[2Jthere')], /Cannot read \/no\\x1b\[2Jthere/);
  const rehearsed = (): readonly string[] => [
    ...['test', write('w.sh', watcher), '--output', write('out', 'loss: \x9b31m\u202e\n')],
  ];
  prints('test', rehearsed, /w\\x9b: .*log_event\(message="low \\x9b31m\\u202e"/);
  prints('test as JSON', () => [...rehearsed(), '--json'], /"low \\u009b31m\\u202e"/);
  prints(
    'test, where another was expected',
    () => [...rehearsed(), '--expect', write('expected.json', '["\x9b"]')],
    /expected {2}"\\u009b"[^]*loss: \\u009b31m/,
  );

  it('is no link in SARIF', () => {
    const text = '#WATCHER pattern="x" [see](https://x.org)=1\n';
    const problems = checkBatchScript(text, parseScript(text)).problems;
    assert.doesNotMatch(JSON.stringify(toSarif([{ path: 'a.sh', text, problems }])), /see\]\(https/);
  });
});
