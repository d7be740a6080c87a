// What directives say in all their forms: the fields that are not the default, and the codes of warnings and errors.
import assert from 'node:assert/strict';
import type { ActionDefinition, Definition } from '../../language/definition';
import { defaultDefinition } from '../../language/schema';
import { parseScript } from '../../language/script';

interface Expected extends Partial<Omit<Definition, 'actions'>> {
  readonly actions?: readonly (string | Partial<ActionDefinition>)[];
}

/** One watcher with this in it, and these warnings and errors. */
function check(script: string, expected: Expected, ...codes: readonly string[]): void {
  const { watchers, problems } = parseScript(script);
  const told = problems.filter(({ severity }) => severity === 'error' || severity === 'warning');
  assert.deepEqual(
    told.map(({ code }) => code),
    codes,
    told.map(({ message }) => message).join('\n'),
  );
  assert.equal(watchers.length, 1);
  const toAction = (action: string | Partial<ActionDefinition>): ActionDefinition => ({
    type: 'log_event',
    params: {},
    condition: null,
    ...(typeof action === 'string' ? { type: action as ActionDefinition['type'] } : action),
  });
  const { actions = ['log_event'], ...fields } = expected;
  const intervalSeconds = fields.intervalSeconds ?? 30;
  assert.deepEqual(watchers[0]?.definition, {
    ...defaultDefinition,
    name: 'watcher 1',
    pattern: 'x',
    timerIntervalSeconds: intervalSeconds,
    ...fields,
    actions: actions.map(toAction),
  });
}

const block = (...lines: readonly string[]): string =>
  ['#WATCHER_BEGIN', '# pattern: x', ...lines.map((line) => `# ${line}`), '#WATCHER_END'].join('\n');

const inline = (text: string): string => `#WATCHER pattern="x" ${text}`;

const message = (text: string): Partial<ActionDefinition> => ({ params: { message: text } });

describe('forms of lists', () => {
  const captures = (text: string): string => `#WATCHER pattern="(x)(y)" ${text}`;
  const pattern = '(x)(y)';
  const both: Expected = { pattern, captures: ['a', 'b'] };
  for (const text of ['[a, b]', '[a,b,]', '["a", \'b\']', 'a,b', 'a, b', '"a, b"', "'[a, b]'", '[ a , b ]'])
    it(`inline: captures=${text}`, () => {
      check(captures(`captures=${text}`), both);
    });

  it('keep the places of groups that have no name', () => {
    check(captures('captures=[,b]'), { pattern, captures: [null, 'b'] });
    check('#WATCHER pattern="(x)(y)(z)" captures=[a,,c]', {
      pattern: '(x)(y)(z)',
      captures: ['a', null, 'c'],
    });
    check(captures('captures="a,,"'), { pattern, captures: ['a'] });
    check(block('captures:', '  - ""', '  - b').replace('pattern: x', 'pattern: (x)(y)'), {
      pattern,
      captures: [null, 'b'],
    });
  });

  it('without brackets end at the next field or a comment', () => {
    check(captures('captures=a, b interval=5'), { ...both, intervalSeconds: 5 });
    check(captures('captures=a, interval=5'), { pattern, captures: ['a'], intervalSeconds: 5 });
    check(captures('captures=a, # b'), { pattern, captures: ['a'] });
  });

  for (const [title, lines] of Object.entries({
    dashes: ['captures:', '  - a', '  - "b"  # second'],
    'dashes without indentation': ['captures:', '- a', '- b'],
    brackets: ['captures: [a, "b"]  # two'],
    commas: ['captures: a, b'],
    quotes: ['captures: "a, b"'],
  }))
    it(`in a block: ${title}`, () => {
      const script = block(...lines, 'trigger_job_states:', '  - oom', '  - TO').replace(
        'pattern: x',
        'pattern: (x)(y)',
      );
      check(script, { ...both, triggerJobStates: ['out_of_memory', 'timeout'] });
    });

  it('may be empty: no captures, and the default states', () => {
    check(inline('captures=[]'), {});
    check(inline('trigger_job_states=[]'), {}, 'bad-value');
  });
});

