// The names of the watchers of one text: `watcher N` where none is written, and equal ones are a problem.
import type { BoundDirective } from './bind';
import { toProblem, type Problem } from './problem';
import type { Span } from './text';

export class WatcherNames {
  private readonly lines = new Map<string, number>();
  private count = 0;

  /** The name of the next watcher. `place`: where its directive stands. */
  take(
    { definition, nameSpan }: BoundDirective,
    place: { readonly span: Span; readonly line: number },
  ): { readonly name: string; readonly problem?: Problem } {
    this.count += 1;
    const name = definition?.name || `watcher ${this.count}`;
    const former = this.lines.get(name);
    if (former === undefined) {
      this.lines.set(name, place.line);
      return { name };
    }
    const message = `The watcher in line ${former} is called "${name}" too.`;
    const remedy = 'Give each watcher its own name.';
    return { name, problem: toProblem('duplicate-name', nameSpan ?? place.span, message, remedy) };
  }
}
