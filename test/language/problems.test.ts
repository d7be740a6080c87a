// Every problem at its place: caret lines are bash comments below the line they speak of.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { problemTable, type Problem } from '../../language/problem';
import { parseScript, type ParseOptions } from '../../language/script';
import { createLineIndex } from '../../language/text';

const caretLine = /^#?\s*(\^+) ([\w-]+)(?:: (.*))?$/;

interface Expected {
  readonly code: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** The script without its caret lines, and what they say. */
function readCarets(text: string): { readonly script: string; readonly expected: readonly Expected[] } {
  const lines: string[] = [];
  const expected: Expected[] = [];
  for (const line of text.replace(/^\n/, '').split('\n')) {
    const match = caretLine.exec(line);
    if (!match) {
      lines.push(line);
      continue;
    }
    const start = line.indexOf('^');
    expected.push({
      code: match[2] ?? '',
      line: lines.length - 1,
      start,
      end: start + (match[1]?.length ?? 0),
      message: match[3] ?? '',
    });
  }
  return { script: lines.join('\n'), expected };
}

const seen = new Set<string>();

/** All problems but hints and information, unless they are expected. */
function check(text: string, options?: ParseOptions): void {
  const { script, expected } = readCarets(text.replace(/\n\s*$/, ''));
  const codes = new Set(expected.map(({ code }) => code));
  const index = createLineIndex(script);
  const found = parseScript(script, options).problems.filter(
    ({ severity, code }) => codes.has(code) || severity === 'error' || severity === 'warning',
  );
  const shown = found.map(({ code, span }: Problem) => {
    const { start, end } = index.rangeOf(span);
    return {
      code,
      line: start.line,
      start: start.character,
      end: end.line === start.line ? end.character : -1,
    };
  });
  const byPlace = (a: { line: number; start: number }, b: { line: number; start: number }): number =>
    a.line - b.line || a.start - b.start;
  assert.deepEqual(
    [...shown].sort(byPlace),
    expected.map(({ code, line, start, end }) => ({ code, line, start, end })).sort(byPlace),
  );
  for (const { code, message } of expected) {
    seen.add(code);
    assert.ok(
      found.some((problem) => problem.code === code && problem.message.includes(message)),
      `${code}: ${message} is not among: ${found.map((problem) => problem.message).join(' | ')}`,
    );
  }
  for (const { message, remedy } of found) assert.ok(message !== '' && remedy !== '');
}

/** Applies the fix of each problem of this code and parses again: the problem is gone. */
function checkFix(code: string, script: string, fixed: string): void {
  const options = { ssync: code === 'ignored-by-ssync' };
  const problem = parseScript(script, options).problems.find((candidate) => candidate.code === code);
  assert.ok(problem?.fix, `${code} has a fix`);
  let text = script;
  for (const { span, newText } of [...problem.fix.edits].sort((a, b) => b.span.start - a.span.start))
    text = text.slice(0, span.start) + newText + text.slice(span.end);
  assert.equal(text, fixed);
  assert.ok(
    !parseScript(text, options).problems.some((candidate) => candidate.code === code),
    `${code} is gone`,
  );
}

describe('problems', () => {
  const cases: Readonly<Record<string, string>> = {
    'a login set-up that is never closed': `
#LOGIN_SETUP_BEGIN
^^^^^^^^^^^^^^^^^^ login-setup: its commands would run in the job
python train.py`,
    'a login set-up within another': `
#LOGIN_SETUP_BEGIN
^^^^^^^^^^^^^^^^^^ login-setup: has no #LOGIN_SETUP_END
echo 1
#LOGIN_SETUP_BEGIN
echo 2
#LOGIN_SETUP_END`,
    'the end of a login set-up without its beginning': `
  #LOGIN_SETUP_END
# ^^^^^^^^^^^^^^^^ stray-end: closes no login set-up`,
    'a login set-up without a command': `
#LOGIN_SETUP_BEGIN
^^^^^^^^^^^^^^^^^^ empty-block: has no command
# later
#LOGIN_SETUP_END`,
    'a directive and an option in a login set-up': `
#LOGIN_SETUP_BEGIN
echo
#WATCHER pattern="x"
^^^^^^^^^^^^^^^^^^^^ login-setup: it is not a directive
#SBATCH --time=1
^^^^^^^^^^^^^^^^ login-setup: sbatch does not read it
#LOGIN_SETUP_END`,
    'a marker of a login set-up that is nearly right': `
# login_setup_begin
^^^^^^^^^^^^^^^^^^^ near-miss: it is written "#LOGIN_SETUP_BEGIN"`,
    'a mistyped field': `
#WATCHER patern="ERROR" action=log_event
#        ^^^^^^ unknown-field: did you mean "pattern"?
^^^^^^^^ missing-pattern`,
    'a mistyped action': `
#WATCHER pattern="x" action=cancell_job
#                           ^^^^^^^^^^^ unknown-action: did you mean "cancel_job"?`,
    'a mistyped parameter': `
#WATCHER pattern="x" action=log_event(mesage="a")
#                                     ^^^^^^ unknown-parameter: did you mean "message"?`,
    'a missing parameter': `
#WATCHER pattern="x" action=store_metric
#                           ^^^^^^^^^^^^ missing-parameter: "name"`,
    'a misspelling where the pattern and the list name groups': `
#WATCHER pattern="(?P<loss>x)" captures=[q] action=log_event(message="$q $los")
#                                                                        ^^^^ unknown-variable: did you mean "$loss"?`,
    'a pattern that is none': `
#WATCHER pattern="loss: ([0-9.]+" action=log_event
#                       ^ bad-regex: missing ), unterminated subpattern`,
    'a pattern with an offset behind an escaped quote': `
#WATCHER pattern="a\\"b(" action=log_event
#                     ^ bad-regex`,
    'a pattern in a block': `
#WATCHER_BEGIN
# pattern: (\\d+))
#               ^ bad-regex: unbalanced parenthesis
#WATCHER_END`,
    'a risky pattern': `
#WATCHER pattern="^(a+)+$"
#                  ^^^^^ risky-regex`,
    'a pattern that matches everything': `
#WATCHER pattern=".*"
#                 ^^ matches-everything`,
    'a pattern across lines': `
#WATCHER pattern="a\\nb"
#                 ^^^^ cross-line-pattern`,
    'a doubled backslash': `
#WATCHER pattern="loss: (\\\\d+)"
#                        ^^^ double-escaped: \\d`,
    'a condition that is none': `
#WATCHER pattern="l (\\d+)" captures=[l] condition="float(l) >"
#                                                           ^ bad-condition: ends too early`,
    'a condition with a method that it has not': `
#WATCHER pattern="l (\\S+)" captures=[l] condition="'{}'.format(l) == l"
#                                                       ^ bad-condition: ".format" cannot stand in a condition`,
    'a condition with an operator of shells': `
#WATCHER pattern="l (\\S+)" captures=[l] condition="l && l"
#                                                    ^ bad-condition: "&&" cannot stand in a condition`,
    'a condition with a dollar': `
#WATCHER pattern="l (\\d+)" condition="float($1) > 5"
#                                           ^ positional-in-condition: name the group`,
    'a condition with a name that nothing defines': `
#WATCHER pattern="l (\\d+)" captures=[loss] condition="float(los) > 5"
#                                                           ^^^ unknown-name: did you mean "loss"?`,
    'an end that job_end_state has no word for': `
#WATCHER trigger_on_job_end=true condition="job_end_state == 'out_of_memory'"
#                                                            ^^^^^^^^^^^^^^^ never-true: never "out_of_memory"
#WATCHER trigger_on_job_end=true condition="job_end_state in ('failed', 'oom') or 'COMPLETED' != job_end_state"
#                                                                       ^^^^^ never-true
#                                                                                 ^^^^^^^^^^^ never-true
#WATCHER trigger_on_job_end=true condition="JOB_STATE == 'timeout'"
#                                                        ^^^^^^^^^ never-true
#WATCHER trigger_on_job_end=true action=log_event if job_end_state == "oom"
#                                                                     ^^^^^ never-true
#WATCHER trigger_on_job_end=true condition="job_end_state in ('failed', 'timeout') and JOB_STATE == 'OUT_OF_MEMORY' and EXIT_CODE != '0'"`,
    'the end of a job in a watcher that acts before': `
#WATCHER pattern="x" condition="job_end_state == 'failed'"
#                               ^^^^^^^^^^^^^ never-true: empty until the job has ended
#WATCHER pattern="x" action=log_event if EXIT_CODE == "3"
#                                        ^^^^^^^^^ never-true
#WATCHER pattern="x" condition="job_end_state == '' and JOB_STATE == 'RUNNING'"
#WATCHER pattern="(x)" captures=[job_end_state] condition="job_end_state == 'oom'"
#                                ^^^^^^^^^^^^^ shadowed-name`,
    'a metric without a value that can be meant': `
#WATCHER pattern="(a)(b)" captures=[step, loss] action=store_metric(name=loss, vale="$loss")
#                                                      ^^^^^^^^^^^^ missing-parameter: store_metric has no "value", and a parameter that it does not know was dropped
#                                                                              ^^^^ unknown-parameter
#WATCHER pattern="loss" action=store_metric(name=loss)
#                              ^^^^^^^^^^^^ missing-parameter: the pattern has no group
#WATCHER trigger_on_job_end=true action=store_metric(name=loss)
#                                       ^^^^^^^^^^^^ missing-parameter: the pattern has no group
#WATCHER pattern="(a)" captures=[loss] action=store_metric(loss, $loss)
#                                             ^^^^^^^^^^^^ missing-parameter
#                                                                ^^^^^ unknown-parameter
#WATCHER pattern="(a)(b)" captures=[step, loss] action=store_metric(name=loss, variable=los)
#                                   ^^^^ unused-capture
#                                         ^^^^ unused-capture
#                                                                                       ^^^ bad-value: "los" is not a capture`,
    'modifications that sbatch would refuse': `
#WATCHER pattern="x" action=resubmit(modifications={"memory": "8G", "time": "2h"})
#                                                    ^^^^^^ sbatch-unknown-option: sbatch has no option "memory": did you mean "mem"?
#                                                                           ^^^^ sbatch-bad-value: "2h" is not a value for it
#WATCHER pattern="x" action=resubmit(modifications={"xyzzy": 1, "wrap": "true", "mem": true, "hold": 3})
#                                                    ^^^^^ sbatch-unknown-option: resubmit cannot change "xyzzy"
#                                                                ^^^^ sbatch-unknown-option: a job that is submitted again cannot have it
#                                                                                      ^^^^ sbatch-bad-value: it needs a value
#                                                                                                    ^ sbatch-bad-value: it takes no value
#WATCHER_BEGIN
# pattern: "need (\\d+)"
# captures: [need]
# actions:
#   - resubmit(modifications={"mem": "\${need}G", "m": null, "mem_per_cpu": "4G", "-t": 90, "n": [1]})
#                                                                                               ^^^ sbatch-bad-value: neither text nor a number
#WATCHER_END`,
    'quotes inside of a quoted value': `
#WATCHER pattern="x" action=run_command(command="echo "x"")
#                                               ^^^^^^^^^^ unquoted-value: A quote inside of this text ends it early
#WATCHER pattern="x" action=log_event("say "hi" to $0", level=error)
#                                     ^^^^^^^^^^^^^^^^ unquoted-value: A quote inside of this text ends it early
#WATCHER pattern="a "b" c" action=log_event
#                    ^^^^^ stray-text: The value ends at the quote before this text: "a " is all of it.
#WATCHER pattern='it's' action=log_event
#                    ^^ stray-text: The value ends at the quote before this text: 'it' is all of it.
#WATCHER pattern="x" action=log_event(message="\\"hi\\" there")`,
    'text compared with a number': `
#WATCHER pattern="l (\\d+)" captures=[loss] condition="loss < 0.5"
#                                                     ^^^^ string-compared-with-number`,
    'a duration that is none': `
#WATCHER pattern="x" interval=soon
#                             ^^^^ bad-value: "soon" is not a duration`,
    'a duration out of range': `
#WATCHER pattern="x" interval=0
#                             ^ out-of-range`,
    'a state that is none': `
#WATCHER pattern="x" trigger_on_job_end=true trigger_job_states=[failed, exploded]
#                                                                        ^^^^^^^^ unknown-state`,
    'a capture name that is none': `
#WATCHER pattern="(x)" captures=[1st]
#                                ^^^ bad-capture-name`,
    'more names than groups': `
#WATCHER pattern="(x)" captures=[a, b]
#                                   ^ capture-count: 2 capture names, but the pattern has 1 group`,
    'a capture that no condition can name': `
#WATCHER pattern="(?P<class>x) (?P<a>y)" action=log_event(message="$class $a")
#                     ^^^^^ shadowed-name: "class" is a word of Python`,
    'a written capture that no condition can name': `
#WATCHER pattern="(x)" captures=[from] action=log_event(message="$from")
#                                ^^^^ shadowed-name`,
    'a capture called like a function': `
#WATCHER pattern="(x)" captures=[len]
#                                ^^^ shadowed-name`,
    'a group of the pattern called like a variable': `
#WATCHER pattern="(?P<JOB_ID>x)"
#                     ^^^^^^ shadowed-name`,
    'a name for two groups': `
#WATCHER pattern="(x)(y)" captures=[a, a]
#                                      ^ bad-capture-name: "a" names two groups`,
    'groups without a name beside written and named ones': `
#WATCHER pattern="(x)(?P<b>y)(z)" captures=[a]
#                                           ^ capture-count: 3 groups, but only 2 of them
#WATCHER pattern="(x)(?P<b>y)" captures=[a]`,
    'a capture that nobody uses': `
#WATCHER pattern="(x)" captures=[a]
#                                ^ unused-capture`,
    'a variable that may be misspelt': `
#WATCHER pattern="(x)" captures=[loss] action=log_event(message="$los")
#                                                                ^^^^ unknown-variable: did you mean "$loss"?
#                                ^^^^ unused-capture`,
    'a field twice': `
#WATCHER pattern="a" pattern="b"
#                    ^^^^^^^ duplicate-field`,
    'a name twice': `
#WATCHER name=a pattern="a"
#WATCHER name=a pattern="b"
#             ^ duplicate-name: line 1`,
    'a bare value with blanks': `
#WATCHER name=My Watcher pattern="x"
#             ^^^^^^^^^^ unquoted-value`,
    'a bare pattern with a hash': `
#WATCHER pattern=a #b
#                ^ unquoted-hash`,
    'a quote that is not closed': `
#WATCHER pattern="x action=log_event
#                ^^^^^^^^^^^^^^^^^^^ unterminated-quote`,
    'text that is no field': `
#WATCHER pattern="x" nonsense
#                    ^^^^^^^^ stray-text`,
    'an END too many': `
echo
#WATCHER_END
^^^^^^^^^^^^ stray-end`,
    'a block without END': `
#WATCHER_BEGIN
^^^^^^^^^^^^^^ unterminated-block: line 2
# pattern: x
python train.py`,
    'a block in a block': `
#WATCHER_BEGIN
# pattern: x
#WATCHER_BEGIN
^^^^^^^^^^^^^^ nested-block
# pattern: y
#WATCHER_END`,
    'a block that says nothing': `
#WATCHER_BEGIN
^^^^^^^^^^^^^^ empty-block
#WATCHER_END`,
    'a marker with a blank': `
# WATCHER pattern="x"
^^^^^^^^^^^^^^^^^^^^^ near-miss: #WATCHER`,
    'a directive in a here-document': `
cat <<EOF
#WATCHER pattern="x"
^^^^^^^^^^^^^^^^^^^^ directive-in-heredoc
EOF`,
    'cancel before resubmit': `
#WATCHER pattern="x" max_triggers=1 actions=[cancel_job, resubmit]
#                                            ^^^^^^^^^^ cancel-before-resubmit`,
    'resubmit without a limit': `
#WATCHER pattern="x" action=resubmit
#                           ^^^^^^^^ resubmit-without-limit: 3`,
    'timer mode and job end': `
#WATCHER pattern="x" timer_mode=true trigger_on_job_end=true
#                               ^^^^ timer-with-job-end`,
    'a capture in back-quotes': `
#WATCHER pattern="(x)" captures=[a] action=run_command(command="echo \`stat $a\`")
#                                                                          ^^ capture-in-backquotes: back-quotes
#                                                               ^^^^^^^^^^^^^^ command-not-allowed`,
    'a capture in a here-document': `
#WATCHER pattern="(x)" action=run_command("cat <<$1")
#                                                ^^ capture-in-backquotes
#                                          ^^^^^^^^ command-not-allowed`,
    'a capture that the script assigns': `
#WATCHER pattern="(x)" captures=[epoch] max_triggers=1 action=resubmit
#                                ^^^^^ capture-assigned-by-script: "epoch"
for epoch in 1 2; do echo \${epoch}; done`,
    'a capture of the pattern that the script assigns': `
#WATCHER pattern="(?P<epoch>x)" max_triggers=1 action=resubmit
#                     ^^^^^ capture-assigned-by-script: "epoch"
read -r epoch < file && echo "\${epoch:-1}"`,
    'a name of an argument, which is no assignment': `
#WATCHER pattern="(x)" captures=[lr] max_triggers=1 action=resubmit
python train.py lr=\${lr} --lr=\${lr} "lr=1"`,
    'a capture that neither the body nor the action uses': `
#WATCHER pattern="(x) (y)" captures=[lr, b] max_triggers=1 action=resubmit
#                                        ^ unused-capture: "b"
python train.py \${lr} $b`,
    'a group that a metric stores without saying so': `
#WATCHER pattern="(x)" captures=[lr] action=store_metric(name=lr)
#WATCHER pattern="(x) (y)" captures=[c, b] action=log_event(message="$2")
#                                    ^ unused-capture: "c"`,
    'a named group that nobody uses': `
#WATCHER pattern="(?P<a>x)"
#                     ^ unused-capture`,
    'a command of several': `
#WATCHER pattern="x" action=run_command(command="echo a; rm b")
#                                                ^^^^^^^^^^^^ command-not-allowed: consent`,
    'commands that are not simple': `
#WATCHER pattern="(x)" action=run(command="rm a")
#                                          ^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command="echo $HOME")
#                                          ^^^^^^^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command="ls *.log")
#                                          ^^^^^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command="A=1 echo")
#                                          ^^^^^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command="$1 echo")
#                                          ^^ capture-as-operand: always refused
#WATCHER pattern="(x)" action=run(command="echo a > b")
#                                          ^^^^^^^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command="echo \${1:-$(id)}")
#                                          ^^^^^^^^^^^^^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command='echo "$(id)"')
#                                          ^^^^^^^^^^^^ command-not-allowed`,
    'commands that run without consent': `
#WATCHER pattern="(x)" captures=[a] action=run(command="echo $1 \${a} \${a:-none} $JOB_ID")
#WATCHER pattern="(x)" action=run(command='echo "it is $0" ; # no' )
#                                          ^^^^^^^^^^^^^^^^^^^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command="'ec'ho 'a;b' \\$ a#b ")`,
    'values that decide what is run, loaded, sent or overwritten': `
#WATCHER pattern="val (.*)" action=run_command(command="python3 $1")
#                                                               ^^ capture-as-operand: given to python3, which runs
#WATCHER pattern="(x)" captures=[a] action=run(command="cp \${a} results/")
#                                                          ^^^^ capture-as-operand: given to cp, which creates or overwrites
#WATCHER pattern="(x)" action=run(command="srun -n 1 python3 $1 | tee log")
#                                                            ^^ capture-as-operand: given to python3
#                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ command-not-allowed: more than one command
#WATCHER pattern="(x)" action=run(command='bash -c "echo $1"')
#                                                        ^^ capture-as-operand: bash reads again as a program
#                                          ^^^^^^^^^^^^^^^^^ command-not-allowed: "bash" is not one
#WATCHER pattern="(x)" action=run(command="echo a > $1")
#                                                   ^^ capture-as-operand: names the file
#                                          ^^^^^^^^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command="printf $1")
#                                                 ^^ capture-as-operand: format of printf
#                                          ^^^^^^^^^ command-not-allowed
#WATCHER pattern="(x)" action=run(command="./$1 a")
#                                            ^^ capture-as-operand: always refused
#WATCHER pattern="x" action=run(command="python -c 'import os'")
#                                        ^^^^^^^^^^^^^^^^^^^^^ command-not-allowed: "-c" can make python`,
    'a character name that is not known': `
#WATCHER pattern="\\N{NO SUCH NAME}"
#                 ^ unsupported-regex`,
    'positions behind an emoji': `
#WATCHER name="😀" pattern="("
#                           ^ bad-regex`,
  };
  for (const [title, text] of Object.entries(cases)) {
    it(title, () => {
      check(text);
    });
  }

  it('Windows line ends, at the first of them', () => {
    const [problem] = parseScript('#WATCHER pattern="x"\r\necho\r\n').problems;
    assert.deepEqual([problem?.code, problem?.span], ['crlf-script', { start: 20, end: 21 }]);
    seen.add('crlf-script');
  });

  const ssyncCases: Readonly<Record<string, string>> = {
    'fields that it does not know': `
#WATCHER pattern="x" max_triggers=1 output=stderr cooldown=5 interval_seconds=5 name=a
#                    ^^^^^^^^^^^^ ignored-by-ssync: drop "max_triggers"
#                                   ^^^^^^ ignored-by-ssync
#                                                 ^^^^^^^^ ignored-by-ssync
#                                                            ^^^^^^^^^^^^^^^^ ignored-by-ssync`,
    'blanks around =, and what is no number or list to it': `
#WATCHER name = a pattern="(x)" interval=30s captures=a trigger_on_job_end=true trigger_job_states=failed
#        ^^^^ ignored-by-ssync: as it stands here
#                               ^^^^^^^^ ignored-by-ssync: drop "interval"
#                                            ^^^^^^^^ ignored-by-ssync
#                                                                               ^^^^^^^^^^^^^^^^^^ ignored-by-ssync`,
    'actions that it does not know': `
#WATCHER pattern="x" action=pause_watcher action=log_event(message="a b") action=log
#                    ^^^^^^ ignored-by-ssync`,
    'a condition that cuts a call off': `
#WATCHER_BEGIN
# pattern: (x)
# action: log_event(level=info) if JOB_ID
# ^^^^^^ ignored-by-ssync
#WATCHER_END`,
    'what stands behind actions, and mappings': `
#WATCHER_BEGIN
# pattern: (x)
# interval: 30  # often
# ^^^^^^^^ ignored-by-ssync
# actions:
#   - log_event
#   -notify_slack
#    ^^^^^^^^^^^^ ignored-by-ssync
#   - type: resubmit
#           ^^^^^^^^ ignored-by-ssync
# remaining_resubmits: 3
# ^^^^^^^^^^^^^^^^^^^ ignored-by-ssync
#WATCHER_END`,
    'nothing of a plain block': `
#WATCHER_BEGIN
# name: a
# pattern: "loss (x)"
# captures: [a]
# timer_mode_enabled: yes
# actions:
#   - log_event(message="$a")
#   - run echo hi
#WATCHER_END`,
    'a directive behind a tab': `
#WATCHER\tpattern="x"
#        ^^^^^^^ ignored-by-ssync`,
  };
  for (const [title, text] of Object.entries(ssyncCases)) {
    it(`of ssync: ${title}`, () => {
      check(text.replace('\\t', '\t'), { ssync: true });
    });
  }

  it('are not that a name of the pattern stands beside the written one', () => {
    const script = '#WATCHER pattern="(?P<a>x)(?P<b>y)" captures=[q] action=log_event(message="$a $b")';
    assert.deepEqual(parseScript(script).problems, []);
  });

  it('of ssync are told only where they are asked for', () => {
    const codes = parseScript('#WATCHER pattern="x" cooldown=5').problems.map(({ code }) => code);
    assert.deepEqual(codes, []);
  });

  it('commands are allowed by the list that is given', () => {
    const codes = (command: string, allowedCommands?: readonly string[]): readonly string[] =>
      parseScript(`#WATCHER pattern="(x)" action=run_command(command='${command}')`, {
        ...(allowedCommands && { allowedCommands }),
      }).problems.map(({ code }) => code);
    assert.deepEqual(codes('echo hi'), []);
    assert.deepEqual(codes('echo hi', ['make']), ['command-not-allowed']);
    assert.deepEqual(codes('make clean', ['make']), []);
    assert.deepEqual(codes('make clean', []), ['command-not-allowed']);
  });

  it('are all of the table, but for those of #SBATCH lines and of watcher files', () => {
    assert.deepEqual(
      Object.keys(problemTable).filter((code) => !seen.has(code) && !code.startsWith('sbatch-')),
      ['bad-json'],
    );
  });
});

describe('fixes', () => {
  const fixes: readonly (readonly [string, string, string])[] = [
    [
      'unquoted-value',
      '#WATCHER pattern="x" action=run_command(command="echo "x"")',
      `#WATCHER pattern="x" action=run_command(command='echo "x"')`,
    ],
    [
      'stray-text',
      '#WATCHER pattern="a "b" c" action=log_event',
      `#WATCHER pattern='a "b" c' action=log_event`,
    ],
    [
      'positional-in-condition',
      '#WATCHER pattern="loss (\\S+)" condition="float($1) > ${1}"',
      '#WATCHER pattern="loss (?P<value1>\\S+)" condition="float(value1) > value1"',
    ],
    [
      'positional-in-condition',
      '#WATCHER pattern="(a)(b)" captures=[x] condition="$1 != $2"',
      '#WATCHER pattern="(a)(?P<value2>b)" captures=[x] condition="x != value2"',
    ],
    [
      'never-true',
      `#WATCHER trigger_on_job_end=true condition="job_end_state == 'out_of_memory'"`,
      `#WATCHER trigger_on_job_end=true condition="JOB_STATE == 'OUT_OF_MEMORY'"`,
    ],
    [
      'never-true',
      `#WATCHER trigger_on_job_end=true condition='"oom" == job_end_state'`,
      `#WATCHER trigger_on_job_end=true condition='"OUT_OF_MEMORY" == JOB_STATE'`,
    ],
    [
      'never-true',
      `#WATCHER trigger_on_job_end=true condition="job_end_state in ['FAILED']"`,
      `#WATCHER trigger_on_job_end=true condition="job_end_state in ['failed']"`,
    ],
    [
      'never-true',
      `#WATCHER trigger_on_job_end=true condition="JOB_STATE == 'completed'"`,
      `#WATCHER trigger_on_job_end=true condition="JOB_STATE == 'COMPLETED'"`,
    ],
    [
      'bad-value',
      '#WATCHER pattern="(a)" captures=[loss] action=store_metric(name=loss, variable=los)',
      '#WATCHER pattern="(a)" captures=[loss] action=store_metric(name=loss, variable=loss)',
    ],
    ['unknown-field', '#WATCHER patern="x"', '#WATCHER pattern="x"'],
    ['unknown-action', '#WATCHER pattern="x" action=lgo_event', '#WATCHER pattern="x" action=log_event'],
    [
      'unknown-parameter',
      '#WATCHER pattern="x" action=log(mesage=a)',
      '#WATCHER pattern="x" action=log(message=a)',
    ],
    ['double-escaped', '#WATCHER pattern="\\\\d+"', '#WATCHER pattern="\\d+"'],
    [
      'unknown-name',
      '#WATCHER pattern="(x)" captures=[loss] condition="float(los) > 1"',
      '#WATCHER pattern="(x)" captures=[loss] condition="float(loss) > 1"',
    ],
    [
      'string-compared-with-number',
      '#WATCHER pattern="(x)" captures=[loss] condition="loss > 1"',
      '#WATCHER pattern="(x)" captures=[loss] condition="float(loss) > 1"',
    ],
    [
      'unknown-variable',
      '#WATCHER pattern="(x)" captures=[loss] action=log_event(message="${los:-a}")',
      '#WATCHER pattern="(x)" captures=[loss] action=log_event(message="${loss:-a}")',
    ],
    [
      'capture-in-backquotes',
      '#WATCHER pattern="(x)" action=run_command(command="echo `stat $1`")',
      '#WATCHER pattern="(x)" action=run_command(command="echo $(stat $1)")',
    ],
    ['ignored-by-ssync', '#WATCHER pattern="x" interval=5m', '#WATCHER pattern="x" interval=300'],
    ['ignored-by-ssync', '#WATCHER pattern="x" interval_seconds=5', '#WATCHER pattern="x" interval=5'],
    ['unquoted-value', '#WATCHER name=a b pattern="x"', '#WATCHER name="a b" pattern="x"'],
    ['crlf-script', '#!/bin/bash\r\necho\r\n', '#!/bin/bash\necho\n'],
    [
      'stray-text',
      '#WATCHER pattern="x" action=log_event, interval=5',
      '#WATCHER pattern="x" action=log_event interval=5',
    ],
    ['stray-end', 'echo\n#WATCHER_END\n', 'echo\n\n'],
    [
      'near-miss',
      '# WATCHER_BEGIN\n# pattern: x\n#WATCHER_END',
      '#WATCHER_BEGIN\n# pattern: x\n#WATCHER_END',
    ],
    ['near-miss', '#watcher pattern="x"', '#WATCHER pattern="x"'],
    ['near-miss', '#WATCHER:pattern="x"', '#WATCHER pattern="x"'],
    ['near-miss', '# watchers:  pattern="x"', '#WATCHER pattern="x"'],
    ['near-miss', '#WATCHER\u00a0pattern="x"', '#WATCHER pattern="x"'],
    [
      'unterminated-block',
      '#WATCHER_BEGIN\n# pattern: x\necho',
      '#WATCHER_BEGIN\n# pattern: x\n#WATCHER_END\necho',
    ],
    [
      'nested-block',
      '#WATCHER_BEGIN\n# pattern: x\n#WATCHER_BEGIN\n# pattern: y\n#WATCHER_END',
      '#WATCHER_BEGIN\n# pattern: x\n#WATCHER_END\n#WATCHER_BEGIN\n# pattern: y\n#WATCHER_END',
    ],
  ];
  for (const [code, script, fixed] of fixes) {
    it(`${code}: ${JSON.stringify(script)}`, () => {
      checkFix(code, script, fixed);
    });
  }
});

describe('any text', () => {
  const piece = fc.constantFrom(
    '#WATCHER ',
    '#WATCHER_BEGIN',
    '#WATCHER_END',
    '\n',
    '\r\n',
    '# ',
    'pattern=',
    'pattern: ',
    '"',
    "'",
    '(',
    ')',
    '[',
    ']',
    'action=',
    'actions:',
    '- ',
    'log_event',
    'cancel_job',
    '\\',
    '$x',
    'cat <<EOF',
    'EOF',
    '#',
    ',',
    'captures=',
    'condition=',
    'float(',
    '😀',
    'x',
    ' ',
    '=',
    ':',
    '#SBATCH',
    'if ',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  );

  it('is read without a throw, and the clean script keeps every line of the program', () => {
    fc.assert(
      fc.property(text, (script) => {
        const parsed = parseScript(script);
        const [before, after] = [script.split('\n'), parsed.cleanText.split('\n')];
        assert.equal(after.length, before.length);
        after.forEach((line, index) => {
          const original = before[index] ?? '';
          assert.ok(line === original || line === (original.endsWith('\r') ? '\r' : ''), `line ${index + 1}`);
        });
        for (const { span } of parsed.problems)
          assert.ok(
            span.start >= 0 && span.start <= span.end && span.end <= script.length,
            JSON.stringify(span),
          );
      }),
      { numRuns: Number(process.env['CASES'] ?? 800) },
    );
  });

  it('takes time in proportion to its length', () => {
    for (const line of [
      '#WATCHER pattern="(a" condition="(((((" action=x(y(z\n',
      '"\n',
      "echo 'a\n",
      '# WATCHER x=\n',
      '#WATCHER_BEGIN\n# a\n',
    ]) {
      const script = line.repeat(Math.ceil(200_000 / line.length));
      const begun = performance.now();
      parseScript(script);
      assert.ok(
        performance.now() - begun < 5000,
        `${JSON.stringify(line)} took ${performance.now() - begun} ms`,
      );
    }
  });
});
