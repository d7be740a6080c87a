// Text that comes in pieces, as whole lines.

export interface LineFlow {
  readonly take: (text: string) => void;
  /** Gives what is left without a line end. */
  readonly end: () => void;
  /** Whether anything has come. */
  readonly hasBegun: () => boolean;
}

/** A line longer than this is given in parts, characters. */
const longestLine = 10_000;

export function createLineFlow(tell: (line: string) => void): LineFlow {
  let rest = '';
  let hasBegun = false;
  return {
    take: (text) => {
      hasBegun ||= text !== '';
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) tell(line);
      for (; rest.length > longestLine; rest = rest.slice(longestLine)) tell(rest.slice(0, longestLine));
    },
    end: () => {
      if (rest !== '') tell(rest);
      rest = '';
    },
    hasBegun: () => hasBegun,
  };
}
