// Conditions that random ones hardly meet, with what CPython 3.11 says of them.
import assert from 'node:assert/strict';
import { evaluateCondition } from '../../../language/condition/evaluator';
import { parseCondition } from '../../../language/condition/parser';
import { repr } from '../../../language/condition/values';

function evaluate(expression: string): string {
  const { value } = parseCondition(expression);
  if (!value) return 'SyntaxError';
  const evaluation = evaluateCondition(value, {});
  return evaluation.ok ? repr(evaluation.value) : evaluation.error.type;
}

const cases: Readonly<Record<string, string>> = {
  // What is left behind the last split keeps the white space at its end.
  "' a b '.split(None, 1)": "['a', 'b ']",
  "' a b  c '.split(maxsplit=2)": "['a', 'b', 'c ']",
  "' a '.split(None, 0)": "['a ']",
  "' a '.split(None, 1)": "['a']",
  "'  '.split(None, 0)": '[]',
  // Infinite powers come before the division by zero.
  "0.0 ** float('-inf')": 'inf',
  "0 ** float('-inf')": 'inf',
  "(-0.0) ** float('-inf')": 'inf',
  "0.0 ** float('inf')": '0.0',
  '0.0 ** -1': 'ZeroDivisionError',
  // Each nan is an object of its own.
  "[float('nan')] == [float('nan')]": 'False',
  "float('nan') in [float('nan')]": 'False',
  "(1, float('nan')) < (1, float('nan'))": 'False',
  "float('nan') is float('nan')": 'False',
  // Operators on bits, and the methods of texts and lists that look at characters, places and widths.
  '~5': '-6',
  '~True': '-2',
  '~0': '-1',
  '~-1': '0',
  'True & True': 'True',
  'True & False': 'False',
  'True ': 'True',
  ' 0': '0',
  'False ^ True': 'True',
  'True ^ True': 'False',
  'True & 1': '1',
  'True << 1': '2',
  'True >> 0': '1',
  '~1.5': 'TypeError',
  "~'a'": 'TypeError',
  '1 & 1.0': 'TypeError',
  "'a' | 'b'": 'TypeError',
  '[1] & [1]': 'TypeError',
  'None ^ 1': 'TypeError',
  '1 << -1': 'ValueError',
  '1 >> -1': 'ValueError',
  '0 << 10**30': '0',
  '5 >> 10**30': '0',
  '-5 >> 10**30': '-1',
  '-5 >> 1': '-3',
  '-1 << 3': '-8',
  '-6 & 0xff': '250',
  '-6 | 3': '-5',
  '-6 ^ 3': '-7',
  '2**100 & -2**99': '1267650600228229401496703205376',
  '~2**70': '-1180591620717411303425',
  '1 | 2 ^ 3 & 4 << 1 + 1': '3',
  '1 + 2 << 3 - 1': '12',
  '6 & 3 == 2': 'True',
  '1 | 2 in [3]': 'True',
  '1 < 2 | 4 < 7': 'True',
  'not 1 & 2': 'True',
  '~2 ** 2': '-5',
  '2 ** ~1': '0.25',
  '- ~ - 3': '-2',
  '5 & ~1 if 3 ^ 3 else 7 >> 1': '3',
  "'a'.ljust(3) + '.'": "'a  .'",
  "'a'.ljust(3, '😀')": "'a😀😀'",
  "'😀'.rjust(3, '.')": "'..😀'",
  "'ab'.center(5, '.')": "'..ab.'",
  "'abc'.center(6, '.')": "'.abc..'",
  "'ab'.center(-1)": "'ab'",
  "'a'.center(10**30)": 'OverflowError',
  "'a'.ljust(3, '')": 'TypeError',
  "'a'.ljust(3, 'ab')": 'TypeError',
  "'a'.ljust(3, 1)": 'TypeError',
  "'-1'.zfill(5)": "'-0001'",
  "'+'.zfill(3)": "'+00'",
  "''.zfill(2)": "'00'",
  "'--1'.zfill(5)": "'-00-1'",
  "'−1'.zfill(4)": "'00−1'",
  "'a\\tb\\n\\tc'.expandtabs()": "'a       b\\n        c'",
  "'a\\tb\\r\\tc\\t'.expandtabs(3)": "'a  b\\r   c  '",
  "'😀\\tb'.expandtabs(4)": "'😀   b'",
  "'a\\tb'.expandtabs(0)": "'ab'",
  "'a\\tb'.expandtabs(-1)": "'ab'",
  "'a\\tb'.expandtabs(tabsize=2)": "'a b'",
  "'a'.expandtabs(10**10)": 'OverflowError',
  "'a/b/c'.partition('/')": "('a', '/', 'b/c')",
  "'a/b/c'.rpartition('/')": "('a/b', '/', 'c')",
  "'abc'.partition('/')": "('abc', '', '')",
  "'abc'.rpartition('/')": "('', '', 'abc')",
  "'abc'.partition('')": 'ValueError',
  "'abc'.partition(1)": 'TypeError',
  "'aaa'.rpartition('aa')": "('a', 'aa', '')",
  "' a b  c '.rsplit()": "['a', 'b', 'c']",
  "' a b  c '.rsplit(None, 1)": "[' a b', 'c']",
  "' a '.rsplit(None, 0)": "[' a']",
  "'a,b,c'.rsplit(',', 1)": "['a,b', 'c']",
  "'aaaa'.rsplit('aa')": "['', '', '']",
  "'aaaaa'.rsplit('aa', maxsplit=1)": "['aaa', '']",
  "'abcabc'.rfind('bc')": '4',
  "'abcabc'.rfind('bc', 0, 5)": '1',
  "'abc'.rfind('')": '3',
  "'abc'.rfind('', 4)": '-1',
  "'😀a😀'.rfind('😀')": '2',
  "'😀a😀a'.rindex('a', 0, 3)": '1',
  "'abc'.index('d')": 'ValueError',
  "'abc'.rindex('d')": 'ValueError',
  "'abc'.index('c', -1)": '2',
  '[1, 2, 1].index(1, 1)': '2',
  '[1, 2, 1].index(1, -10**40)': '0',
  '[1].index(1, 10**40)': 'ValueError',
  '(1, 2).index(3)': 'ValueError',
  '[1, 2].index(1, None)': 'TypeError',
  "[True, 1.0, '1'].count(1)": '2',
  "(1, 'a', 'a').count('a')": '2',
  '[1].count()': 'TypeError',
  '[1].index(x=1)': 'TypeError',
  '[1].lower()': 'AttributeError',
  '(1,).find(1)': 'AttributeError',
  "'straße'.casefold()": "'strasse'",
  "'ẞıİǰ'.casefold()": "'ssıi̇ǰ'",
  "'Ᏸꭰ'.casefold()": "'ᏰᎠ'",
  "'ʕΣ'.lower()": "'ʕς'",
  "'aΣ\u{1e4d0}b'.lower()": "'aς\\U0001e4d0b'",
  "'ΑΣ'.casefold()": "'ασ'",
  "'ΑΣ ΣΑ'.swapcase()": "'ας σα'",
  "'aΣ'.swapcase()": "'Aς'",
  "'ſßǆǅǄ'.swapcase()": "'SSSǄǅǆ'",
  "'ǆABC'.capitalize()": "'ǅabc'",
  "'ßAΣ'.capitalize()": "'Ssaς'",
  "'İA'.capitalize()": "'İa'",
  "''.capitalize()": "''",
  "'ﬁX'.capitalize()": "'Fix'",
  "'Aa Bb'.istitle()": 'True',
  "'AA'.istitle()": 'False',
  "'a'.istitle()": 'False',
  "'1A'.istitle()": 'True',
  "'ǅa'.istitle()": 'True',
  "'A1'.isupper()": 'True',
  "'ǅ'.isupper()": 'False',
  "'ʕ'.islower()": 'True',
  "''.islower()": 'False',
  "'1'.islower()": 'False',
  "''.isascii()": 'True',
  "'é'.isascii()": 'False',
  "''.isprintable()": 'True',
  "'\\x7f'.isprintable()": 'False',
  "'a b'.isprintable()": 'True',
  "''.isspace()": 'False',
  "' \\x1c\\u3000'.isspace()": 'True',
  "'x²'.isalnum()": 'True',
  "'²'.isdecimal()": 'False',
  "'٣'.isdecimal()": 'True',
  "'a_1'.isidentifier()": 'True',
  "'1a'.isidentifier()": 'False',
  "''.isidentifier()": 'False',
  "'é·'.isidentifier()": 'True',
  "'a・'.isidentifier()": 'False',
  "'if'.isidentifier()": 'True',
  "'_'.isidentifier()": 'True',
  "float('1', x=1, x=2)": 'SyntaxError',
};

