// slurm-watchers eval: what a condition comes to, by itself, with Python's meaning.
import { InvalidArgumentError, type Command } from 'commander';
import { WatchError } from '../../engine/errors';
import { answerExpression, type ConditionAnswer } from '../../language/condition/answer';
import type { Variables } from '../../language/condition/evaluator';
import { fits, record } from '../../engine/shapes';
import { BadRequest, runBatch, textOf, type BatchRequest } from '../batch';
import { printCaret } from '../caret';
import { paint, toNotes } from '../output';
import type { Context } from './command';

type Values = Readonly<Record<string, string | null>>;

interface EvalOptions {
  readonly var?: Values;
  readonly batch?: true;
  readonly json?: true;
}

export function addEval(program: Command, context: Context): void {
  program
    .command('eval')
    .description('evaluate a condition and print its value as Python does; exits with 1 if that fails')
    .argument('[expression]', 'a Python expression over text variables')
    .option(
      '--var <name=value>',
      'a variable and its text, as a capture has it; a name alone has no value (None). May be repeated',
      addVariable,
    )
    .option('--batch', 'requests {"expr", "vars"} on standard input, one a line; one answer a line')
    .option('--json', 'print JSON: type, repr and truth, or the error')
    .addHelpText(
      'after',
      `
Examples:
  slurm-watchers eval 'float(loss) < 0.5' --var loss=0.31
  slurm-watchers eval -- '-1 // 2'
  echo '{"expr": "int(step) % 100 == 0", "vars": {"step": "200"}}' | slurm-watchers eval --batch`,
    )
    .action(async (expression: string | undefined, options: EvalOptions) => {
      if (options.batch) context.exit(await runBatch({ answer: answerRequest, refuse }, context));
      else if (expression === undefined)
        throw new WatchError(
          'bad-request',
          'There is nothing to evaluate.',
          'Give an expression, or --batch to read requests from standard input.',
        );
      else evaluate(expression, options, context);
    });
}

function addVariable(text: string, before: Values = {}): Values {
  const at = text.indexOf('=');
  const name = at === -1 ? text : text.slice(0, at);
  if (!/^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name))
    throw new InvalidArgumentError('Write --var name=value.');
  return { ...before, [name]: at === -1 ? null : text.slice(at + 1) };
}

function evaluate(expression: string, options: EvalOptions, context: Context): void {
  const { output } = context;
  const answer = answerExpression(expression, options.var ?? {});
  if (options.json) output.json(answer);
  else if (answer.ok) output.line(answer.repr);
  else {
    const { type, message, offset } = answer.error;
    output.note(paint('red', type), `: ${message}`);
    printCaret(expression, { start: offset, end: offset + 1 }, toNotes(output), 'red');
    const hint = explain(answer.error);
    if (hint !== undefined) output.note(`  ${hint}`);
  }
  context.exit(answer.ok ? 0 : 1);
}

function explain({ type, message }: Extract<ConditionAnswer, { ok: false }>['error']): string | undefined {
  if (type === 'NameError') return 'Give its value with --var name=value.';
  if (type === 'TypeError' && /'str' and '(?:int|float)'|'(?:int|float)' and 'str'/.test(message))
    return 'Variables are text: write float(name) or int(name).';
  if (type === 'LimitError') return 'Conditions are bounded in what they may compute.';
  return undefined;
}

function answerRequest(request: BatchRequest): ConditionAnswer {
  return answerExpression(textOf(request, 'expr'), toVariables(request['vars']));
}

/** Captures are text, or null without a value; whole numbers are what trigger_count is. */
function toVariables(value: unknown): Variables {
  if (value === undefined || value === null) return {};
  if (!fits(record, value)) throw new BadRequest('"vars" of the request is not an object.');
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      if (text === null || typeof text === 'string' || Number.isSafeInteger(text))
        return [name, text as string | number | null];
      throw new BadRequest(`The variable "${name}" is neither text nor null: captures are text.`);
    }),
  );
}

const refuse = (message: string): ConditionAnswer => ({
  ok: false,
  error: { type: 'BadRequest', message, offset: 0 },
});
