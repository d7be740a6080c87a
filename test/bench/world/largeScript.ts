// A script of 10,000 lines with 500 directives, the same every time: what the benchmarks of the language and its server work on.

const lineCount = 10_000;
const directiveCount = 500;

/** Each with a name, a pattern and a condition of its own: nothing that is remembered helps. */
const printInline = (index: number): readonly string[] => [
  `#WATCHER name="watcher ${index}" pattern="metric${index}: (\\d+) of ([\\d.]+)" captures=[step${index}, value${index}] condition="float(value${index}) > ${index} and int(step${index}) % 10 == 0" interval=30s action=store_metric(name=m${index}, value=$value${index})`,
];

const printBlock = (index: number): readonly string[] => [
  '#WATCHER_BEGIN',
  `# name: "watcher ${index}"`,
  `# pattern: "epoch (?P<epoch${index}>\\d+).*loss=(?P<loss${index}>[\\d.]+)"`,
  `# condition: "float(loss${index}) < 0.5"`,
  '# actions:',
  `#   - log_event(message="loss $loss${index} at $epoch${index}")`,
  `#   - run_command(command="echo $loss${index}")`,
  '#WATCHER_END',
];

const program = [
  'for epoch in $(seq 1 "$EPOCHS"); do',
  '  echo "epoch $epoch" >> "$LOG" # progress',
  '  python train.py --epoch "$epoch" --lr 1e-3 || exit 1',
  'done',
  'if [ -f "$LOG" ]; then tail -n 5 "$LOG"; fi',
  'printf \'%s\\n\' "it is done"',
  'run_step() { local step=$1; srun --ntasks=4 ./step "$step"; }',
];

export interface LargeScript {
  readonly text: string;
  /** First lines of the directives, from 0. */
  readonly directiveLines: readonly number[];
}

export function createLargeScript(): LargeScript {
  const lines = ['#!/bin/bash', '#SBATCH --time=1-00:00:00 --output=logs/%x-%j.out', '#SBATCH --gpus=4'];
  const directiveLines: number[] = [];
  const distance = Math.floor(lineCount / directiveCount);
  for (let index = 0; index < directiveCount; index++) {
    while (lines.length < 3 + index * distance) lines.push(program[lines.length % program.length] ?? '');
    directiveLines.push(lines.length);
    lines.push(...(index % 2 === 0 ? printBlock(index) : printInline(index)));
  }
  while (lines.length < lineCount) lines.push(program[lines.length % program.length] ?? '');
  return { text: `${lines.join('\n')}\n`, directiveLines };
}
