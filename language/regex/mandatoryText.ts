// Text that every match of a pattern contains: what has none of it need not be matched at all.
import { findCaseClass, toLower } from './caseFold';
import type { Node, ParsedPattern, Sequence, SetItem } from './tree';

/** Every match contains one of the alternatives; with `ignoreCase` they are lower-case ASCII, and case does not count. */
export interface MandatoryText {
  readonly alternatives: readonly string[];
  readonly ignoreCase: boolean;
}

/** More of them cost more than they save. */
const maxAlternatives = 8;

/** The longest text that can be had, or undefined where matches have nothing in common. */
export function findMandatoryText(pattern: ParsedPattern): MandatoryText | undefined {
  return bestOf(pattern.body);
}

function bestOf(sequence: Sequence): MandatoryText | undefined {
  const search = new Search();
  search.addAll(sequence);
  return search.finish();
}

/** Goes over a sequence once, joining characters that stand side by side. */
class Search {
  private best: MandatoryText | undefined;
  private run = '';
  private runIgnoresCase = false;

  addAll(sequence: Sequence): void {
    for (const node of sequence) this.add(node);
  }

  finish(): MandatoryText | undefined {
    this.endRun();
    return this.best;
  }

  private add(node: Node): void {
    switch (node.op) {
      case 'anchor':
      case 'look':
        return;
      case 'group':
      case 'scope':
      case 'atomic':
        this.addAll(node.body);
        return;
      case 'set':
        this.addSet(node);
        return;
      case 'repeat':
        this.endRun();
        if (node.min > 0) this.offer(bestOf(node.body));
        return;
      case 'branch':
        this.endRun();
        this.offer(unite(node.branches.map(bestOf)));
        return;
      case 'any':
      case 'reference':
      case 'conditional':
        this.endRun();
        return;
    }
  }

  private addSet({ items, negate, flags }: Extract<Node, { op: 'set' }>): void {
    const code = negate ? undefined : findOnlyCode(items);
    if (code === undefined || !isPlain(code, flags.ignoreCase, flags.ascii)) {
      this.endRun();
      return;
    }
    if (flags.ignoreCase !== this.runIgnoresCase) this.endRun();
    this.runIgnoresCase = flags.ignoreCase;
    this.run += String.fromCodePoint(flags.ignoreCase ? toLower(code, flags.ascii) : code);
  }

  private endRun(): void {
    if (this.run !== '') this.offer({ alternatives: [this.run], ignoreCase: this.runIgnoresCase });
    this.run = '';
  }

  private offer(text: MandatoryText | undefined): void {
    if (text && (!this.best || worthOf(text) > worthOf(this.best))) this.best = text;
  }
}

function findOnlyCode(items: readonly SetItem[]): number | undefined {
  const [only] = items;
  return items.length === 1 && only?.kind === 'range' && only.low === only.high ? only.low : undefined;
}

/** Whether a match has this very character; without regard to case, whether only ASCII can stand for it. */
function isPlain(code: number, ignoreCase: boolean, ascii: boolean): boolean {
  // Undecodable bytes become U+FFFD, and surrogates stand in no decoded text.
  if (!ignoreCase) return code !== 0xfffd && (code < 0xd800 || code > 0xdfff);
  if (code > 0x7f) return false;
  // The Kelvin sign is another k to Python.
  return ascii || (code !== 0x4b && code !== 0x6b && findCaseClass(toLower(code, false), false).length === 1);
}

/** One of the branches matches: any of their texts. */
function unite(texts: readonly (MandatoryText | undefined)[]): MandatoryText | undefined {
  const [first] = texts;
  const all = texts.flatMap((text) => (text && text.ignoreCase === first?.ignoreCase ? [text] : []));
  if (!first || all.length < texts.length) return undefined;
  const alternatives = [...new Set(all.flatMap((text) => text.alternatives))];
  return alternatives.length > maxAlternatives ? undefined : { alternatives, ignoreCase: first.ignoreCase };
}

const worthOf = ({ alternatives }: MandatoryText): number => {
  const shortest = Math.min(...alternatives.map((text) => text.length));
  return shortest - (alternatives.length - 1) / maxAlternatives;
};
