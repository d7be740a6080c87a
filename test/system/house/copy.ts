// A copy of the sources to which things are added by a row and a file each, as a next developer would.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** What a copy leaves out: what is not source, and what is installed or made. */
const leftOut = ['.git', '.cache', '.ci', 'dist', 'node_modules', 'out'].map((name) => join(root, name));

/** A line of a table, a type or a list: it goes right before or after the only place where `anchor` stands. */
export interface Row {
  readonly file: string;
  readonly anchor: string;
  readonly side: 'before' | 'after';
  readonly text: string;
}

export interface Addition {
  readonly rows: readonly Row[];
  /** Path and text of each new file. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Copy {
  readonly directory: string;
  remove(): void;
}

export function copySources(additions: readonly Addition[]): Copy {
  const directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-house-'));
  cpSync(root, directory, {
    recursive: true,
    filter: (path) => !leftOut.includes(path) && !path.endsWith('.vsix'),
  });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const { rows, files } of additions) {
    for (const row of rows) addRow(directory, row);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
  }
  return {
    directory,
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function addRow(directory: string, { file, anchor, side, text }: Row): void {
  const path = join(directory, file);
  const source = readFileSync(path, 'utf8');
  const at = source.indexOf(anchor);
  if (at < 0 || source.includes(anchor, at + 1))
    throw new Error(`${file} has "${anchor}" not just once: say anew where a row goes`);
  const place = side === 'before' ? at : at + anchor.length;
  writeFileSync(path, source.slice(0, place) + text + source.slice(place));
}
