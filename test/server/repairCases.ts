// Scripts with a problem, the repair that is offered for it, and the script behind.
import type { ProblemCode } from '../../language/problem';

export interface RepairCase {
  readonly code: ProblemCode;
  readonly before: string;
  readonly title: string;
  readonly after: string;
}

const inBlock = (...lines: readonly string[]): string =>
  ['#WATCHER_BEGIN', ...lines.map((line) => `# ${line}`), '#WATCHER_END', 'echo', ''].join('\n');

type Row = readonly [before: string, title: string, after: string];

const table = {
  'crlf-script': [['#!/bin/bash\r\n#SBATCH -n 1\r\n', 'Use Unix line ends', '#!/bin/bash\n#SBATCH -n 1\n']],
  'unterminated-block': [
    [
      '#WATCHER_BEGIN\n# pattern: a\necho\n',
      'Add #WATCHER_END',
      '#WATCHER_BEGIN\n# pattern: a\n#WATCHER_END\necho\n',
    ],
  ],
  'nested-block': [
    [
      '#WATCHER_BEGIN\n# pattern: a\n#WATCHER_BEGIN\n# pattern: b\n#WATCHER_END\n',
      'Add #WATCHER_END',
      '#WATCHER_BEGIN\n# pattern: a\n#WATCHER_END\n#WATCHER_BEGIN\n# pattern: b\n#WATCHER_END\n',
    ],
  ],
  'stray-end': [['#WATCHER_END\necho\n', 'Remove it', '\necho\n']],
  'empty-block': [
    ['#WATCHER_BEGIN\n## nothing yet\n#\n#WATCHER_END\necho\n', 'Remove the block', 'echo\n'],
    ['#WATCHER_BEGIN\necho\n', 'Remove the block', 'echo\n'],
    ['#LOGIN_SETUP_BEGIN\n# later\n#LOGIN_SETUP_END\necho\n', 'Remove the login set-up', 'echo\n'],
  ],
  'login-setup': [
    [
      '#LOGIN_SETUP_BEGIN\npip install a\nmodule load b\n\npython c\n',
      'Add #LOGIN_SETUP_END',
      '#LOGIN_SETUP_BEGIN\npip install a\nmodule load b\n#LOGIN_SETUP_END\n\npython c\n',
    ],
    [
      '#LOGIN_SETUP_BEGIN\npip install a\n#SBATCH --time=1\npython c\n',
      'Add #LOGIN_SETUP_END',
      '#LOGIN_SETUP_BEGIN\npip install a\n#LOGIN_SETUP_END\n#SBATCH --time=1\npython c\n',
    ],
    [
      '#LOGIN_SETUP_BEGIN\npip install a\n#WATCHER pattern="x"\n#LOGIN_SETUP_END\n',
      'Remove the line',
      '#LOGIN_SETUP_BEGIN\npip install a\n#LOGIN_SETUP_END\n',
    ],
  ],
  'stray-text': [
    ['#WATCHER pattern="a" hello\n', 'Remove hello', '#WATCHER pattern="a"\n'],
    [
      inBlock('pattern: a', 'hello you'),
      'Make it a comment',
      inBlock('pattern: a', 'hello you').replace('# hello', '## hello'),
    ],
    [inBlock('pattern: a', 'hello you'), 'Remove the line', inBlock('pattern: a')],
  ],
  'near-miss': [['# WATCHER pattern="a"\n', 'Write #WATCHER', '#WATCHER pattern="a"\n']],
  'unterminated-quote': [
    [
      '#WATCHER pattern="a b action=log_event\n',
      'Close it with "',
      '#WATCHER pattern="a b" action=log_event\n',
    ],
    [
      '#WATCHER pattern="a" action=log_event(message="x\n',
      'Close it with ")',
      '#WATCHER pattern="a" action=log_event(message="x")\n',
    ],
    [inBlock('pattern: "a b'), 'Close it with "', inBlock('pattern: "a b"')],
  ],
  'unquoted-value': [
    [
      '#WATCHER pattern=a b action=log_event\n',
      'Quote the value',
      '#WATCHER pattern="a b" action=log_event\n',
    ],
  ],
  'unquoted-hash': [
    [
      '#WATCHER pattern=a #b interval=5m\n',
      'Quote the value with the "#"',
      '#WATCHER pattern="a #b" interval=5m\n',
    ],
    [inBlock('pattern: a #b'), 'Quote the value with the "#"', inBlock('pattern: "a #b"')],
  ],
  'duplicate-field': [
    [
      '#WATCHER pattern="a" interval=5m pattern="b"\n',
      'Keep the last pattern alone',
      '#WATCHER interval=5m pattern="b"\n',
    ],
    [
      '#WATCHER pattern="x" action=log_event(message="a, b", level=info, message="c")\n',
      'Keep the last message alone',
      '#WATCHER pattern="x" action=log_event(level=info, message="c")\n',
    ],
    [
      inBlock('pattern: a', 'interval: 5m', 'pattern: b'),
      'Keep the last pattern alone',
      inBlock('interval: 5m', 'pattern: b'),
    ],
  ],
  'duplicate-name': [
    [
      '#WATCHER name=a pattern="a"\n#WATCHER name=a pattern="b"\n',
      'Write "a 2"',
      '#WATCHER name=a pattern="a"\n#WATCHER name="a 2" pattern="b"\n',
    ],
  ],
  'unknown-field': [
    ['#WATCHER patern="a"\n', 'Write pattern', '#WATCHER pattern="a"\n'],
    ['#WATCHER pattern="a" colour=red interval=5m\n', 'Remove colour', '#WATCHER pattern="a" interval=5m\n'],
    [inBlock('pattern: a', 'colour: red'), 'Remove colour', inBlock('pattern: a')],
  ],
  'unknown-action': [
    ['#WATCHER pattern="a" action=log_evnt\n', 'Write log_event', '#WATCHER pattern="a" action=log_event\n'],
  ],
  'unknown-parameter': [
    [
      '#WATCHER pattern="a" action=log_event(mesage="x")\n',
      'Write message',
      '#WATCHER pattern="a" action=log_event(message="x")\n',
    ],
    [
      '#WATCHER pattern="a" action=log_event(message="x", foo="1")\n',
      'Remove foo',
      '#WATCHER pattern="a" action=log_event(message="x")\n',
    ],
    [
      '#WATCHER pattern="a" action=log_event(foo=1, message="x")\n',
      'Remove foo',
      '#WATCHER pattern="a" action=log_event(message="x")\n',
    ],
  ],
  'missing-parameter': [
    [
      '#WATCHER pattern="(a)" captures=[loss] action=store_metric(value="$loss")\n',
      'Add name',
      '#WATCHER pattern="(a)" captures=[loss] action=store_metric(name="loss", value="$loss")\n',
    ],
    [
      '#WATCHER pattern="a" action=run_command\n',
      'Add command',
      '#WATCHER pattern="a" action=run_command(command="echo $0")\n',
    ],
    [
      '#WATCHER pattern="a" action=run_command()\n',
      'Add command',
      '#WATCHER pattern="a" action=run_command(command="echo $0")\n',
    ],
  ],
  'bad-value': [
    [
      '#WATCHER pattern="a" output_type=sdtout\n',
      'Write stdout',
      '#WATCHER pattern="a" output_type=stdout\n',
    ],
    ['#WATCHER pattern="a" timer_mode=maybe\n', 'Write true', '#WATCHER pattern="a" timer_mode=true\n'],
    ['#WATCHER pattern="a" interval="10 min"\n', 'Write 10m', '#WATCHER pattern="a" interval="10m"\n'],
    [
      '#WATCHER pattern="a" interval=soon max_triggers=1\n',
      'Remove interval',
      '#WATCHER pattern="a" max_triggers=1\n',
    ],
    [
      '#WATCHER pattern="a" action=log_event(level=warn)\n',
      'Write warning',
      '#WATCHER pattern="a" action=log_event(level=warning)\n',
    ],
    [inBlock('pattern: a', 'interval: soon'), 'Write 30s', inBlock('pattern: a', 'interval: 30s')],
  ],
  'out-of-range': [
    ['#WATCHER pattern="a" interval=0\n', 'Write 1s', '#WATCHER pattern="a" interval=1s\n'],
    ['#WATCHER pattern="a" max_triggers=0\n', 'Write 1', '#WATCHER pattern="a" max_triggers=1\n'],
    ['#WATCHER pattern="a" cooldown=30d\n', 'Write 7d', '#WATCHER pattern="a" cooldown=7d\n'],
  ],
  'unknown-state': [
    [
      '#WATCHER trigger_on_job_end=true trigger_job_states=[faild]\n',
      'Write failed',
      '#WATCHER trigger_on_job_end=true trigger_job_states=[failed]\n',
    ],
  ],
  'timer-with-job-end': [
    [
      '#WATCHER pattern="a" timer_mode=true trigger_on_job_end=true\n',
      'Remove timer_mode_enabled',
      '#WATCHER pattern="a" trigger_on_job_end=true\n',
    ],
    [
      '#WATCHER pattern="a" timer_mode=true trigger_on_job_end=true\n',
      'Remove trigger_on_job_end',
      '#WATCHER pattern="a" timer_mode=true\n',
    ],
  ],
  'cancel-before-resubmit': [
    [
      inBlock('pattern: a', 'max_triggers: 1', 'actions:', '  - cancel_job(reason="x")', '  - resubmit()'),
      'Write resubmit before cancel_job',
      inBlock('pattern: a', 'max_triggers: 1', 'actions:', '  - resubmit()', '  - cancel_job(reason="x")'),
    ],
  ],
  'resubmit-without-limit': [
    [
      '#WATCHER pattern="a" action=resubmit\n',
      'Add remaining_resubmits',
      '#WATCHER pattern="a" remaining_resubmits=3 action=resubmit\n',
    ],
    [
      inBlock('pattern: a', 'action: resubmit'),
      'Add max_triggers',
      inBlock('pattern: a', 'max_triggers: 1', 'action: resubmit'),
    ],
  ],
  'missing-pattern': [
    [
      '#WATCHER name=a action=log_event\n',
      'Add pattern',
      '#WATCHER name=a pattern="TEXT TO LOOK FOR" action=log_event\n',
    ],
    [
      '#WATCHER action=log_event\n',
      'Add trigger_on_job_end',
      '#WATCHER trigger_on_job_end=true action=log_event\n',
    ],
    [inBlock('interval: 5m'), 'Add pattern', inBlock('pattern: "TEXT TO LOOK FOR"', 'interval: 5m')],
  ],
  'bad-regex': [['#WATCHER pattern="loss (a"\n', 'Match ( itself', '#WATCHER pattern="loss \\(a"\n']],
  'double-escaped': [['#WATCHER pattern="a\\\\d"\n', 'Write \\d', '#WATCHER pattern="a\\d"\n']],
  'capture-count': [
    [
      '#WATCHER pattern="(a)" captures=[x, y] condition="x"\n',
      'Remove the names without a group',
      '#WATCHER pattern="(a)" captures=[x] condition="x"\n',
    ],
    [
      '#WATCHER pattern="a" captures=[x] condition="1"\n',
      'Remove captures',
      '#WATCHER pattern="a" condition="1"\n',
    ],
    [
      '#WATCHER pattern="loss (a) acc (b)" captures=[x] condition="x"\n',
      'Name the other groups',
      '#WATCHER pattern="loss (a) acc (b)" captures=[x, acc] condition="x"\n',
    ],
  ],
  'bad-capture-name': [
    [
      '#WATCHER pattern="(a)(b)" captures=[my-loss, y] action=log_event("$1 $y")\n',
      'Write my_loss',
      '#WATCHER pattern="(a)(b)" captures=[my_loss, y] action=log_event("$1 $y")\n',
    ],
  ],
  'shadowed-name': [
    [
      '#WATCHER pattern="(?P<len>a)" condition="float(len) > 1" action=log_event("$len")\n',
      'Rename it to len_value',
      '#WATCHER pattern="(?P<len_value>a)" condition="float(len_value) > 1" action=log_event("$len_value")\n',
    ],
  ],
  'unknown-variable': [
    [
      '#WATCHER pattern="(?P<loss>a)" action=log_event("$loss $los")\n',
      'Write $loss',
      '#WATCHER pattern="(?P<loss>a)" action=log_event("$loss $loss")\n',
    ],
  ],
  'unused-capture': [
    [
      '#WATCHER pattern="(?P<x>a)" action=cancel_job\n',
      'Remove the name x',
      '#WATCHER pattern="(a)" action=cancel_job\n',
    ],
    [
      '#WATCHER pattern="(a)(b)" captures=[x, y] condition="x"\n',
      'Remove the name y',
      '#WATCHER pattern="(a)(b)" captures=[x] condition="x"\n',
    ],
    ['#WATCHER pattern="(a)" captures=[x]\n', 'Remove the name x', '#WATCHER pattern="(a)"\n'],
  ],
  'capture-in-backquotes': [
    [
      '#WATCHER pattern="(?P<x>a)" action=run_command(command="echo `date $x`")\n',
      'Write $(…)',
      '#WATCHER pattern="(?P<x>a)" action=run_command(command="echo $(date $x)")\n',
    ],
  ],
  'capture-assigned-by-script': [
    [
      '#WATCHER pattern="(?P<x>a)" max_triggers=1 action=resubmit\nx=1\necho ${x}\n',
      'Rename it to x_value',
      '#WATCHER pattern="(?P<x_value>a)" max_triggers=1 action=resubmit\nx=1\necho ${x}\n',
    ],
  ],
  'bad-condition': [
    [
      '#WATCHER pattern="(?P<x>a)" condition="float(x) = 1"\n',
      'Write ==',
      '#WATCHER pattern="(?P<x>a)" condition="float(x) == 1"\n',
    ],
    [
      '#WATCHER pattern="(?P<x>a)" condition="x&&x"\n',
      'Write and',
      '#WATCHER pattern="(?P<x>a)" condition="x and x"\n',
    ],
    [
      '#WATCHER pattern="(?P<x>a)" condition="x || x"\n',
      'Write or',
      '#WATCHER pattern="(?P<x>a)" condition="x or x"\n',
    ],
    [
      '#WATCHER pattern="(?P<x>a)" condition="!x"\n',
      'Write not',
      '#WATCHER pattern="(?P<x>a)" condition="not x"\n',
    ],
    [
      '#WATCHER pattern="(?P<x>a)" condition="float(x"\n',
      'Close it',
      '#WATCHER pattern="(?P<x>a)" condition="float(x)"\n',
    ],
  ],
  'unknown-name': [
    [
      '#WATCHER pattern="(?P<loss>a)" condition="float(los) > 1"\n',
      'Write loss',
      '#WATCHER pattern="(?P<loss>a)" condition="float(loss) > 1"\n',
    ],
    [
      '#WATCHER pattern="(a)" condition="float(loss) > 1"\n',
      'Name group 1 loss',
      '#WATCHER pattern="(a)" captures=[loss] condition="float(loss) > 1"\n',
    ],
  ],
  'string-compared-with-number': [
    [
      '#WATCHER pattern="(?P<x>a)" condition="x > 1"\n',
      'Write float(x)',
      '#WATCHER pattern="(?P<x>a)" condition="float(x) > 1"\n',
    ],
  ],
  'positional-in-condition': [
    [
      '#WATCHER pattern="loss: (a) acc (b)" condition="float($2) > float(${1})"\n',
      'Name the group',
      '#WATCHER pattern="loss: (?P<value1>a) acc (?P<value2>b)" condition="float(value2) > float(value1)"\n',
    ],
    [
      '#WATCHER pattern="(?P<x>a)" condition="float($x) > 1"\n',
      'Use the name',
      '#WATCHER pattern="(?P<x>a)" condition="float(x) > 1"\n',
    ],
  ],
  'never-true': [
    [
      `#WATCHER trigger_on_job_end=true condition="job_end_state == 'oom'"\n`,
      "Write JOB_STATE == 'OUT_OF_MEMORY'",
      `#WATCHER trigger_on_job_end=true condition="JOB_STATE == 'OUT_OF_MEMORY'"\n`,
    ],
    [
      `#WATCHER pattern="a" condition="job_end_state == 'failed'"\n`,
      'Add trigger_on_job_end',
      `#WATCHER pattern="a" condition="job_end_state == 'failed'" trigger_on_job_end=true\n`,
    ],
    [
      `#WATCHER pattern="a" trigger_on_job_end=no condition="EXIT_CODE == '3'"\n`,
      'Write trigger_on_job_end=true',
      `#WATCHER pattern="a" trigger_on_job_end=true condition="EXIT_CODE == '3'"\n`,
    ],
  ],
  'sbatch-bad-line': [
    ["#SBATCH --comment=it's\n", 'Put a backslash before it', "#SBATCH --comment=it\\'s\n"],
    ['#SBATCH: --time=5\n', 'Remove the colon', '#SBATCH --time=5\n'],
  ],
  'sbatch-unknown-option': [
    ['#SBATCH --tiem=5\n', 'Write --time', '#SBATCH --time=5\n'],
    ['#SBATCH --gpus-per-=1\n', 'Write --gpus-per-node', '#SBATCH --gpus-per-node=1\n'],
  ],
  'sbatch-bad-value': [
    ['#SBATCH --hold=3\n', 'Remove the value', '#SBATCH --hold\n'],
    ['#SBATCH --output=$USER/$SLURM_JOB_ID.out\n', 'Write %u/%j.out', '#SBATCH --output=%u/%j.out\n'],
    ['#SBATCH --mem=64GiB\n', 'Write 64G', '#SBATCH --mem=64G\n'],
    ['#SBATCH --mem=5.5G\n', 'Write 5632M', '#SBATCH --mem=5632M\n'],
    ['#SBATCH --time=1:12:00:00\n', 'Write 1-12:00:00', '#SBATCH --time=1-12:00:00\n'],
    ['#SBATCH --open-mode=pend\n', 'Write append', '#SBATCH --open-mode=append\n'],
    ['#SBATCH -p=gpu\n', 'Remove the equals sign', '#SBATCH -pgpu\n'],
    ['#SBATCH "--mem=64GiB"\n', 'Write 64G', '#SBATCH "--mem=64G"\n'],
    ['#SBATCH --ntasks\n', 'Write 4', '#SBATCH --ntasks=4\n'],
  ],
  'sbatch-ignored': [['  #SBATCH --time=5\n', 'Remove the blanks before it', '#SBATCH --time=5\n']],
  'sbatch-output': [
    [
      '#SBATCH --output=/dev/null\n#WATCHER pattern="a"\n',
      'Write %x-%j.out',
      '#SBATCH --output=%x-%j.out\n#WATCHER pattern="a"\n',
    ],
    [
      '#SBATCH --array=1-3 -o logs/run.txt\n',
      'Write logs/run-%A_%a.txt',
      '#SBATCH --array=1-3 -o logs/run-%A_%a.txt\n',
    ],
  ],
} as const satisfies Partial<Record<ProblemCode, readonly Row[]>>;

/** What nothing can be done about without a person's mind: what a pattern or a command means, or where a line belongs. */
export const withoutRepair: readonly ProblemCode[] = [
  'directive-in-heredoc',
  'unsupported-regex',
  'risky-regex',
  'matches-everything',
  'cross-line-pattern',
  'command-not-allowed',
  'capture-as-operand',
  'bad-json',
  'ignored-by-ssync',
];

export const repairCases: readonly RepairCase[] = Object.entries(table).flatMap(([code, rows]) =>
  (rows as readonly Row[]).map(([before, title, after]) => ({
    code: code as ProblemCode,
    before,
    title,
    after,
  })),
);
