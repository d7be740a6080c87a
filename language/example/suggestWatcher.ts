// From a piece of job output to a whole watcher: pattern, captures, name, an action, and conditions to choose from.
import type { ActionDefinition, Definition } from '../definition';
import { defaultDefinition } from '../schema';
import { toIdentifier } from './captureNames';
import { piecesByExample } from './patternByExample';
import { toCaptures, toLine, type Piece } from './pieces';
import { renderPattern } from './renderPattern';
import { findSegment, type Selection } from './selection';
import { isUnitWord } from './tokens';
import { tellsTrouble } from './trouble';

/** A condition that a person may have meant. */
export interface SuggestedCondition {
  /** In words: `loss is above 0.31`. */
  readonly title: string;
  readonly condition: string;
}

export interface SuggestedWatcher {
  /** What the pattern is made of; `renderPattern` makes it again after a change. */
  readonly pieces: readonly Piece[];
  readonly definition: Definition;
  readonly conditions: readonly SuggestedCondition[];
}

/** A watcher for lines like this one: it keeps a number as a metric, or tells what it found. */
export function suggestWatcher(selection: Selection): SuggestedWatcher {
  const pieces = piecesByExample(selection);
  const { text, span } = findSegment(selection);
  const captures = toCaptures(pieces);
  const definition: Definition = {
    ...defaultDefinition,
    name: pieces[findMetric(pieces)]?.capture ?? captures[0] ?? toName(text.slice(span.start, span.end)),
    pattern: renderPattern(pieces),
    captures,
    actions: [toAction(pieces)],
  };
  return { pieces, definition, conditions: pieces.flatMap(toConditions) };
}

const longestName = 30;

const toName = (text: string): string =>
  toIdentifier(text)?.slice(0, longestName).replaceAll('_', ' ').trim() ?? 'found';

/** Digits in groups or in hexadecimal are no number for a metric. */
const isMetric = ({ kind, text, capture }: Piece): boolean =>
  capture !== undefined && kind === 'number' && !/,|^[-+]?0x/i.test(text);

/** They say how far the work is, and how long it took: not what a person wants to see drawn, if there is anything else. */
const progressNames = new Set(
  ['step', 'epoch', 'iter', 'iteration', 'batch', 'round']
    .flatMap((name) => [name, `${name}s`])
    .concat('it', 'batches', 'total', 'percent', 'elapsed', 'remaining', 'eta', 'v_num'),
);

const isProgress = ({ capture = '' }: Piece): boolean =>
  progressNames.has(capture.replace(/^global_/, '')) || /_per_s$|^s_per_/.test(capture);

/** -1 if no number is captured. */
function findMetric(pieces: readonly Piece[]): number {
  const at = pieces.findIndex((piece) => isMetric(piece) && !isProgress(piece));
  return at === -1 ? pieces.findIndex(isMetric) : at;
}

function toAction(pieces: readonly Piece[]): ActionDefinition {
  const said = pieces.filter(({ level, capture }) => level !== 'any' && capture === undefined);
  const isTrouble =
    tellsTrouble(toLine(said)) && !toCaptures(pieces).some((name) => tellsTrouble(name.replaceAll('_', ' ')));
  const at = isTrouble ? -1 : findMetric(pieces);
  const name = pieces[at]?.capture;
  if (name === undefined) {
    return {
      type: 'log_event',
      params: isTrouble ? { message: '$0', level: 'error' } : { message: '$0' },
      condition: null,
    };
  }
  const unit = findUnit(pieces, at);
  const params = { name, value: `$${name}`, ...(unit !== undefined && { unit }) };
  return { type: 'store_metric', params, condition: null };
}

/** What stands right after the number, and is in the pattern or a unit that is known. */
function findUnit(pieces: readonly Piece[], at: number): string | undefined {
  const next = pieces[at + 1];
  if (next?.kind === 'unit') return next.text;
  const word = next?.text === ' ' ? pieces[at + 2] : undefined;
  return word?.kind === 'word' && isUnitWord(word.text) ? word.text : undefined;
}

function toConditions(piece: Piece): readonly SuggestedCondition[] {
  const { capture, kind, text } = piece;
  if (capture === undefined) return [];
  if (kind !== 'number')
    return [{ title: `${capture} is ${text}`, condition: `${capture} == ${toLiteral(text)}` }];
  const number = toNumberText(text);
  if (number === undefined) return [];
  const value = `float(${toReadable(capture, text)})`;
  const isNan = { title: `${capture} is not a number`, condition: `${value} != ${value}` };
  if (!/^[-+.\d]/.test(number)) return [isNan];
  return [
    { title: `${capture} is above ${number}`, condition: `${value} > ${number}` },
    { title: `${capture} is below ${number}`, condition: `${value} < ${number}` },
    ...(isFraction(piece) ? [isNan] : []),
  ];
}

const isFraction = ({ isReal, text }: Piece): boolean => isReal === true || /[.eEdD]/.test(text);

/** A capture as float() reads it: without the commas, and with the exponent of C. */
function toReadable(capture: string, text: string): string {
  if (text.includes(',')) return `${capture}.replace(",", "")`;
  return /[dDqQ]/.test(text) ? `${capture}.upper().replace("D", "E")` : capture;
}

/** Undefined for what is not decimal. */
function toNumberText(text: string): string | undefined {
  if (/^[-+]?0x/i.test(text)) return undefined;
  return text
    .replaceAll(',', '')
    .replace(/[dDqQ](?=[-+]?\d)/, 'e')
    .replace(/^\+/, '');
}

const toLiteral = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
