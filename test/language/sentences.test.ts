// The sentences of the language's description, each with an example against the grain: what comes out, and what is said.
import assert from 'node:assert/strict';
import type { Definition } from '../../language/definition';
import { parseScript } from '../../language/script';
import { renderCommand } from '../../language/shell/renderCommand';

interface Outcome {
  /** Of the one watcher, what it must be. */
  readonly watcher?: Partial<Definition>;
  /** How many there are, where that is not one. */
  readonly count?: number;
  /** Codes of all errors and warnings, in their order. */
  readonly says?: readonly string[];
  readonly clean?: string;
}

function check(script: string, { watcher, count = 1, says = [], clean }: Outcome): void {
  const { watchers, problems, cleanText } = parseScript(script);
  const loud = problems.filter(({ severity }) => severity === 'error' || severity === 'warning');
  assert.deepEqual(
    loud.map(({ code }) => code),
    says,
  );
  assert.equal(watchers.length, count);
  if (watcher) {
    const found = watchers[0]?.definition;
    const keys = Object.keys(watcher) as (keyof Definition)[];
    assert.deepEqual(Object.fromEntries(keys.map((key) => [key, found?.[key]])), watcher);
  }
  if (clean !== undefined) assert.equal(cleanText, clean);
}

const sections: Readonly<Record<string, Readonly<Record<string, readonly [string, Outcome]>>>> = {
  'which lines are directives': {
    'indented, with a tab behind the word': ['if x\n  \t#WATCHER\tpattern=a\nfi', { clean: 'if x\n\nfi' }],
    'CRLF is understood and told': [
      '#WATCHER pattern=a\r\necho\r\n',
      { says: ['crlf-script'], watcher: { pattern: 'a' }, clean: '\r\necho\r\n' },
    ],
    'a block ends before the program': [
      '#WATCHER_BEGIN\n# pattern: a\necho hi\n',
      { says: ['unterminated-block'], clean: '\n\necho hi\n' },
    ],
    'a block ends before an SBATCH line': [
      '#WATCHER_BEGIN\n# pattern: a\n#SBATCH --mem=1G\n#WATCHER_END\n',
      { says: ['unterminated-block', 'stray-end'], clean: '\n\n#SBATCH --mem=1G\n\n' },
    ],
    'a block in a block is two': [
      '#WATCHER_BEGIN\n# pattern: a\n#WATCHER_BEGIN\n# pattern: b\n#WATCHER_END\n',
      { says: ['nested-block'], count: 2 },
    ],
    'an inline directive inside a block is its own': [
      '#WATCHER_BEGIN\n# pattern: a\n#WATCHER pattern=b\n# name: n\n#WATCHER_END\n',
      { count: 2, watcher: { name: 'n', pattern: 'a' } },
    ],
    'comments in a block are no fields': [
      '#WATCHER_BEGIN\n## pattern: no\n#\n# pattern: a\n#WATCHER_END',
      { watcher: { pattern: 'a' } },
    ],
    'a bare word and an empty block are blanked': [
      '#WATCHER\n#WATCHER_BEGIN\n#WATCHER_END\n',
      { says: ['empty-block', 'empty-block'], count: 0, clean: '\n\n\n' },
    ],
    'a near miss is a comment': ['# WATCHER\n', { says: ['near-miss'], count: 0, clean: '# WATCHER\n' }],
    'two hashes are a plain comment': ['##WATCHER pattern=a\n', { count: 0 }],
    'a here-document is text': [
      'cat <<E\n#WATCHER pattern=a\nE\n',
      { says: ['directive-in-heredoc'], count: 0, clean: 'cat <<E\n#WATCHER pattern=a\nE\n' },
    ],
    'quotes over lines are text': [
      "x='\n#WATCHER pattern=a\n'\n",
      { says: ['directive-in-heredoc'], count: 0 },
    ],
    'an apostrophe in a comment opens nothing': ["# don't\n#WATCHER pattern=a\n", {}],
    'a quote that the last line opens takes no problem away': [
      '# watcher pattern=a\necho "',
      { says: ['near-miss'], count: 0 },
    ],
  },
  values: {
    'a backslash before the quote is dropped': [
      String.raw`#WATCHER pattern="say \"a\" \d"`,
      { watcher: { pattern: String.raw`say "a" \d` } },
    ],
    'a pair of backslashes is never split': [
      String.raw`#WATCHER pattern="a\\" name=n`,
      { watcher: { pattern: String.raw`a\\`, name: 'n' } },
    ],
    'only a matching outer pair goes': [`#WATCHER pattern='"a"'`, { watcher: { pattern: '"a"' } }],
    'a bare condition runs on': [
      '#WATCHER pattern="(?P<loss>a)" condition=float(loss) > 5 interval=5m',
      { says: ['unquoted-value'], watcher: { condition: 'float(loss) > 5', intervalSeconds: 300 } },
    ],
    'a bare pattern is cut at a hash': [
      '#WATCHER pattern=a # b',
      { says: ['unquoted-hash'], watcher: { pattern: 'a' } },
    ],
    'an empty value counts as not written': [
      '#WATCHER pattern=a interval=""',
      { says: ['bad-value'], watcher: { intervalSeconds: 30 } },
    ],
    'an empty pattern is missing': ['#WATCHER pattern=""', { says: ['missing-pattern'], count: 0 }],
    'an open quote leaves the directive out': [
      '#WATCHER pattern="a',
      { says: ['unterminated-quote'], count: 0 },
    ],
    'out of range counts as not written': [
      '#WATCHER pattern=a interval=8d cooldown=0',
      { says: ['out-of-range'], watcher: { intervalSeconds: 30, cooldownSeconds: 0 } },
    ],
    'durations have units': [
      '#WATCHER pattern=a interval=1.5h timer_interval=2D',
      { watcher: { intervalSeconds: 5400, timerIntervalSeconds: 172800 } },
    ],
    'anything else is no boolean, and not false': [
      '#WATCHER pattern=a timer_mode=maybe',
      { says: ['bad-value'], watcher: { timerModeEnabled: false } },
    ],
    'booleans ignore case': ['#WATCHER pattern=a timer_mode=YES', { watcher: { timerModeEnabled: true } }],
    'lists in dash form': [
      '#WATCHER_BEGIN\n# pattern: (a)(b)\n# captures:\n#   - x\n#   - "y"\n#WATCHER_END',
      { watcher: { captures: ['x', 'y'] } },
    ],
    'inner quotes as ssync writes them': [
      '#WATCHER_BEGIN\n# pattern: "say "hi""\n#WATCHER_END',
      { says: ['unquoted-value'], watcher: { pattern: 'say "hi"' } },
    ],
    'a comment behind a value': [
      '#WATCHER_BEGIN\n# pattern: "a"\n# timer_interval_seconds: 300  # 5 minutes\n#WATCHER_END',
      { watcher: { timerIntervalSeconds: 300 } },
    ],
  },
  forms: {
    'blanks around the sign': ['#WATCHER pattern = "a"  interval =\t5', { watcher: { intervalSeconds: 5 } }],
    'keys and actions ignore case': [
      '#WATCHER PATTERN=a Action=LOG(Message="m")',
      { watcher: { actions: [{ type: 'log_event', params: { message: 'm' }, condition: null }] } },
    ],
    'the last duplicate wins': [
      '#WATCHER pattern=a pattern=b',
      { says: ['duplicate-field'], watcher: { pattern: 'b' } },
    ],
    'fields behind actions': [
      '#WATCHER_BEGIN\n# actions:\n# -log_event\n# pattern: a\n#WATCHER_END',
      { watcher: { pattern: 'a', actions: [{ type: 'log_event', params: {}, condition: null }] } },
    ],
    'free words and a condition': [
      '#WATCHER pattern="(?P<x>a)" action="log_event too high if x == \'a\'"',
      {
        watcher: { actions: [{ type: 'log_event', params: { message: 'too high' }, condition: "x == 'a'" }] },
      },
    ],
    'a word "if" that begins no condition': [
      '#WATCHER pattern=a action="log_event see if it is (bad"',
      {
        watcher: {
          actions: [{ type: 'log_event', params: { message: 'see if it is (bad' }, condition: null }],
        },
      },
    ],
    'unknown parameters are dropped': [
      '#WATCHER pattern=a action=log_event(colour=red)',
      {
        says: ['unknown-parameter'],
        watcher: { actions: [{ type: 'log_event', params: {}, condition: null }] },
      },
    ],
    'a bad parameter skips its action': [
      '#WATCHER pattern=a action=resubmit(delay=x) action=log_event',
      { says: ['bad-value'], watcher: { actions: [{ type: 'log_event', params: {}, condition: null }] } },
    ],
    'unknown actions leave none': [
      '#WATCHER pattern=a action=explode()',
      { says: ['unknown-action'], watcher: { actions: [] } },
    ],
  },
  'fields and actions': {
    'states in any spelling': [
      '#WATCHER trigger_on_job_end=on trigger_job_states=[OOM, CD, canceled, exploded]',
      {
        says: ['unknown-state'],
        watcher: { pattern: null, triggerJobStates: ['out_of_memory', 'completed', 'cancelled'] },
      },
    ],
    'a bad name makes the list not written': [
      '#WATCHER pattern="(?P<a>x)(y)" captures=[b, 2c]',
      { says: ['bad-capture-name'], watcher: { captures: ['a'] } },
    ],
    'null stands for groups without a name': [
      '#WATCHER pattern="(x)(?P<b>y)"',
      { watcher: { captures: [null, 'b'] } },
    ],
    'surplus names are kept': [
      '#WATCHER pattern="(x)" captures=[a, b]',
      { says: ['capture-count'], watcher: { captures: ['a', 'b'] } },
    ],
    'equal names are told': [
      '#WATCHER name=n pattern=a\n#WATCHER name=n pattern=b',
      { says: ['duplicate-name'], count: 2 },
    ],
  },
};

for (const [section, cases] of Object.entries(sections)) {
  describe(`sentences: ${section}`, () => {
    for (const [title, [script, outcome]] of Object.entries(cases))
      it(title, () => {
        check(script, outcome);
      });
  });
}

describe('sentences: variables', () => {
  const values = { groups: ['all', "it's"], variables: { epoch: '3', epochs: '9', none: null } };
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['echo $epochs', "echo '9'"],
    ['echo $$epoch $HOME', 'echo $$epoch $HOME'],
    ['echo "$1"', 'echo "it\'s"'],
    ["echo '$1'", "echo 'it'\\''s'"],
    ['echo ${none:-$epoch}', "echo '3'"],
    ['echo ${epoch:+yes}', 'echo yes'],
    ['echo `$epoch`', undefined],
    ['cat <<E\n$epoch\nE', undefined],
  ];
  for (const [command, written] of cases)
    it(command, () => {
      const rendered = renderCommand(command, values);
      assert.equal('text' in rendered ? rendered.text : undefined, written);
    });
});
