// A directive in coloured pieces that do not overlap and do not cross lines.
import { findParam } from '../language/actionTable';
import type { WrittenAction } from '../language/calls';
import { markers, markerSpan } from '../language/directive/markers';
import { findFunction } from '../language/condition/reference';
import { spanIn, spanOf, type MappedText } from '../language/mappedText';
import { childrenOf, type Node } from '../language/regex/tree';
import { fieldTable, type FieldType } from '../language/schema';
import type { Directive } from '../language/directive';
import { findVariables } from '../language/template';
import type { Span } from '../language/text';
import { parseList } from '../language/values';
import { partsOf } from './directiveParts';

/** Names of the protocol, in the order of the legend. */
export const tokenTypes = [
  'keyword',
  'property',
  'function',
  'parameter',
  'variable',
  'string',
  'regexp',
  'number',
  'enumMember',
  'operator',
] as const;

type TokenType = (typeof tokenTypes)[number];

export interface Token {
  readonly span: Span;
  readonly type: TokenType;
}

export function findTokens(directive: Directive, script: string): readonly Token[] {
  const { pattern, names, conditions } = partsOf(directive);
  const inner: readonly Token[] = [
    ...findMarkers(directive, script).map((span) => toToken('keyword', span)),
    ...names.map((name) => toToken('variable', spanOf(name))),
    ...findStates(directive),
    ...(pattern?.compiled ? findInPattern(pattern.text, pattern.compiled.tree.root) : []),
    ...conditions.flatMap(findInCondition),
    ...directive.actions.flatMap(findInAction),
    ...directive.fields.map(({ key }) => toToken('property', spanOf(key))),
  ];
  return [...inner, ...fillGaps(findValues(directive), inner, script)].filter(({ span }) =>
    isInLine(span, script),
  );
}

/** What begins it, and what ends a block that is closed. */
function findMarkers(directive: Directive, script: string): readonly Span[] {
  const { kind, span } = directive;
  const end = { start: span.end - markers.end.length, end: span.end };
  const isClosed = kind === 'block' && script.slice(end.start, end.end) === markers.end;
  return isClosed ? [markerSpan(directive), end] : [markerSpan(directive)];
}

const toToken = (type: TokenType, span: Span): Token => ({ type, span });

const isInLine = ({ start, end }: Span, script: string): boolean =>
  end > start && !script.slice(start, end).includes('\n');

const valueTypes: Readonly<Partial<Record<FieldType, TokenType>>> = {
  text: 'string',
  pattern: 'string',
  duration: 'number',
  count: 'number',
  boolean: 'enumMember',
  output: 'enumMember',
};

const findStates = ({ fields }: Directive): readonly Token[] =>
  fields
    .filter(({ field }) => field !== undefined && fieldTable[field].type === 'states')
    .flatMap(({ value }) => parseList(value).map((item) => toToken('enumMember', spanOf(item))));

/** Values as wholes, which other tokens may stand in. */
function findValues({ fields, actions }: Directive): readonly Token[] {
  const ofFields = fields.flatMap(({ field, value }) => {
    const type = field && valueTypes[fieldTable[field].type];
    return type ? toToken(type, spanOf(value)) : [];
  });
  const ofParams = actions.flatMap(({ type, params }) =>
    params.map(({ name, value }) => {
      const kind = type && name ? findParam(type, name.text)?.type : undefined;
      return toToken(kind === 'choice' || kind === 'boolean' ? 'enumMember' : 'string', spanOf(value));
    }),
  );
  return [
    ...ofFields,
    ...ofParams.filter(({ span }) => !ofFields.some((field) => contains(field.span, span))),
  ];
}

const contains = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** The stretches of the wholes that no inner token covers. */
function fillGaps(wholes: readonly Token[], inner: readonly Token[], script: string): readonly Token[] {
  return wholes.flatMap(({ span, type }) => {
    const inside = inner
      .filter((token) => contains(span, token.span))
      .sort((a, b) => a.span.start - b.span.start);
    const gaps: Token[] = [];
    let from = span.start;
    for (const token of [...inside, toToken(type, { start: span.end, end: span.end })]) {
      const gap = { start: from, end: token.span.start };
      if (/\S/.test(script.slice(gap.start, gap.end))) gaps.push(toToken(type, gap));
      from = Math.max(from, token.span.end);
    }
    return gaps;
  });
}

/** Parentheses, quantifiers, bars, places and sets, so that the structure of a pattern is seen; the rest is text. */
function findInPattern(text: MappedText, node: Node): readonly Token[] {
  const operator = (start: number, end: number): Token => toToken('operator', spanIn(text, start, end));
  const inside = childrenOf(node).flatMap((child) => findInPattern(text, child));
  const { start, end } = node.span;
  if (node.kind === 'place') return [operator(start, end)];
  if (node.kind === 'any' || (node.kind === 'unit' && end - start > 1 && isSpecial(text.text[start])))
    return [toToken('regexp', spanIn(text, start, end))];
  if (node.kind === 'alternation')
    return [...inside, ...node.alternatives.slice(0, -1).map(({ span }) => operator(span.end, span.end + 1))];
  if (node.kind === 'repeat')
    return [...inside, operator(node.quantifierSpan.start, node.quantifierSpan.end)];
  if (node.kind !== 'group') return inside;
  const name = node.nameSpan
    ? [toToken('variable', spanIn(text, node.nameSpan.start, node.nameSpan.end))]
    : [];
  return [
    operator(node.span.start, node.span.start + 1),
    ...name,
    ...inside,
    operator(node.span.end - 1, node.span.end),
  ];
}

/** An escape or a set; other characters of two units stand for themselves. */
const isSpecial = (character: string | undefined): boolean => character === '\\' || character === '[';

const conditionPiece =
  /(?<string>"[^"]*"|'[^']*')|(?<number>(?<![\w.])\d[\d_.]*(?:e[-+]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<operator>[-+*/%<>=!&|^~]+)/gi;

const words: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'else',
  'True',
  'False',
  'None',
]);

function findInCondition(text: MappedText): readonly Token[] {
  return [...text.text.matchAll(conditionPiece)].map(({ index, 0: piece, groups = {} }) => {
    const span = spanIn(text, index, index + piece.length);
    if (groups['string'] !== undefined) return toToken('string', span);
    if (groups['number'] !== undefined) return toToken('number', span);
    if (groups['operator'] !== undefined) return toToken('operator', span);
    if (words.has(piece)) return toToken('keyword', span);
    const isCalled = findFunction(piece) !== undefined || text.text[index - 1] === '.';
    return toToken(isCalled ? 'function' : 'variable', span);
  });
}

function findInAction({ type, name, params }: WrittenAction): readonly Token[] {
  return [
    ...(type ? [toToken('function', spanOf(name))] : []),
    ...params.flatMap((param) => [
      ...(param.name ? [toToken('parameter', spanOf(param.name))] : []),
      ...findVariables(param.value.text).map(({ start, end }) =>
        toToken('variable', spanIn(param.value, start, end)),
      ),
    ]),
  ];
}
