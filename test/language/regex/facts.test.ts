// What the editor and the engine ask of a pattern: everything, across lines, double escapes, literals, risks.
import assert from 'node:assert/strict';
import { compilePattern, type Pattern } from '../../../language/regex/compile';
import { crossLineOnly, findDoubleEscapes, matchesEverything } from '../../../language/regex/facts';
import {
  findFoldedLiterals,
  findMandatoryLiteral,
  findMandatoryLiterals,
  findRarestLiterals,
} from '../../../language/regex/mandatoryLiteral';
import { findRisk } from '../../../language/regex/risk';

function compile(source: string): Pattern {
  const { value } = compilePattern(source);
  assert.ok(value, source);
  return value;
}

function each(sources: readonly string[], says: string, check: (source: string) => void): void {
  for (const source of sources)
    it(`${JSON.stringify(source)} ${says}`, () => {
      check(source);
    });
}

describe('matchesEverything', () => {
  const all = [
    '',
    '.*',
    '.*?',
    '(.*)',
    '^.*$',
    '^.+$',
    '^(.*)$',
    '.',
    '(\\d*)',
    'x?',
    'x|',
    'a*$',
    '^',
    '$',
    '[\\s\\S]*',
    '(?i).*',
  ];
  each(all, 'matches every line', (source) => {
    assert.equal(matchesEverything(compile(source)), true);
  });
  const some = ['^$', '^a*$', '^\\s*$', '\\d+', '.*x', 'loss.*', '\\b', '..', '^x?$', '(?=x)', '\\S'];
  each(some, 'does not', (source) => {
    assert.equal(matchesEverything(compile(source)), false);
  });
});

describe('crossLineOnly', () => {
  const across = ['a\\nb', '\\n', '[\\r\\n]x', 'a$\\nb', 'a$b', 'a^b', '(?<=\\n)a', '(?:a|b)\\nc', '(a\\n)+'];
  each(across, 'wants more than a line', (source) => {
    assert.equal(crossLineOnly(compile(source)), true);
  });
  const within = ['a', 'a\\n?', 'a\\s+b', '(?s)a.b', 'x(a\\n|b)', '(?!\\n)a', '^a$', '[^a]', '(?:$|a)b'];
  each(within, 'can match in a line', (source) => {
    assert.equal(crossLineOnly(compile(source)), false);
  });
});

describe('findDoubleEscapes', () => {
  const fixed = (source: string): string =>
    [...findDoubleEscapes(source)]
      .reverse()
      .reduce((text, { span, fix }) => text.slice(0, span.start) + fix + text.slice(span.end), source);
  const cases: readonly (readonly [string, string])[] = [
    ['loss: (\\\\d+)', 'loss: (\\d+)'],
    ['[\\\\d.]+ \\\\w*', '[\\d.]+ \\w*'],
    ['C:\\\\data', 'C:\\\\data'],
    ['\\d\\\\', '\\d\\\\'],
    ['\\\\\\d', '\\\\\\d'],
    ['(\\\\s', '(\\s'],
  ];
  for (const [source, expected] of cases) {
    it(`${source} becomes ${expected}`, () => {
      assert.equal(fixed(source), expected);
    });
  }
});

