// What the editor and the engine ask of a pattern: everything, across lines, double escapes, literals, risks.
import assert from 'node:assert/strict';
import { compilePattern, type Pattern } from '../../../language/regex/compile';
import { crossLineOnly, findDoubleEscapes, matchesEverything } from '../../../language/regex/facts';
import { findLiteralLists } from '../../../language/regex/mandatoryLiteral';
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

describe('findLiteralLists', () => {
  type Lists = readonly (readonly string[])[];
  const check = (source: string, lists: Lists | undefined, folded: boolean): void => {
    it(`${source}: ${JSON.stringify(lists)}${folded ? ', folded' : ''}`, () => {
      assert.deepEqual(findLiteralLists(compile(source)), lists && { lists, folded });
    });
  };

  const asWritten: readonly (readonly [string, Lists | undefined])[] = [
    ['loss: ([\\d.]+)', [['loss: ']]],
    ['Loss: (\\d)', [['Loss: ']]],
    ['ERROR|FAIL', [['ERROR', 'FAIL']]],
    ['(ERROR|FATAL): (.+)', [['ERROR: ', 'FATAL: ']]],
    ['(?:ab)+c', [['ab']]],
    ['x?foo', [['foo']]],
    ['(?=foo)bar', [['bar']]],
    ['\\bOOM\\b', [['OOM']]],
    ['é=\\d', [['é=']]],
    ['12 34', [['12 34']]],
    ['[ab]c', [['c']]],
    ['[@`]b', [['b']]],
    ['a|', undefined],
    ['\\d+', undefined],
    ['(foo)?', undefined],
    ['\\n', undefined],
    ['\\ufffd', undefined],
    ['(?i)é', undefined],
  ];
  for (const [source, lists] of asWritten) check(source, lists, false);

  const inAnyCase: readonly (readonly [string, Lists])[] = [
    ['(?i)Error 12', [['error 12']]],
    ['(?i)error|Fault', [['error', 'fault']]],
    ['(?i:out of memory).* at X', [['out of memory'], [' at x']]],
    ['(?i)kill', [['ll']]],
    ['(?ai)kiss', [['kiss']]],
    ['[Nn]a[nN]', [['nan']]],
    ['[A\\x61]b', [['ab']]],
  ];
  for (const [source, lists] of inAnyCase) check(source, lists, true);

  const several: readonly (readonly [string, Lists])[] = [
    ['Epoch (\\d+).* lr=(\\S+)', [['Epoch '], [' lr=']]],
    ['lr=.*Epoch ', [['Epoch '], ['lr=']]],
    ['(Epoch (\\d+)).*((?:val_|test_)loss=)?.*(acc|f1 )=', [['Epoch '], ['acc=', 'f1 =']]],
    ['(?:step (\\d+) of)+.* done', [['step '], [' done'], [' of']]],
    ['(?>a.*step=)b', [['step=']]],
    ['(?:left.*right|up.*down) (\\d+)', [['right', 'down']]],
    ['one.*three.*seven.*eleven', [['eleven'], ['three'], ['seven']]],
    ['loss=.*, val_loss=', [[', val_loss=']]],
    ['Epoch .*:.*, .*x=', [['Epoch ']]],
    ['(?i:error).* in step', [[' in step']]],
    ['(?:one.*two)?.*three', [['three']]],
    ['(?!one).*three', [['three']]],
  ];
  for (const [source, lists] of several) check(source, lists, false);
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
    '(.*a){25}',
    '(?:\\w+ ?){30}',
    '(a{1,60})+$',
    '(\\d{1,30})*x',
    '(?:a{2,}b?)+$',
    '(x{0,40}y?)+z',
    '([a-z]{2,10}[0-9]{0,40})+!',
    '(?:[a-z]{1,60}_?)+!',
    '(?:\\d{1,30}|\\w{1,30})+!',
    '((a{1,9}){1,9})+x',
    '(a{1,60}){20}$',
    '(a{1,1000})+$',
    '(?:x{30}|[xy]{30}|x{60})+!',
    '(?:(?:error|warning|information|note|remark|hint) in the file [a-z]+ ?[a-z]*)+$',
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
    '(?:\\w+ ?){5}',
    '(?:\\d+,){30}',
    '(?:a?){40}',
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
    '(?:\\w{1,64}\\.)+com',
    '(\\d{1,3}\\.){3,100}x',
    '(?:\\d{1,30}:|\\d{40}:)+x',
    '(?:a{100}b|a{200}b)+x',
    '(?:[a-z]{1,60}_)+!',
    '(?:a{0,60}b)*c',
    '([^,]{0,200},)+x',
    '(?:[0-9a-f]{1,60} )+$',
  ];
  each(safe, 'is not', (source) => {
    assert.equal(findRisk(compile(source)), undefined);
  });

  it('takes no longer for rounds without number', () => {
    for (const source of ['(?:(?:\\b){999999999}a)+x', '(?:a{0,900}b{0,900}c)+x']) {
      const start = performance.now();
      assert.equal(findRisk(compile(source)), undefined);
      assert.ok(performance.now() - start < 1000, source);
    }
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
