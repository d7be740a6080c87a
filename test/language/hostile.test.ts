// Whatever a job, a script or Slurm prints: no reader takes more than linear time. CASES and SEED make it a campaign.
import assert from 'node:assert/strict';
import { parseSacct, parseSubmitLines } from '../../engine/slurm/sacct';
import { parseProbe } from '../../engine/slurm/capabilities';
import { parseShowJobs } from '../../engine/slurm/scontrol';
import { parseSqueue } from '../../engine/slurm/squeue';
import { readRowId } from '../../engine/slurm/rowId';
import { parseAnswer, parseJobNumber } from '../../engine/slurm/submissionCommands';
import { storeMetric } from '../../engine/actions/storeMetric';
import { evaluateCondition } from '../../language/condition/evaluator';
import { maxWork } from '../../language/condition/limits';
import { methodReference } from '../../language/condition/reference';
import { parseCondition } from '../../language/condition/parser';
import { parseFloatText } from '../../language/condition/numberText';
import { busyBetween, takeMoment } from '../../engine/io/processorTime';
import { checkBatchScript } from '../../language/batchScript';
import { hasHiddenProgram } from '../../language/shell/hiddenProgram';
import { formatScript } from '../../language/format';
import { parseJsonTree } from '../../language/jsonTree';
import { parseArraySpec } from '../../language/sbatch/arraySpec';
import { readWords } from '../../language/sbatch/words';
import { parseTimeLimit } from '../../language/sbatch/timeLimit';
import { parseScript } from '../../language/script';
import { findAllVariables, substitute } from '../../language/template';
import { parseDuration, parseJson } from '../../language/values';
import { parseWatcherFile } from '../../language/watcherFile';
import { assertLinear } from '../growth';
import { createRandom, type Random } from './seededRandom';

const cases = Number(process.env['CASES'] ?? 0);
const seed = Number(process.env['SEED'] ?? 20261129);

/** What readers ask for, and what keeps them asking. */
const pieces =
  '1|0|a|_|-|+|.|..|,|:|;|=|==|/| |\t|\n|\r\n|\r|\\|\\\\|"|\'|(|)|[|]|{|}|<|<<|>|#|##|$|${|$(|$a|${a}|${a:-|%|%j|&|!|*|?|@|`|~|e|E|é|Σ|😀|\u0301|\u2028|\u001e|\u001f|\0|٣|inf|nan|#WATCHER |#WATCHER_BEGIN\n|#WATCHER_END\n|#WATCHER pattern=|# - |# - log_event(|# pattern: |# actions:\n|a=|a="|a=[|a=(|log_event(| if |#SBATCH |#SBATCH --|--output=|-o |--wrap|sh -c || sh|eval |<<EOF\n|EOF\n|case a in |)|0-3,|5%2|1-00:|12:34|JobId=1 |JobState=|StdOut=/|Reason=|\n\n|{"a":|[1,|true,|Submitted batch job 1\n|@version=|@user=|ClusterName=|sbatch: '
    .split('|')
    .flatMap((piece) => (piece === '' ? ['|'] : [piece]));

type Reader = (text: string) => unknown;

