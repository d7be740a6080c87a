// A value of a block over several lines: each loses its comment where the next one follows.
import { joinTexts, sliceText, type MappedText } from './mappedText';
import { findComment, findPlainComment } from './scan';

/** Comments of later lines are looked for without what stands before them. */
const longestScanned = 4000;

/** A value and the lines that go on with it, each without its comment; the last one has it still. */
export class LongValue {
  private readonly lines: MappedText[] = [];
  /** The text of the lines but for the last. */
  private text = '';

  constructor(private last: MappedText) {}

  get isEmpty(): boolean {
    return this.text === '' && this.last.text.trim() === '';
  }

  add(line: MappedText): void {
    const kept = sliceText(this.last, 0, this.findLastComment());
    if (kept.text !== '') {
      this.lines.push(kept);
      this.text += this.text === '' ? kept.text : ` ${kept.text}`;
    }
    this.last = line;
  }

  whole(): MappedText {
    const [first = this.last, ...others] = this.lines;
    return joinTexts(first, this.lines.length === 0 ? [] : [...others, this.last]);
  }

  private findLastComment(): number {
    const { text } = this.last;
    if (!/(?:^|\s)#/.test(text)) return text.length;
    if (this.text.length > longestScanned) return text.startsWith('#') ? 0 : findPlainComment(text);
    const whole = this.text === '' ? text : `${this.text} ${text}`;
    return Math.max(0, findComment(whole) - (whole.length - text.length));
  }
}
