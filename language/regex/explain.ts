// A pattern in words, piece by piece: what hover shows and what a person reads who does not know regular expressions.
import type { Span } from '../text';
import type { GroupNode, Node, PatternTree, Place, RepeatNode, SetItem, UnitNode } from './tree';

/** One piece of a pattern; those inside of it are one level deeper and follow it. */
export interface Piece {
  readonly span: Span;
  readonly depth: number;
  readonly words: string;
}

/** In the order of the pattern; texts are one piece, not one for each character. */
export const explainPattern = ({ root, source }: PatternTree): readonly Piece[] => explain(root, source, 0);

function explain(node: Node, source: string, depth: number): readonly Piece[] {
  const piece = (words: string, inside: readonly Piece[] = []): readonly Piece[] => [
    { span: node.span, depth, words },
    ...inside,
  ];
  const below = (inner: Node): readonly Piece[] => explain(inner, source, depth + 1);
  switch (node.kind) {
    case 'sequence':
      return explainSequence(node.nodes, source, depth);
    case 'alternation':
      return piece(
        'one of these',
        node.alternatives.flatMap((alternative) =>
          alternative.nodes.length === 0
            ? [{ span: alternative.span, depth: depth + 1, words: 'nothing' }]
            : below(alternative),
        ),
      );
    case 'group':
      return piece(describeGroup(node), below(node.body));
    case 'repeat':
      return isSimple(node.body)
        ? piece(`${describeSimple(node.body)}, ${describeCount(node)}`)
        : piece(describeCount(node), below(node.body));
    case 'look':
      return piece(describeLook(node.behind, node.negated), below(node.body));
    case 'atomic':
      return piece('what matches here is not tried again', below(node.body));
    case 'conditional':
      return piece(`where group ${node.group} took part, the first of these, else the second`, [
        ...below(node.yes),
        ...(node.no ? below(node.no) : []),
      ]);
    default:
      return piece(describeSimple(node));
  }
}

type SimpleNode = Extract<Node, { kind: 'unit' | 'any' | 'place' | 'backreference' }>;

const isSimple = (node: Node): node is SimpleNode =>
  node.kind === 'unit' || node.kind === 'any' || node.kind === 'place' || node.kind === 'backreference';

function describeSimple(node: SimpleNode): string {
  switch (node.kind) {
    case 'unit':
      return describeUnit(node);
    case 'any':
      return node.dotAll ? 'any character' : 'any character but a line end';
    case 'place':
      return places[node.place];
    case 'backreference':
      return `the same text as group ${node.group}`;
  }
}

const places: Readonly<Record<Place, string>> = {
  textStart: 'the beginning of the text',
  textEnd: 'the end of the text',
  lineStart: 'the beginning of the line',
  lineEnd: 'the end of the line',
  lastLineEnd: 'the end of the text',
  wordBoundary: 'the beginning or end of a word',
  noWordBoundary: 'no beginning or end of a word',
};

/** Neighbours that are plain characters are one text. */
function explainSequence(nodes: readonly Node[], source: string, depth: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < nodes.length;) {
    const literals = nodes.slice(at, findTextEnd(nodes, at)).filter((node) => node.kind === 'unit');
    const [node, last] = [nodes[at], literals.at(-1)];
    if (!node) break;
    if (last && literals.length > 1) {
      const ignoresCase = literals.some(({ ignoreCase }) => ignoreCase) ? ', in any case' : '';
      const span = { start: node.span.start, end: last.span.end };
      pieces.push({ span, depth, words: `the text${ignoresCase}` });
      at += literals.length;
    } else {
      pieces.push(...explain(node, source, depth));
      at += 1;
    }
  }
  return pieces;
}

function findTextEnd(nodes: readonly Node[], from: number): number {
  let end = from;
  while (isLiteral(nodes[end])) end += 1;
  return end;
}

function isLiteral(node: Node | undefined): node is UnitNode {
  return node?.kind === 'unit' && !node.negated && node.items.length === 1 && node.items[0]?.kind === 'char';
}

function describeUnit({ items, negated, ignoreCase }: UnitNode): string {
  const words = items.map(describeItem);
  const list =
    words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
  const inAnyCase = ignoreCase && items.some(({ kind }) => kind !== 'class') ? ', in any case' : '';
  return (negated ? `any character but ${list}` : list) + inAnyCase;
}

const classWords = {
  digit: ['a digit', 'no digit'],
  space: ['a blank', 'no blank'],
  word: ['a letter, digit or "_"', 'no letter, digit or "_"'],
} as const;

function describeItem(item: SetItem): string {
  if (item.kind === 'char') return printCharacter(item.code);
  if (item.kind === 'range') return `${printCharacter(item.first)} to ${printCharacter(item.last)}`;
  return classWords[item.name][item.negated ? 1 : 0];
}

const named: Readonly<Record<number, string>> = {
  9: 'a tab',
  10: 'a line end',
  13: 'a carriage return',
  32: 'a space',
};

const printCharacter = (code: number): string =>
  named[code] ?? (code < 32 ? `character ${code}` : `"${String.fromCodePoint(code)}"`);

function describeGroup({ number, name }: GroupNode): string {
  if (number === undefined) return 'together';
  return name === undefined ? `group ${number}` : `group ${number}, ${name}`;
}

function describeCount({ min, max, mode }: RepeatNode): string {
  const manner = { greedy: '', lazy: ', as few as possible', possessive: ', and none given back' }[mode];
  return printCount(min, max) + manner;
}

function printCount(min: number, max: number): string {
  if (max === Infinity)
    return min === 0 ? 'any number of times' : min === 1 ? 'once or more' : `${min} times or more`;
  if (min === max) return min === 1 ? 'once' : `${min} times`;
  return min === 0 && max === 1 ? 'once or not at all' : `${min} to ${max} times`;
}

function describeLook(behind: boolean, negated: boolean): string {
  if (negated) return behind ? 'only where this does not stand before' : 'only where this does not follow';
  return behind ? 'only where this stands before' : 'only where this follows';
}