const readers: Readonly<Record<string, Reader>> = {
  parseScript: (text) => parseScript(text),
  'parseScript of a directive': (text) => parseScript(`#WATCHER pattern=x action=${text}`),
  'parseScript of a block': (text) => parseScript(`#WATCHER_BEGIN\n# pattern: x\n# ${text}\n#WATCHER_END\n`),
  'parseScript for ssync': (text) => parseScript(text, { ssync: true }),
  checkBatchScript: (text) => checkBatchScript(text, parseScript(text)),
  'checkBatchScript of a line': (text) => {
    const script = `#!/bin/bash\n#SBATCH ${text}\n`;
    return checkBatchScript(script, parseScript(script));
  },
  formatScript: (text) => formatScript(`#WATCHER_BEGIN\n# pattern: x\n# ${text}\n#WATCHER_END\n`),
  parseWatcherFile: (text) => parseWatcherFile(text),
  parseJsonTree: (text) => parseJsonTree(text),
  parseJson: (text) => parseJson(text),
  parseDuration: (text) => parseDuration(text),
  parseArraySpec: (text) => parseArraySpec(text),
  parseTimeLimit: (text) => parseTimeLimit(text),
  readWords: (text) => readWords(text),
  parseFloatText: (text) => parseFloatText(text),
  findAllVariables: (text) => findAllVariables(text),
  'a value in a parameter': (text) => substitute('$0 $0 $x', { groups: [text], variables: { x: text } }),
  'a template': (text) => substitute(text, { groups: [text], variables: { a: 'x' } }),
  storeMetric: (text) => storeMetric({ name: text, value: text }),
  hasHiddenProgram: (text) => hasHiddenProgram(text),
  parseCondition: (text) => parseCondition(text.slice(0, 10_000)),
  parseSqueue: (text) => refused(() => parseSqueue(text)),
  parseSacct: (text) => refused(() => parseSacct(text)),
  parseSubmitLines: (text) => refused(() => parseSubmitLines(text)),
  parseShowJobs: (text) => refused(() => parseShowJobs(text)),
  'parseShowJobs of a job': (text) => refused(() => parseShowJobs(`JobId=1 JobName=x\n   ${text}\n\n`)),
  parseProbe: (text) => parseProbe(text, ''),
  parseAnswer: (text) => refused(() => parseAnswer(text)),
  parseJobNumber: (text) => parseJobNumber(text),
  readRowId: (text) => refused(() => readRowId(text)),
};

/** Parsers of Slurm's answers throw for what they cannot read. */
function refused(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}

/** A beginning, a piece many times, and an end that refuses what went before. */
const toText = (first: string, piece: string, last: string) => (size: number) =>
  first + piece.repeat(Math.ceil(size / piece.length)) + last;

function checkReader(name: string, read: Reader, toInput: (size: number) => string): void {
  assertLinear(
    `${name} of ${JSON.stringify(toInput(1))}`,
    (size) => {
      const text = toInput(size);
      return () => void read(text);
    },
    // What is too quick to be measured is small, too: a campaign takes texts that are four times as long.
    cases > 0 ? 16_000 : 4000,
  );
}

describe('hostile texts', () => {
  for (const [name, read] of Object.entries(readers))
    it(`${name}: each piece, many times`, function () {
      this.timeout(600_000);
      for (const piece of pieces) checkReader(name, read, toText('', piece, '\u0001x'));
    });

  it('two pieces in turn, and others at both ends', function () {
    this.timeout(60_000 + cases * 1000);
    const random = createRandom(seed);
    const names = Object.keys(readers);
    for (let count = 0; count < Math.max(60, cases / 10); count++) {
      const name = pickOf(random, names);
      const read = readers[name];
      const toInput = toText(
        pickOf(random, pieces),
        pickOf(random, pieces) + pickOf(random, pieces),
        pickOf(random, pieces),
      );
      if (read) checkReader(name, read, toInput);
    }
  });
});

const pickOf = (random: Random, items: readonly string[]): string => items[random(items.length)] ?? '';

