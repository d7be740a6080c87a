// The text that all matches contain: what is found, and that no match is ever without it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePattern } from '../../../language/regex/compile';
import { findMandatoryText, type MandatoryText } from '../../../language/regex/mandatoryText';

const find = (source: string): MandatoryText | undefined => {
  const { value } = compilePattern(source);
  assert.ok(value, source);
  return findMandatoryText(value.tree);
};

describe('mandatory text', () => {
  const exact: [pattern: string, alternatives: string[] | undefined][] = [
    ['loss: ([\\d.]+)', ['loss: ']],
    ['^(epoch) (\\d+)', ['epoch ']],
    ['(?P<a>lo)(?:ss)', ['loss']],
    ['a\\bb', ['ab']],
    ['[.]x[%]', ['.x%']],
    ['\\d+ it/s', [' it/s']],
    ['ERROR|FAIL', ['ERROR', 'FAIL']],
    ['(?:ERROR|FAIL): x', ['ERROR', 'FAIL']],
    ['(?:a|b) long', [' long']],
    ['ERROR|\\d', undefined],
    ['(?:xyz){2,}', ['xyz']],
    ['(?:xyz)*ab', ['ab']],
    ['(?:xyz)?', undefined],
    ['abc+', ['ab']],
    ['(?=loss)\\w+', undefined],
    ['(?!loss)ab', ['ab']],
    ['(?>ab)c', ['abc']],
    ['(a)?(?(1)bcd|efg)', undefined],
    ['(ab)\\1', ['ab']],
    ['größe', ['größe']],
    ['a\ufffdbc', ['bc']],
    ['\\d+', undefined],
    ['', undefined],
    ['a|b|c|d|e|f|g|h|i', undefined],
    ['(?x) lo ss', ['loss']],
  ];
  for (const [pattern, alternatives] of exact)
    it(`of ${pattern}`, () => {
      assert.deepEqual(find(pattern), alternatives && { alternatives, ignoreCase: false });
    });

  const ignoringCase: [pattern: string, alternatives: string[] | undefined][] = [
    ['(?i)ERROR', ['error']],
    ['(?i)Loss', ['lo']],
    ['(?i)kiss', undefined],
    ['(?ai)kiss', ['kiss']],
    ['(?i)fAiLed 10%', ['led 10%']],
    ['(?i)error|fault', ['error', 'fault']],
    ['(?i)é', undefined],
    ['ab(?i:cdef)', ['cdef']],
  ];
  for (const [pattern, alternatives] of ignoringCase)
    it(`of ${pattern}`, () => {
      assert.deepEqual(find(pattern), alternatives && { alternatives, ignoreCase: true });
    });

  it('is not had where alternatives differ in whether case counts', () => {
    assert.equal(find('(?i:abc)|def'), undefined);
  });

  it('is in every match that CPython finds', () => {
    const path = join(__dirname, '../../vectors/regexes.json');
    const { cases } = JSON.parse(readFileSync(path, 'utf8')) as {
      cases: { pattern: string; text?: string; flags?: string }[];
    };
    let withText = 0;
    for (const { pattern: source, text, flags } of cases) {
      const { value: pattern } = compilePattern(source, flags);
      const mandatory = pattern && findMandatoryText(pattern.tree);
      if (!mandatory || text === undefined) continue;
      for (const { start, end } of pattern.findAll(text).matches) {
        const matched = text.slice(start, end);
        const seen = mandatory.ignoreCase ? matched.toLowerCase() : matched;
        assert.ok(
          mandatory.alternatives.some((alternative) => seen.includes(alternative)),
          `${source} matches ${matched} without ${mandatory.alternatives.join(' or ')}`,
        );
        withText++;
      }
    }
    assert.ok(withText > 50, `only ${withText} matches were looked at`);
  });
});
