// One modification of resubmit: a long option of sbatch and its new value, or why a job that is submitted again cannot have it.
import type { Json } from '../json/value';
import { findNearest } from '../nearest';
import type { Refusal } from '../shell/operands';
import {
  findLongOptions,
  findShortOption,
  mistakenNames,
  sbatchNames,
  sbatchRow,
  type SbatchOption,
} from './optionTable';
import { describeKind, isValueOf } from './values';

/** `text`: `--mem=8G`, or a flag; null: the option is taken away. */
export interface Modification {
  readonly option: SbatchOption;
  readonly text: string | null;
}

export interface RefusedModification extends Refusal {
  /** Whether the name is wrong or the value. */
  readonly what: 'name' | 'value';
  /** The name that was probably meant. */
  readonly nearest?: string;
}

const refusedOptions: ReadonlySet<SbatchOption> = new Set([
  ...(['wrap', 'test-only', 'quiet', 'wait', 'help', 'usage', 'version', 'clusters'] as const),
]);

/** True sets a flag, null and false take an option away. */
export function readModification(name: string, value: Json): Modification | RefusedModification {
  const [option, ...others] = findNamed(name);
  if (option === undefined) return toUnknown(name);
  if (others.length > 0)
    return {
      what: 'name',
      reason: `it can mean ${[option, ...others].join(' or ')}`,
      remedy: 'Write the whole name.',
    };
  if (refusedOptions.has(option))
    return { what: 'name', reason: 'a job that is submitted again cannot have it', remedy: 'Leave it out.' };
  if (value === null || value === false) return { option, text: null };
  const row = sbatchRow(option);
  const remedy = `Give it a ${describeKind(row)}.`;
  if (value === true)
    return row.value === 'none' || row.optional === true
      ? { option, text: `--${option}` }
      : { what: 'value', reason: 'it needs a value', remedy };
  if (row.value === 'none')
    return {
      what: 'value',
      reason: 'it takes no value',
      remedy: 'Write true to set it, false to take it away.',
    };
  if (typeof value === 'object')
    return { what: 'value', reason: 'its value is neither text nor a number', remedy };
  return readValue(option, String(value));
}

function toUnknown(name: string): RefusedModification {
  const plain = toPlainName(name);
  const nearest = mistakenNames.get(plain) ?? findNearest(plain, sbatchNames);
  const reason = 'sbatch has no such option';
  return nearest === undefined
    ? { what: 'name', reason, remedy: 'Write a long option of sbatch.' }
    : { what: 'name', reason, remedy: `Write "${nearest}".`, nearest };
}

function readValue(option: SbatchOption, value: string): Modification | RefusedModification {
  const row = sbatchRow(option);
  if (/[\0\n\r]/.test(value))
    return { what: 'value', reason: 'its value has more than one line', remedy: 'Write one line.' };
  if (value.includes('$'))
    return {
      what: 'value',
      reason: 'a variable in its value has no value, or one that is not a plain word',
      remedy: 'Have the pattern capture a plain word, such as a number.',
    };
  if ((value === '' && row.nothing !== true) || !isValueOf(row, value))
    return {
      what: 'value',
      reason: `"${value}" is not a value for it`,
      remedy: `Write a ${describeKind(row)}.`,
    };
  return { option, text: `--${option}=${value}` };
}

const toPlainName = (name: string): string =>
  name
    .trim()
    .replace(/^-{1,2}/, '')
    .toLowerCase()
    .replaceAll('_', '-');

/** As sbatch reads names, and as Python writes them: `mem_per_cpu`. */
function findNamed(name: string): readonly SbatchOption[] {
  const plain = name.trim().replace(/^-{1,2}/, '');
  if (plain.length === 1) return [findShortOption(plain) ?? []].flat();
  return findLongOptions(toPlainName(name));
}
