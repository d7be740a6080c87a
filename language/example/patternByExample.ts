// From a piece of job output to the pieces of a pattern: what is captured of it, under which names, and what anchors it.
import { findColumnAnchors, findLabelAnchors, isAnchored } from './anchors';
import { toIdentifier, toUniqueNames } from './captureNames';
import { findCaptured, type CapturedValue } from './capturedValues';
import { findTable, type Table } from './columns';
import { toPieces, type Piece } from './pieces';
import { renderAsAsked } from './renderPattern';
import { cutTokens, findSegment, type Selection } from './selection';

/**
 * The pieces of the segment that is selected, with levels and captures as an expert would choose them: numbers of the selection
 * are captured, and the pattern begins at the label of the first one. `renderPattern` makes the pattern of them.
 */
export function piecesByExample(selection: Selection): readonly Piece[] {
  const segment = findSegment(selection);
  const table = findTable(segment.text, selection.above ?? []);
  const tokens = cutTokens(segment, table?.separator === ',');
  const captured = findCaptured(tokens, { ...segment, table });
  const pieces = capture(toPieces(tokens), captured, table);
  const candidates = captured.some(({ isColumn }) => isColumn)
    ? findColumnAnchors(pieces, captured)
    : findLabelAnchors(pieces, captured, segment);
  let last = pieces;
  for (const candidate of candidates) {
    last = candidate;
    if (isAnchored(candidate, captured) && renderAsAsked(candidate) !== undefined) return candidate;
  }
  return last;
}

/** The pieces with their captures; the first piece is the line's beginning, the others are the tokens. */
function capture(
  pieces: readonly Piece[],
  captured: readonly CapturedValue[],
  table: Table | undefined,
): readonly Piece[] {
  const names = toUniqueNames(captured.map(({ words }) => toIdentifier(words) ?? 'value'));
  const result = [...pieces];
  captured.forEach((value, index) => {
    const piece = pieces[value.at + 1];
    const name = names[index];
    if (!piece || name === undefined) return;
    const isReal =
      piece.kind === 'number' &&
      (isRealName(name) ||
        (table?.separator === 'blank' && !isCountName(name)) ||
        pieces[value.at + 2]?.text === '%');
    result[value.at + 1] = { ...piece, level: 'same', capture: name, ...(isReal && { isReal }) };
  });
  return result;
}

/** What is rarely a whole number, however it is printed. */
const isRealName = (name: string): boolean =>
  /loss|acc|error|norm|residual|rate|^lr$|energy|temp|press|score|perplexity|ppl|bleu|auc|f1|mse|mae/.test(
    name,
  );

const isCountName = (name: string): boolean => /step|iter|epoch|count|cycle|^n$|^ts$|^num/.test(name);