describe('values that count as not written', () => {
  it('are empty ones, and the next field is no value', () => {
    check(inline('interval= action=cancel_job'), { actions: ['cancel_job'] }, 'bad-value');
    check(inline('name= max_triggers=2'), { maxTriggers: 2 }, 'bad-value');
  });

  it('are none behind a comment', () => {
    assert.deepEqual(
      parseScript('#WATCHER # nothing').problems.map(({ code }) => code),
      ['missing-pattern'],
    );
  });

  it('are not those without a blank behind the colon, which ssync reads', () => {
    check(block('interval:5', 'max_triggers :2'), { intervalSeconds: 5, maxTriggers: 2 });
  });

  it('are bad ones: what was written before counts', () => {
    check(inline('interval=5 interval=soon'), { intervalSeconds: 5 }, 'duplicate-field', 'bad-value');
    check(inline('max_triggers=2 max_triggers=0'), { maxTriggers: 2 }, 'duplicate-field', 'out-of-range');
    check(inline('interval=5 interval=10'), { intervalSeconds: 10 }, 'duplicate-field');
    check(inline('output=stderr output=x'), { outputType: 'stderr' }, 'duplicate-field', 'bad-value');
    check(
      '#WATCHER pattern="(x)" captures=[a] captures=[1a]',
      { pattern: '(x)', captures: ['a'] },
      'duplicate-field',
      'bad-capture-name',
    );
  });

  it('are words that only objects of JavaScript know', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'valueOf'])
      check(inline(`timer_mode=${word}`), {}, 'bad-value');
  });

  it('are empty actions and lists', () => {
    check(inline('action='), {}, 'bad-value');
    check(inline('action="" max_triggers=2'), { maxTriggers: 2 }, 'bad-value');
    check(inline('action= action=cancel_job'), { actions: ['cancel_job'] }, 'bad-value');
    for (const field of ['action', 'actions', 'captures', 'trigger_job_states'])
      for (const lines of [[`${field}:`], [`${field}:`, 'max_failures: 5'], [`${field}: ""`]])
        check(block(...lines), {}, 'bad-value');
    check(block('actions:', 'action: cancel_job'), { actions: ['cancel_job'] }, 'bad-value');
    check(block('actions:', '  - cancel_job', 'max_triggers: 1'), {
      actions: ['cancel_job'],
      maxTriggers: 1,
    });
  });
});

describe('forms of actions', () => {
  const cases: Readonly<
    Record<string, readonly [script: string, actions: Expected['actions'], ...codes: string[]]>
  > = {
    'several without brackets': [
      inline('actions=log_event, cancel_job(reason="a, b")'),
      ['log_event', { type: 'cancel_job', params: { reason: 'a, b' } }],
    ],
    'several without blanks': [inline('action=log("a"),cancel'), [message('a'), 'cancel_job']],
    'free words with commas': [
      block('action: log_event well, cancel the meeting'),
      [message('well, cancel the meeting')],
    ],
    'a comma behind the last one': [
      inline('action=log_event("a"), action=cancel_job,'),
      [message('a'), 'cancel_job'],
      'stray-text',
      'stray-text',
    ],
    'a comma between fields': [inline('action=log_event, interval=30'), ['log_event'], 'stray-text'],
    'words that end in a comma': [block('action: log_event well,'), [message('well,')]],
    'items without dashes': [
      block('actions:', '  log_event("a")', '  cancel_job'),
      [message('a'), 'cancel_job'],
      'stray-text',
      'stray-text',
    ],
    'items over several lines': [
      block('actions:', '  - log_event(', '      message="a",', '      level=error)'),
      [{ params: { message: 'a', level: 'error' } }],
    ],
    'quoted items': [block('actions:', '  - "log_event(message=\'a\')"'), [message('a')]],
    'quoted items without a hash': [
      '#WATCHER_BEGIN\npattern: x\nactions:\n- "cancel_job"\n#WATCHER_END',
      ['cancel_job'],
    ],
    'a mapping': [
      block(
        'actions:',
        '  - type: log_event',
        '    params:',
        '      message: "a: b"',
        '    condition: 1 < 2',
      ),
      [{ params: { message: 'a: b' }, condition: '1 < 2' }],
    ],
    'a mapping that begins with its parameters': [
      block('actions:', '  - params:', '      message: a', '    type: log_event'),
      [message('a')],
    ],
    'a mapping with JSON': [
      block('actions:', '  - type: run_command', '    config: {"command": "echo a, b", "timeout": 5}'),
      [{ type: 'run_command', params: { command: 'echo a, b', timeout: 5 } }],
    ],
    'a mapping in one line': [
      block('actions:', '  - type: log_event', '    params: {message: a b, level: error}'),
      [{ params: { message: 'a b', level: 'error' } }],
    ],
    'a mapping under the name of the action': [
      block('actions:', '  - log_event:', '      message: "a: b"', '      level: error', '  - cancel_job'),
      [{ params: { message: 'a: b', level: 'error' } }, 'cancel_job'],
    ],
    'a mapping under the name, in one line': [
      block('actions:', '  - log_event: {message: a b}', '  - cancel: {}', '  - pause:'),
      [message('a b'), 'cancel_job', 'pause_watcher'],
    ],
    'words behind a colon': [
      block('actions:', '  - log_event: hello, world', '  - log_event: "a" if 1 < 2'),
      [message('hello, world'), { params: { message: 'a' }, condition: '1 < 2' }],
    ],
    'words behind a colon of a field': [block('action: log_event: hello'), [message('hello')]],
    'a condition that is none, directly behind the name': [
      inline('action=cancel_job if loss >'),
      [],
      'bad-condition',
    ],
    'a condition that is missing': [inline('action=cancel_job(reason="a") if'), [], 'bad-condition'],
    'a condition that is missing behind a name': [block('action: cancel_job if'), [], 'bad-condition'],
    'an if among words': [block('action: log_event what if not'), [message('what if not')]],
    'a timeout out of range': [inline('action=run_command(command="echo", timeout=0)'), [], 'out-of-range'],
    'a delay of nothing': [
      inline('max_triggers=1 action=resubmit(delay=0)'),
      [{ type: 'resubmit', params: { delay: 0 } }],
    ],
  };
  for (const [title, [script, actions = [], ...codes]] of Object.entries(cases))
    it(title, () => {
      const maxTriggers = script.includes('max_triggers') ? 1 : null;
      check(script, { actions, maxTriggers }, ...codes);
    });
});

