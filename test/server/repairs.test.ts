// Repairs: each is offered at its problem, gives the script that is expected, and leaves no new problem behind.
import assert from 'node:assert/strict';
import { problemCodes } from '../../language/problem';
import { findCodeActions } from '../../server/features/codeActions';
import { toRange } from '../../server/ranges';
import type { OpenDocument } from '../../server/documents';
import { edited, openFixture, uri } from './fixture';
import { repairCases, withoutRepair } from './repairCases';

const count = ({ problems }: OpenDocument, wanted: (code: string, severity: string) => boolean): number =>
  problems.filter(({ code, severity }) => wanted(code, severity)).length;

describe('repairs', () => {
  for (const { code, before, title, after } of repairCases)
    it(`${code}: ${title} in ${before.trimEnd().replaceAll('\n', ' ⏎ ')}`, () => {
      const { document } = openFixture(before);
      const problem = document.problems.find((found) => found.code === code);
      assert.ok(problem, `the problems are: ${document.problems.map((found) => found.code).join(', ')}`);
      const range = toRange(document.text, problem.span);
      const actions = findCodeActions(document, range, { only: ['quickfix'] });
      const action = actions.find((found) => found.title === title);
      assert.ok(action, `offered: ${actions.map((found) => found.title).join(', ')}`);
      assert.equal(action.diagnostics?.[0]?.code, code);
      const repaired = edited(document, action.edit?.changes?.[uri]);
      assert.equal(repaired, after);
      const then = openFixture(repaired).document;
      assert.ok(
        count(then, (other) => other === code) < count(document, (other) => other === code),
        'the problem is still there',
      );
      const isSerious = (_code: string, severity: string): boolean => severity === 'error';
      assert.ok(count(then, isSerious) <= count(document, isSerious), 'there are new errors');
    });

  const toWindows = (script: string): string => script.replaceAll('\n', '\r\n');
  for (const { code, before, title, after } of repairCases.filter(
    ({ code: other }) => other !== 'crlf-script',
  ))
    it(`${code}: ${title} keeps the line ends of Windows in ${JSON.stringify(before)}`, () => {
      const { document } = openFixture(toWindows(before));
      const problem = document.problems.find((found) => found.code === code);
      assert.ok(problem);
      const actions = findCodeActions(document, toRange(document.text, problem.span), { only: ['quickfix'] });
      const action = actions.find((found) => found.title === title);
      assert.equal(edited(document, action?.edit?.changes?.[uri]), toWindows(after));
    });

  it('are there for every code that something can be done about', () => {
    const known = new Set<string>([...repairCases.map(({ code }) => code), ...withoutRepair]);
    assert.deepEqual(
      problemCodes.filter((code) => !known.has(code)),
      [],
    );
  });
});