describe('findMandatoryLiterals', () => {
  const cases: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['loss: ([\\d.]+)', ['loss: ']],
    ['ERROR|FAIL', ['ERROR', 'FAIL']],
    ['(ERROR|FATAL): (.+)', ['ERROR: ', 'FATAL: ']],
    ['(?i)error 12', [' 12']],
    ['(?:ab)+c', ['ab']],
    ['x?foo', ['foo']],
    ['(?=foo)bar', ['bar']],
    ['\\bOOM\\b', ['OOM']],
    ['é=\\d', ['é=']],
    ['a|', undefined],
    ['\\d+', undefined],
    ['(foo)?', undefined],
    ['\\n', undefined],
    ['\\ufffd', undefined],
  ];
  for (const [source, expected] of cases) {
    it(`${source}: ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(findMandatoryLiterals(compile(source)), expected);
    });
  }
  it('is one literal only where there is no choice', () => {
    assert.equal(findMandatoryLiteral(compile('loss: (\\d+)')), 'loss: ');
    assert.equal(findMandatoryLiteral(compile('ERROR|FAIL')), undefined);
  });
});

describe('findFoldedLiterals', () => {
  const cases: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['Loss: (\\d)', ['loss: ']],
    ['ERROR|FAIL', ['error', 'fail']],
    ['(?i)Error 12', ['error 12']],
    ['(?i)error|Fault', ['error', 'fault']],
    ['(?i)kill', ['ll']],
    ['(?ai)kiss', ['kiss']],
    ['[Nn]a[nN]', ['nan']],
    ['[ab]c', ['c']],
    ['[A\\x61]b', ['ab']],
    ['[@`]b', ['b']],
    ['É=\\d', ['É=']],
    ['(?i)é', undefined],
    ['\\d+', undefined],
  ];
  for (const [source, expected] of cases) {
    it(`${source}: ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(findFoldedLiterals(compile(source)), expected);
    });
  }
});

describe('findRarestLiterals', () => {
  const cases: readonly (readonly [string, readonly string[] | undefined, boolean])[] = [
    ['Loss: (\\d)', ['Loss: '], false],
    ['ERROR|FAIL', ['ERROR', 'FAIL'], false],
    ['12 34', ['12 34'], false],
    ['(?i)error 12', ['error 12'], true],
    ['(?i:error).* in step', [' in step'], false],
    ['(?i:out of memory).* at X', ['out of memory'], true],
    ['(?i)kill', ['ll'], true],
    ['\\d+', undefined, false],
  ];
  for (const [source, texts, folded] of cases)
    it(`${source}: ${JSON.stringify(texts)}${folded ? ', folded' : ''}`, () => {
      assert.deepEqual(findRarestLiterals(compile(source)), texts && { texts, folded });
    });
});

describe('findRisk', () => {
  const risky = [
    '(a+)+$',
    '(a+)+b',
    '(a*)*b',
    '(a|a)*b',
    '(a|ab|b)*c',
    '(\\w+\\s?)*$',
    '(x+x+)+y',
    '(.*)*x',
    '([a-zA-Z]+)*\\d',
    '(\\d+\\.?)+x',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(.*a){20}x',
    '(\\w+|\\d+)+;',
    '(?:\\s*\\w*)*:',
    '(.*,)*x',
    '^(.*?,){11}P',
    '(a{1,20})+b',
    '(\\d+\\.\\d+\\s*)+$',
    '.*.*x',
    '\\d+\\d+x',
    '.+.+=x',
    '\\s+\\s+$',
    '(.+) (.+) (.+) x',
  ];
  each(risky, 'is risky', (source) => {
    const risk = findRisk(compile(source));
    assert.ok(risk);
    assert.match(source.slice(risk.span.start, risk.span.end), /[*+}]\??$/);
  });
  const safe = [
    '.*foo.*',
    'loss: ([\\d.]+)',
    '(\\w+)=(\\d+)',
    'Epoch (\\d+).*loss: ([\\d.]+)',
    '\\s*(\\w+)\\s*:\\s*(.*)$',
    '(\\w+,)*\\w+',
    '(?:\\d{1,3}\\.){3}\\d{1,3}',
    'ERROR|FAIL',
    '(.*)',
    '(a+)+',
    '(a++)+b',
    '(?>a+)+b',
    '([^,]*,)*x',
    '(\\w+\\s)+x',
    '.*step.*loss.*acc',
    '\\S+\\s+\\S+\\s+\\S+$',
    '(?:[a-z]+_)*x',
    '[-+]?\\d*\\.?\\d+(?:[eE][-+]?\\d+)?',
    '"(.*?)"',
    '(\\w+) (\\w+) (\\w+) x',
    '([0-9a-f]{2}:){5}[0-9a-f]{2}',
    '^\\s*$',
    '(\\w+).*loss',
    '(\\S+)@(\\S+)\\.com',
    '(?:\\w+\\.)*py',
    '/(?:[^/]+/)*x',
    '^.*?(\\d+).*$',
    '((ab)*c)*d',
  ];
  each(safe, 'is not', (source) => {
    assert.equal(findRisk(compile(source)), undefined);
  });

  it('agrees with the steps that a long text takes', () => {
    const attack = 'a'.repeat(40) + '!';
    const explodes = (source: string): boolean =>
      compile(source).findAll(attack, Infinity, { bounded: true }).exhausted;
    for (const source of ['(a+)+$', '(a|a)*b', '(a|aa)+$', '(?:a*)*b', '(a+a+)+b']) {
      assert.deepEqual([explodes(source), findRisk(compile(source)) !== undefined], [true, true], source);
    }
    for (const source of ['(a++)+b', '(?>a+)+b', 'a*b', '(?:ab?)*c', '(?:a{2})*b']) {
      assert.deepEqual([explodes(source), findRisk(compile(source)) !== undefined], [false, false], source);
    }
  });
});
