// Says which segments may have a match of which pattern, by the literals that every match contains.
import type { MandatoryLiterals } from '../../language/regex/mandatoryLiteral';
import { LiteralAutomaton, type Literal } from './literalAutomaton';
import type { OutputChunk } from './outputChunk';

/** Segments in rising order that may have a match of a pattern; undefined: all of them. */
export type Candidates = readonly number[] | undefined;

/** A longer literal is looked for by its beginning: that is rare enough. */
const maxLength = 16;

interface ListedLiteral extends Literal {
  /** Places of the lists that it is in. */
  readonly lists: number[];
}

/** Lists and literals that several patterns have are looked for once. */
export class LiteralIndex {
  private readonly listCount: number;
  /** By pattern, the places of its lists. */
  private readonly listsOf: readonly (readonly number[])[];
  private readonly automaton: LiteralAutomaton<ListedLiteral>;

  constructor(literals: readonly (MandatoryLiterals | undefined)[]) {
    const known = new Map<string, number>();
    const listed = new Map<string, ListedLiteral>();
    const findList = (texts: readonly string[], folded: boolean): number => {
      const key = JSON.stringify([folded, texts]);
      let list = known.get(key);
      if (list !== undefined) return list;
      known.set(key, (list = known.size));
      for (const text of texts) addLiteral(listed, { text, folded, list });
      return list;
    };
    this.listsOf = literals.map((some) => some?.lists.map((texts) => findList(texts, some.folded)) ?? []);
    this.listCount = known.size;
    this.automaton = new LiteralAutomaton([...listed.values()]);
  }

  /** By pattern. */
  search(chunk: OutputChunk): readonly Candidates[] {
    const found = this.searchLists(chunk);
    return this.listsOf.map((lists) => {
      const all = lists.map((list) => found[list] ?? []).sort((one, other) => one.length - other.length);
      return all.length === 0 ? undefined : all.reduce(intersect);
    });
  }

  /** By list, the segments that have a text of it. */
  private searchLists(chunk: OutputChunk): readonly (readonly number[])[] {
    const found = Array.from({ length: this.listCount }, (): number[] => []);
    let segment = 0;
    this.automaton.find(chunk.bytes, ({ lists }, last) => {
      segment = chunk.segmentAt(last, segment);
      for (const list of lists) {
        const segments = found[list];
        if (segments && segments.at(-1) !== segment) segments.push(segment);
      }
    });
    return found;
  }
}

interface Listing {
  readonly text: string;
  readonly folded: boolean;
  readonly list: number;
}

function addLiteral(listed: Map<string, ListedLiteral>, { text, folded, list }: Listing): void {
  const bytes = Buffer.from(text).subarray(0, maxLength);
  const key = `${folded} ${bytes.toString('latin1')}`;
  const literal = listed.get(key);
  if (literal === undefined) listed.set(key, { bytes, folded, lists: [list] });
  else if (literal.lists.at(-1) !== list) literal.lists.push(list);
}

/** Of numbers in rising order. */
function intersect(some: readonly number[], others: readonly number[]): readonly number[] {
  let next = 0;
  return some.filter((number) => {
    while ((others[next] ?? Infinity) < number) next++;
    return others[next] === number;
  });
}
