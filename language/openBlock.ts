// Whether a line stands in a block that is being written: decided from the lines above, without parsing the script.

/** `lineAt` gives a line's text; also true for a block that says nothing yet, or that is not closed. */
export function isInOpenBlock(lineAt: (line: number) => string, line: number): boolean {
  for (let above = line - 1; above >= 0; above--) {
    const trimmed = lineAt(above).trim();
    if (trimmed === '#WATCHER_BEGIN') return true;
    if (!trimmed.startsWith('#') || /^#(?:WATCHER_END$|SBATCH\b)/.test(trimmed)) return false;
  }
  return false;
}

/** Whether a new, empty line shall go on with the block as a comment; a line of nothing but `#` was meant as its end. */
export const continuesBlock = (lineAt: (line: number) => string, line: number): boolean =>
  line > 0 && lineAt(line).trim() === '' && lineAt(line - 1).trim() !== '#' && isInOpenBlock(lineAt, line);
