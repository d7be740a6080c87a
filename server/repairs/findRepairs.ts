// Repairs of problems that bring none: one row for each code that something can be done about.
import { loginSetupMarkers } from '../../language/directive/markers';
import type { Fix, Problem, ProblemCode } from '../../language/problem';
import type { OpenDocument } from '../documents';
import { addParam, addResubmitLimit, removeParam, repairParamValue, resubmitFirst } from './actionRepairs';
import { repairCount, repairName, repairTakenName, repairUnused } from './captureRepairs';
import { repairCondition, repairPositional, repairUnknownName } from './conditionRepairs';
import type { DirectiveTrouble, Trouble } from './edits';
import {
  closeQuote,
  escapeInPattern,
  removeEmptyBlock,
  removeField,
  repairDuplicate,
  repairHash,
  repairMissingPattern,
  repairNamesake,
  repairRange,
  repairState,
  repairStray,
  repairTimer,
  repairValue,
  watchEnd,
} from './fieldRepairs';
import { removeLoginSetup, repairLoginSetup } from './loginSetupRepairs';
import { completeOption, repairOptionValue, repairOutput } from './sbatchRepairs';

type Repair<Around> = (trouble: Around) => readonly Fix[];

/** Of problems inside of a directive. */
const inDirectives: Readonly<Partial<Record<ProblemCode, Repair<DirectiveTrouble>>>> = {
  'stray-text': repairStray,
  'unquoted-hash': repairHash,
  'duplicate-field': repairDuplicate,
  'duplicate-name': repairNamesake,
  'unknown-field': removeField,
  'unknown-parameter': removeParam,
  'missing-parameter': addParam,
  'bad-value': (trouble) => [...repairValue(trouble), ...repairParamValue(trouble)],
  'out-of-range': repairRange,
  'unknown-state': repairState,
  'timer-with-job-end': repairTimer,
  'cancel-before-resubmit': resubmitFirst,
  'resubmit-without-limit': addResubmitLimit,
  'missing-pattern': repairMissingPattern,
  'bad-regex': escapeInPattern,
  'capture-count': repairCount,
  'bad-capture-name': repairName,
  'shadowed-name': repairTakenName,
  'unused-capture': repairUnused,
  'capture-assigned-by-script': repairTakenName,
  'bad-condition': repairCondition,
  'positional-in-condition': repairPositional,
  'unknown-name': repairUnknownName,
  'never-true': watchEnd,
};

const anywhere: Readonly<Partial<Record<ProblemCode, Repair<Trouble>>>> = {
  'empty-block': (trouble) =>
    trouble.marked === loginSetupMarkers.begin ? removeLoginSetup(trouble) : removeEmptyBlock(trouble),
  'login-setup': repairLoginSetup,
  'unterminated-quote': closeQuote,
  'sbatch-unknown-option': completeOption,
  'sbatch-bad-value': repairOptionValue,
  'sbatch-output': repairOutput,
};

/** The likeliest first. Unlike the repairs that problems bring, these are a choice: nobody makes them unasked. */
export function findRepairs(document: OpenDocument, problem: Problem): readonly Fix[] {
  const { start, end } = problem.span;
  const trouble = { document, problem, marked: document.text.getText().slice(start, end) };
  const directive = document.script.directives
    .filter(({ span }) => span.start <= start && start < span.end)
    .at(-1);
  const inside = directive && inDirectives[problem.code]?.({ ...trouble, directive });
  return [...(inside ?? []), ...(anywhere[problem.code]?.(trouble) ?? [])];
}
