// Formatted directives mean what they meant before, keep their comments, and stay as they are the second time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, formatScript } from '../../language/format';
import { parseScript } from '../../language/script';

const format = (text: string): string => applyEdits(text, formatScript(text).edits);

const { cases: vectors } = JSON.parse(
  readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8'),
) as { readonly cases: readonly { readonly id: string; readonly script: string }[] };

describe('formatting', () => {
  const cases: Readonly<Record<string, readonly [before: string, after: string]>> = {
    'puts one blank between fields': [
      '#WATCHER   pattern = "a"    interval=30s ',
      '#WATCHER pattern="a" interval=30s',
    ],
    'keeps the blanks before a directive': ['  #WATCHER pattern=a', '  #WATCHER pattern="a"'],
    'writes canonical names': [
      '#WATCHER PATTERN="(a)" capture_groups=x interval_seconds=5 action=Log("$x")',
      '#WATCHER pattern="(a)" captures=[x] interval=5 action=log_event($x)',
    ],
    'keeps trailing comments': ['#WATCHER pattern="a" # why', '#WATCHER pattern="a"  # why'],
    'quotes what has blanks': [
      '#WATCHER name=two words pattern="a"',
      '#WATCHER name="two words" pattern="a"',
    ],
    'writes booleans and outputs in lower case': [
      '#WATCHER pattern="a" trigger_on_job_end=TRUE output=STDERR',
      '#WATCHER pattern="a" trigger_on_job_end=true output_type=stderr',
    ],
    'writes brackets around several actions': [
      '#WATCHER pattern="a" actions=log, cancel("x")',
      '#WATCHER pattern="a" actions=[log_event, cancel_job(x)]',
    ],
    'keeps brackets that do not fit': [
      '#WATCHER pattern="a" actions=[log]]',
      '#WATCHER pattern="a" actions=[log]]',
    ],
    'writes free words as a parameter': [
      '#WATCHER pattern="a" action=log_event it is so if 1 < 2',
      '#WATCHER pattern="a" action=log_event("it is so") if 1 < 2',
    ],
    'formats blocks line by line': [
      '#WATCHER_BEGIN\n#pattern: "a"   # first\n## a comment\n#   Interval :  5m\n# actions:\n# -log( message = "x" , level=error )  #c\n#     - pause\n#WATCHER_END\n',
      '#WATCHER_BEGIN\n# pattern: "a"  # first\n## a comment\n# interval: 5m\n# actions:\n#   - log_event(message=x, level=error)  #c\n#   - pause_watcher\n#WATCHER_END\n',
    ],
    'makes lines of a block comments': [
      '#WATCHER_BEGIN\npattern: a\nactions:\n  - log\n#WATCHER_END\n',
      '#WATCHER_BEGIN\n# pattern: "a"\n# actions:\n#   - log_event\n#WATCHER_END\n',
    ],
    'keeps Windows line ends': ['#WATCHER  pattern="a"\r\necho\r\n', '#WATCHER pattern="a"\r\necho\r\n'],
    'keeps what it does not understand': ['#WATCHER  nonsense pattern=a', '#WATCHER  nonsense pattern=a'],
    'keeps unknown fields': ['#WATCHER  colour=red   pattern="a"', '#WATCHER colour=red pattern="a"'],
    'keeps a value that ends at a hash': ['#WATCHER pattern=a  #b', '#WATCHER pattern=a  #b'],
    'keeps mappings and lists': [
      '#WATCHER_BEGIN\n# pattern: "(a)"\n# captures:\n#  - x\n# actions:\n#  - type: log\n#    message: "y"\n#WATCHER_END',
      '#WATCHER_BEGIN\n# pattern: "(a)"\n# captures:\n#  - x\n# actions:\n#  - type: log\n#    message: "y"\n#WATCHER_END',
    ],
    'formats a block around the lines that are not clear': [
      '#WATCHER_BEGIN\n#pattern: a # b\n#interval:5\n#actions:\n#-log\n#cancel_job\nsome words\n#WATCHER_END',
      '#WATCHER_BEGIN\n#pattern: a # b\n# interval: 5\n# actions:\n#   - log_event\n#cancel_job\nsome words\n#WATCHER_END',
    ],
    'keeps a block with an open quote': [
      '#WATCHER_BEGIN\n#pattern: "a\n#interval:5\n#WATCHER_END',
      '#WATCHER_BEGIN\n#pattern: "a\n#interval:5\n#WATCHER_END',
    ],
    'leaves the program alone': ['echo   a # b\n#SBATCH  -J x\n', 'echo   a # b\n#SBATCH  -J x\n'],
  };
  for (const [title, [before, after]] of Object.entries(cases)) {
    it(title, () => {
      assert.equal(format(before), after);
    });
  }

  for (const { id, script } of vectors) {
    it(`keeps the meaning of ${id}, and is done after one time`, () => {
      const formatted = format(script);
      const meaning = (text: string): unknown => {
        const { watchers, cleanText } = parseScript(text);
        return [watchers.map(({ definition, line, endLine }) => [definition, line, endLine]), cleanText];
      };
      assert.deepEqual(meaning(formatted), meaning(script));
      assert.deepEqual(formatScript(formatted).edits, []);
    });
  }
});