const values = [
  '1',
  'a',
  ' ',
  '.',
  '_',
  '1_',
  'ab',
  '\n',
  '\r\n',
  'Σ',
  'é ',
  '😀',
  '٣',
  'ꟲA',
  "'",
  '\\',
  '%s',
  '%5d',
  '%',
  'a b ',
  ',',
];
const expressions = [
  ...Object.keys(methodReference).flatMap((name) => [
    `x.${name}()`,
    `x.${name}(x)`,
    `x.${name}("a")`,
    `x.${name}("a", "b")`,
    `x.${name}(x[:1], x)`,
    `x.${name}((x[1:], x))`,
  ]),
  ...[
    'float',
    'int',
    'str',
    'len',
    'abs',
    'min',
    'max',
    'round',
    'bool',
    'sum',
    'any',
    'all',
    'sorted',
  ].flatMap((name) => [
    `${name}(x)`,
    `${name}([x] * 1000)`,
    `${name}(x.split())`,
    `${name}([[x] * 100] * 100)`,
    `${name}([10 ** 3000] * 10000)`,
  ]),
  'int(x, 2)',
  'int(x, 32)',
  'int(x, 36)',
  'int(x[:4300])',
  'str(int(x[:4300]) ** 9)',
  'x % x',
  'x % 1',
  'x % ("a", 1)',
  '"%s%r%a" % (x, x, x)',
  '"%.5000f" * 100 % ((1e300,) * 100)',
  '"%.5000g" * 100 % ((1e300,) * 100)',
  'x + x == x + x',
  'x < x + "a"',
  'x in x + "a"',
  'x[1:] in x',
  '(x[:1000] + "!") in x',
  'x in [x + "a"] * 1000',
  '[x] * 1000 == [x[:-1] + "a"] * 1000',
  '[[x] * 1000] * 1000 < [[x] * 1000] * 1000',
  'x[0]',
  'x[-1]',
  'x[1:-1]',
  'x[::-1]',
  'x[::7]',
  'x * 1000',
  '[x] * 100000',
  '(x,) * 1000 + (x,) * 1000',
  '2 ** 190000 // 3 ** 60000 == 2 ** 100000 % 3 ** 60000',
  'sum([2 ** 100000, -2 ** 100000] * 1000)',
  'max([2 ** 100000] * 10000)',
  'round(10 ** 4000, -3000)',
  '10 ** 4000 in [10 ** 4000] * 10000',
  'x.ljust(1000000, "😀") + x.rjust(1000000) + x.center(1000000)',
  'x.zfill(999999).zfill(1000000)',
  'x.expandtabs(1000)',
  '("\\t" * 1000).expandtabs(900) == x',
  '(x + "\\t").expandtabs().expandtabs(7)',
  'x.rsplit(x[:1]) == x.rsplit(None, 5)',
  'x.rsplit("aa", 100000)',
  '(x[1:] + "a").rfind(x[:100] + "b")',
  '("b" + x).rindex(x[:-1])',
  '[x] * 100000 == ["a"] or ([x] * 100000).index(x + "a")',
  '([x + "a"] * 100000).count("a" + x)',
  '([10 ** 4000] * 100000).index(10 ** 4000 + 1)',
  '(1 << 190000 | 1) ^ (1 << 180000) & ~(1 << 170000) >> 3',
  '~(2 ** 199990) << 5 >> 100000',
  'sum([1 << 190000, 3] * 1000) & (1 << 190000)',
  '1 << 10 ** 9',
  'x and x or not x',
  'x if x else x',
];

/** What stands for a unit of work: it takes at most so many ns. Work that is counted too low blocks the engine. */
const nsPerUnit = 40;

describe('hostile values in conditions', () => {
  it('never need more than the work that is allowed, nor more time than it stands for', function () {
    this.timeout(600_000);
    const length = cases > 0 ? 1 << 20 : 1 << 18;
    const shown = cases > 0 ? values : values.filter((_, index) => index % 5 === 0);
    for (const source of expressions) {
      const condition = parseCondition(source).value;
      assert.ok(condition, source);
      for (const value of shown) {
        const x = value.repeat(Math.ceil(length / value.length)).slice(0, length);
        const budget = { left: maxWork };
        const times = [0, 1, 2].map(() => {
          budget.left = maxWork;
          const begun = takeMoment();
          evaluateCondition(condition, { x }, budget);
          return busyBetween(begun, takeMoment());
        });
        assert.ok(budget.left >= -maxWork && budget.left <= maxWork, source);
        const allowed = (nsPerUnit * maxWork) / 1e6;
        assert.ok(
          Math.min(...times) < allowed,
          `${source} of ${JSON.stringify(value)} takes ${Math.min(...times)} ms`,
        );
      }
    }
  });
});
