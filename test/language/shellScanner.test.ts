// What is skipped of a script without being scanned must be what a scan would pass over.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isWholeLine, ShellScanner, skipPlainLines } from '../../language/shellScanner';

const pieces =
  'a|case|in|esac|if| |\t|\\|\'|"|$|`|#|(|)|<|{|}|x=|;|&|$(|${x}|${|$x|$1|$$|$#|()|((|))|$((|!|*|\r| #|"$x"|\'y\'|\\"'
    .split('|')
    .concat('|');
const line = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 }).map((all) => all.join(''));
const options = { numRuns: Number(process.env['CASES'] ?? 5000), seed: Number(process.env['SEED'] ?? 3) };

function isAtRestBehind(text: string): boolean {
  const scanner = new ShellScanner();
  scanner.take(text);
  return scanner.isAtRest;
}

describe('lines that need not be scanned', () => {
  for (const plain of [
    'python train.py --lr "$LR" # a run',
    'for i in $(seq 1 "$N"); do',
    'f() { echo \\"a\\" "b\\" c" ${x} $?; }',
  ])
    it(plain, () => {
      assert.equal(skipPlainLines(`${plain}\n${plain}\n`, 0), 2 * (plain.length + 1));
    });
  for (const open of [
    'echo "a',
    'cat <<E',
    'x=$(',
    'x=`date`',
    'a \\',
    '$(case x in a)',
    ' # watcher',
    '((1)',
  ]) {
    it(`${open} is none`, () => {
      assert.equal(skipPlainLines(`${open}\n`, 0), 0);
    });
  }
  it('leave a scanner at rest, and are no comments', () => {
    fc.assert(
      fc.property(line, (text) => {
        const isSkipped = skipPlainLines(`${text}\n`, 0) > 0;
        if (isSkipped) assert.ok(!text.trim().startsWith('#'));
        if (isSkipped || isWholeLine(text)) assert.ok(isAtRestBehind(`${text}\n`), text);
      }),
      options,
    );
  });
});
