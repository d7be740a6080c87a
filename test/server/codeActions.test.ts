// Repairs and refactorings: the script before, with the cursor `<|>`, and behind.
import assert from 'node:assert/strict';
import { CodeAction } from 'vscode-languageserver-protocol';
import { findCodeActions } from '../../server/features/codeActions';
import { edited, openFixture, uri } from './fixture';

function actions(marked: string, only?: string[]): Map<string, string> {
  const { document, position } = openFixture(marked);
  const found = findCodeActions(document, { start: position, end: position }, only ? { only } : {});
  for (const action of found) assert.ok(CodeAction.is(action), action.title);
  return new Map(found.map(({ title, edit }) => [title, edited(document, edit?.changes?.[uri])]));
}

const titles = (marked: string, only?: string[]): string[] => [...actions(marked, only).keys()];

describe('quick fixes', () => {
  it('are those of the problems at the cursor', () => {
    const script = '#WATCHER pa<|>tern="a" action=log_evnt';
    assert.equal(actions(script, ['quickfix']).get('Write pattern'), '#WATCHER pattern="a" action=log_evnt');
    assert.deepEqual(titles(script, ['quickfix']), ['Write pattern']);
  });
  it('repair #SBATCH lines too', () => {
    assert.equal(actions('#SBATCH --ti<|>em=5').get('Write --time'), '#SBATCH --time=5');
  });
  it('are applied all at once', () => {
    const script = '<|>#WATCHER patern="a" action=log_evnt\necho';
    assert.equal(
      actions(script, ['source.fixAll']).get('Fix all problems of directives'),
      '#WATCHER pattern="a" action=log_event\necho',
    );
  });
  for (const line of [
    '--tiem=5',
    '--container-image=a.sqsh',
    '--time:5',
    '--output="a',
    '--partition',
    '-n 1',
  ])
    it(`never change a line such as #SBATCH ${line} among all at once`, () => {
      const rest = `#SBATCH ${line}\n #SBATCH ${line}\necho\n#SBATCH ${line}`;
      assert.equal(
        actions(`<|>#WATCHER patern="a"\n${rest}`, ['source.fixAll']).get('Fix all problems of directives'),
        `#WATCHER pattern="a"\n${rest}`,
      );
      assert.deepEqual(titles(`<|>${rest}`, ['source.fixAll']), []);
    });
  it('end lines as sbatch wants them, those of #SBATCH too', () => {
    assert.equal(
      actions('<|>#!/bin/bash\r\n#SBATCH --tiem=5\r\n', ['source.fixAll']).get(
        'Fix all problems of directives',
      ),
      '#!/bin/bash\n#SBATCH --tiem=5\n',
    );
  });
  it('are not offered where there is nothing to fix', () => {
    assert.deepEqual(titles('#WATCHER pattern="a<|>"', ['source', 'quickfix']), []);
  });
});

describe('refactorings', () => {
  const cases: readonly [title: string, before: string, after: string][] = [
    [
      'Name the groups of the pattern',
      '#WATCHER pattern="Loss: ([\\d.]+), acc=(\\d+) (x) \\s+(y)" <|>action=pause',
      '#WATCHER pattern="Loss: ([\\d.]+), acc=(\\d+) (x) \\s+(y)" captures=[loss, acc, value, value2] action=pause',
    ],
    [
      'Name the groups of the pattern',
      '#WATCHER_BEGIN\n#  pattern: "max (a)" # remark<|>\n#  name: x\n#WATCHER_END',
      '#WATCHER_BEGIN\n#  pattern: "max (a)" # remark\n#  captures: [max_value]\n#  name: x\n#WATCHER_END',
    ],
    [
      'Add a condition',
      '#WATCHER pattern="(a)"<|> captures=[x] action=pause',
      '#WATCHER pattern="(a)" captures=[x] condition="float(x) > 0" action=pause',
    ],
    [
      'Add a condition',
      '#WATCHER_BEGIN\r\n# pattern: (?P<x>a)<|>\r\n#WATCHER_END',
      '#WATCHER_BEGIN\r\n# pattern: (?P<x>a)\r\n# condition: "float(x) > 0"\r\n#WATCHER_END',
    ],
    [
      'Wrap x in float()',
      '#WATCHER pattern="(a)(b)" captures=[x, y] condition="<|>x < y"',
      '#WATCHER pattern="(a)(b)" captures=[x, y] condition="float(x) < y"',
    ],
    [
      'Convert to a block',
      '  #WATCHER pattern="<|>(a)" captures=[x] interval=60 action=log_event("$x") action=pause\necho',
      '  #WATCHER_BEGIN\n  # pattern: "(a)"\n  # captures: [x]\n  # interval: 1m\n  # actions:\n  #   - log_event(message=$x)\n  #   - pause_watcher\n  #WATCHER_END\necho',
    ],
    [
      'Convert to one line',
      '#WATCHER pattern="z"\n#WATCHER_BEGIN\n# pattern: a b<|>\n# actions:\n#   - pause\n#   - cancel_job if 1 < 2\n#WATCHER_END',
      '#WATCHER pattern="z"\n#WATCHER pattern="a b" action=pause_watcher action=cancel_job if 1 < 2',
    ],
    [
      'Convert to one line',
      '#WATCHER_BEGIN\n# pattern: a<|>\n# action: pause\n#WATCHER_END\necho',
      '#WATCHER pattern="a" action=pause_watcher\necho',
    ],
  ];
  for (const [title, before, after] of cases)
    it(`${title}: ${before.replaceAll('\n', ' ⏎ ')}`, () => {
      assert.equal(actions(before, ['refactor']).get(title), after);
      const toWindows = (script: string): string => script.replaceAll(/\r?\n/g, '\r\n');
      assert.equal(actions(toWindows(before), ['refactor']).get(title), toWindows(after));
    });
  it('keep the line ends of the script in its last line', () => {
    const converted = actions('echo\r\n#WATCHER pattern="<|>a"', ['refactor']).get('Convert to a block');
    assert.match(converted ?? '', /^echo\r\n#WATCHER_BEGIN\r\n# pattern: "a"\r\n#WATCHER_END$/);
  });
  for (const [what, script] of [
    ['groups that have names', '#WATCHER pattern="(?P<x>a)<|>" condition="x"'],
    ['groups with written names', '#WATCHER pattern="(a)<|>" captures=[x] condition="x"'],
    ['captures in float()', '#WATCHER pattern="(a)" captures=[x] condition="float(<|>x) > 1"'],
    [
      'texts that are asked something',
      '#WATCHER pattern="(a)" captures=[x] condition="<|>x.lower() == \'a\'"',
    ],
    ['blocks with comments', '#WATCHER_BEGIN\n## remark\n# pattern: a<|>\n#WATCHER_END'],
    ['lines with comments', '#WATCHER pattern="a<|>"  # remark'],
    ['directives with problems', '#WATCHER pattern="a<|>" colour=red'],
    ['other lines', '#WATCHER pattern="(a)"\necho <|>'],
  ] as const)
    it(`are not offered for ${what}`, () => {
      assert.deepEqual(
        titles(script, ['refactor']).filter(
          (title) => !/^Convert/.test(title) || /comments|problems|lines/.test(what),
        ),
        [],
      );
    });
});