describe('a condition', () => {
  for (const [expression, expected] of Object.entries(cases))
    it(`${expression} is ${expected}`, () => {
      assert.equal(evaluate(expression), expected);
    });

  // What CPython computes, or refuses only for want of memory.
  for (const expression of [
    '1 << 10**9',
    '1 << 10**30',
    '1 << 200001',
    '~(1 << 200000) << 1',
    "'a'.ljust(10**9)",
    "'a'.rjust(9 * 10**18, '😀')",
    "'a'.center(10**7)",
    "'a'.zfill(10**9)",
    "('\\t' * 10).expandtabs(10**6)",
    "'\\t'.expandtabs(2 * 10**9)",
  ])
    it(`${expression} is too large`, () => {
      assert.equal(evaluate(expression), 'LimitError');
    });

  const remedies: Readonly<Record<string, string>> = {
    "'{}'.format(1)": 'Put values into a text with "%s of %s" % (first, second).',
    "'a'.encode()": 'Use the text as it is: conditions have no bytes.',
    "'a'.translate(1)": 'Write .replace(old, new), once for each character.',
    "'a'.lowr()": 'Write .lower().',
    "'a'.swap_case()": 'Write .swapcase().',
    "'a'.casefold": 'Write .casefold().',
    "'a' || 'b'": 'Write or.',
  };
  for (const [expression, remedy] of Object.entries(remedies))
    it(`${expression} is refused with what to write instead`, () => {
      assert.equal(parseCondition(expression).problems[0]?.remedy, remedy);
    });

  it('is refused if it is nested deeper than any machine reads, and never throws', () => {
    let deep = '1';
    for (let round = 0; round < 5; round++) deep = `(${deep}${'+1'.repeat(990)})`;
    assert.deepEqual(
      parseCondition(deep).problems.map(({ message }) => message),
      ['the condition is nested too deep'],
    );
    assert.equal(parseCondition('1' + '+1'.repeat(1000)).problems.length, 0);
    const chains = ['+1', '<<1', '&1', '^1', '|1'].map((link) => link.repeat(400)).join('');
    assert.equal(parseCondition(`1|1^1&1<<1${chains}`).problems.length, 1);
  });
});
