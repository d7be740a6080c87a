// Row 3: one condition, parsed once, against Python's eval of a compiled expression in the same run.
import { evaluateCondition } from '../../language/condition/evaluator';
import { parseCondition } from '../../language/condition/parser';
import { askPython, report, rounded, takeTimes } from '../benchTimes';

const source = 'float(loss) < 0.5 and int(step) % 100 == 0';
/** As a log gives them: texts that change. */
const captures = Array.from({ length: 1000 }, (_, index) => ({
  loss: `${(index % 100) / 100}`,
  step: `${index * 10}`,
  epoch: '3',
}));
const rounds = 200_000;

const program = `
import json, sys, time
source, captures, rounds = json.load(sys.stdin)
scope = {"__builtins__": {"float": float, "int": int}}
def run(code):
    begun = time.process_time()
    for turn in range(rounds):
        eval(code, scope, captures[turn % len(captures)])
    return (time.process_time() - begun) / rounds * 1e6
json.dump({"compiled": run(compile(source, "x", "eval")), "text": run(source)}, sys.stdout)
`;

async function main(): Promise<void> {
  const condition = parseCondition(source).value;
  if (!condition) throw new Error('the condition does not parse');
  let holds = 0;
  const { best } = await takeTimes(7, () => {
    for (let round = 0; round < rounds; round++) {
      const variables = captures[round % captures.length];
      if (variables && evaluateCondition(condition, variables).ok) holds += 1;
    }
  });
  const python = askPython(program, [source, captures, rounds / 10]) as
    { readonly compiled: number; readonly text: number } | undefined;
  const micros = (best / rounds) * 1000;
  report({
    row: 3,
    what: source,
    us: rounded(micros, 3),
    python_eval_us: python === undefined ? null : rounded(python.text, 3),
    python_eval_compiled_us: python === undefined ? null : rounded(python.compiled, 3),
    ratio: python === undefined ? null : rounded(python.text / micros, 1),
    evaluated: holds,
    goal: '<= 1.5 us',
  });
}

void main();
