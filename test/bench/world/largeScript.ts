// A script of 10,000 lines with 500 directives, the same every time: what the benchmarks of the language work on.
import { printDefinition } from '../../../language/print';
import { templates } from '../../../language/templates';

const lineCount = 10_000;
const directiveCount = 500;

/** Every second one as a block, with names and patterns of its own. */
function printDirective(index: number): readonly string[] {
  const template = templates[index % templates.length];
  if (!template) return [];
  const { definition } = template;
  const pattern = definition.pattern === null ? null : `w${index}: (?:${definition.pattern})`;
  const own = { ...definition, name: `watcher ${index}`, pattern };
  return (printDefinition(own, index % 2 === 0 ? 'block' : 'inline') ?? '').split('\n');
}

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
    lines.push(...printDirective(index));
  }
  while (lines.length < lineCount) lines.push(program[lines.length % program.length] ?? '');
  return { text: `${lines.join('\n')}\n`, directiveLines };
}