describe('near misses', () => {
  const codes = (line: string): readonly string[] =>
    parseScript(`${line}\necho\n`).problems.map(({ code }) => code);
  const misses = [
    '# WATCHER pattern="x"',
    '#watcher pattern=x',
    '#Watcher_Begin',
    '#WATCHER_BEGIN text',
    '#WATCHER_END text',
    '# WATCHER',
    '#watcher',
    '#WATCHER: pattern="x"',
    '#WATCHER:pattern=x',
    '#WATCHER\u00a0pattern="x"',
    '#WATCHERS pattern="x"',
    '#WATCHER-BEGIN',
    '# watcher_end',
    '# WATCHER anything=1',
    '# Watcher: patern="x"',
    '# watcher loss=1 pattern="x"',
    '#watcher_begin text',
    '# WATCHER_END of it',
    '# watcher_begin text\n# pattern: x',
    '# watcher_begin the loss\n#   - log_event',
  ];
  for (const line of misses)
    it(line, () => {
      assert.deepEqual(codes(line), ['near-miss']);
    });
  for (const line of [
    '##WATCHER pattern="x"',
    '# Watcher for the loss',
    '# watchers: two',
    '# The watcher begins here',
    '#WATCHERX',
    '# watchman = 1',
    '# Watcher: a=b',
    '# watcher: lr=0.1 for the whole run',
    '# watcher: name == "x"',
    '# watcher_begin the loop',
    '# watcher_begin the loop\n# note: it ends',
    '# watcher_end: clean up',
  ])
    it(`is none: ${line}`, () => {
      assert.deepEqual(codes(line), []);
    });
});

describe('text compared with numbers', () => {
  const codes = (condition: string): readonly string[] =>
    parseScript(`#WATCHER pattern="(x)" captures=[loss] condition="${condition}"`).problems.flatMap(
      ({ code, fix }) => (code === 'string-compared-with-number' ? [fix?.edits[0]?.newText ?? ''] : []),
    );
  const cases: Readonly<Record<string, readonly string[]>> = {
    'loss < 0.5': ['float(loss)'],
    '0.1 < loss < 0.5': ['float(loss)'],
    'loss.strip() > 1 + 2': ['float(loss.strip())'],
    'loss[0] == 1': ['float(loss[0])'],
    'loss[:2] == 1': ['float(loss[:2])'],
    'str(1) < 2': ['float(str(1))'],
    'ARRAY_TASK_ID == 3': ['float(ARRAY_TASK_ID)'],
    'trigger_count > loss': ['float(loss)'],
    "loss.find('a') > loss": ['float(loss)'],
    "loss.rindex('a') > loss": ['float(loss)'],
    'loss > ~3 | 1 << 2': ['float(loss)'],
    'loss.zfill(3) > 5': ['float(loss.zfill(3))'],
    'loss.casefold() == 5': ['float(loss.casefold())'],
    'loss.split()[0] > 5': ['float(loss.split()[0])'],
    "loss.rpartition('/')[2] < 5": ["float(loss.rpartition('/')[2])"],
    'loss.split()[:1] == 5': [],
    'loss.split().index(loss) > 5': [],
    'loss.isspace() == 1': [],
    'trigger_count > 3': [],
    'float(loss) > 3': [],
    'len(loss) > 3': [],
    "loss == 'a'": [],
    'loss.isdigit() and int(loss) > 3': [],
  };
  for (const [condition, fixes] of Object.entries(cases))
    it(condition, () => {
      assert.deepEqual(codes(condition), fixes);
    });
});
