// What the probe page and its test say to each other.
import { text, type Fields } from '../../../engine/shapes';

export interface ProbeProtocol {
  readonly context: { readonly title: string };
  readonly state: { readonly count: number };
  readonly asks: { greet: [{ readonly name: string }, string] };
  readonly news: { add: number };
}

export const probeAsks: { readonly greet: Fields<{ readonly name: string }> } = { greet: { name: text } };

/** What the page lets its test reach. */
export interface ProbeWindow {
  probe: {
    readonly rows: {
      readonly visible: { readonly first: number; readonly end: number };
      setCount(count: number): void;
      scrollTo(index: number): void;
      scrollToEnd(): void;
    };
    readonly spin: (ms: number) => Promise<string>;
  };
}
