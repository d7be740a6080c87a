// Tables: the name of a value's column, from a header among the lines before.
import type { Token } from './tokens';

/** How many lines above a header is looked for. */
const farthestHeader = 200;

interface Cell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Table {
  readonly separator: ',' | 'blank';
  /** The name of the column of a value that begins here; undefined if it has none. */
  readonly nameAt: (start: number) => string | undefined;
}

/** `above`: the lines before, the nearest one last. Undefined if the line is not a row under a header. */
export function findTable(line: string, above: readonly string[]): Table | undefined {
  const headers = above.slice(-farthestHeader).reverse();
  return findCsv(line, headers) ?? findBlankTable(line, headers);
}

const isNumeric = (text: string): boolean =>
  /^[-+]?(?:[\d.]|nan\b|inf\b)/i.test(text.trim()) &&
  !/[A-Za-z_]{3}/.test(text.replace(/nan|inf(?:inity)?/gi, ''));

const isHeader = (cells: readonly Cell[]): boolean =>
  cells.filter(({ text }) => /\p{L}/u.test(text) && !isNumeric(text)).length >=
  Math.max(2, cells.length * 0.7);

const isRow = (cells: readonly Cell[]): boolean =>
  cells.length > 1 && cells.filter(({ text }) => isNumeric(text)).length >= cells.length / 2;

function cut(line: string, pattern: RegExp): readonly Cell[] {
  return [...line.matchAll(pattern)].map(({ index, 0: text }) => ({
    text,
    start: index,
    end: index + text.length,
  }));
}

const commaCells = (line: string): readonly Cell[] => cut(line, /(?<=^|,)[^,]*/g);
const blankCells = (line: string): readonly Cell[] => cut(line, /\S+/g);
/** Names of columns may have a blank. */
const wideCells = (line: string): readonly Cell[] => cut(line, /\S+(?:[ ]\S+)*/g);

const nameOf = (text: string | undefined): string | undefined =>
  text
    ?.replace(/\[[^[\]]*\]/g, '')
    .replace(/\([^()]*\)$/, '')
    .trim() || text?.trim();

function toTable(separator: Table['separator'], cells: readonly Cell[], names: readonly Cell[]): Table {
  return {
    separator,
    nameAt: (start) =>
      nameOf(names[cells.findIndex((cell) => start >= cell.start && start < cell.end)]?.text),
  };
}

function findCsv(line: string, headers: readonly string[]): Table | undefined {
  const cells = commaCells(line);
  if (!isRow(cells) || /[:=]\s/.test(line)) return undefined;
  const names = headers.map(commaCells).find((header) => header.length === cells.length && isHeader(header));
  return names && toTable(',', cells, names);
}

function findBlankTable(line: string, headers: readonly string[]): Table | undefined {
  const all = blankCells(line);
  // `DAV:` or `ENERGY:` before the row.
  const cells = all.slice(
    Math.max(
      0,
      all.findIndex(({ text }) => isNumeric(text)),
    ),
  );
  if (!isRow(all) || cells.length < 2) return undefined;
  for (const header of headers) {
    if (/[=,]/.test(header)) continue;
    const [wide, single] = [wideCells(header), blankCells(header)];
    if (wide.length === cells.length && isHeader(wide)) return toTable('blank', cells, wide);
    const isOneWordEach = wide.length === 1 || wide.length === single.length;
    if (isOneWordEach && single.length === all.length && isHeader(single))
      return toTable('blank', all, single);
    // `# step loss`
    const commented = single[0]?.text === '#' ? single.slice(1) : [];
    if (commented.length === cells.length && isHeader(commented)) return toTable('blank', cells, commented);
    if (wide.length > 3 && isHeader(wide) && cells.length > 3) return toAligned(all, wide);
  }
  return undefined;
}

/** Columns are aligned at their right: the one whose header ends nearest. */
const toAligned = (cells: readonly Cell[], names: readonly Cell[]): Table => ({
  separator: 'blank',
  nameAt: (start) => {
    const cell = cells.find((one) => start >= one.start && start < one.end);
    if (!cell) return undefined;
    const distance = (name: Cell): number => Math.abs(name.end - cell.end);
    return nameOf(names.reduce((best, name) => (distance(name) < distance(best) ? name : best)).text);
  },
});

/** Whether a token stands alone between blanks or commas. */
export const isCell = (line: string, { text, start }: Token): boolean =>
  /^[\s,]?$/.test(line.charAt(start - 1)) && /^[\s,]?$/.test(line.charAt(start + text.length));
