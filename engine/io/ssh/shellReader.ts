// Reads regular files where SFTP is off: two commands, whatever the number of files.
import type { ReadAnswer, ReadRequest } from '../../ports';
import { toIrregular } from '../irregular';
import { planStretches, toAnswer, toQuiet, type Extent, type Stretch } from '../stretch';

/** Runs a script with input, and gives what it wrote. */
export type RunScript = (script: string, input: string) => Promise<Buffer>;

/** Nothing is opened that is not a regular file. GNU's stat gives size and time in one go; without it the time is unknown. */
const sizeScript = `
LC_ALL=C; export LC_ALL
while IFS= read -r path; do
  if [ -f "$path" ]; then
    if [ ! -r "$path" ]; then echo 'failed Permission denied'
    else stat -L -c 'size %s %Y' -- "$path" 2>/dev/null || { size=$(wc -c < "$path") && echo "size $size"; } || echo 'failed It cannot be read'
    fi
  elif [ -d "$path" ]; then echo 'irregular a directory'
  elif [ -p "$path" ]; then echo 'irregular a FIFO'
  elif [ -S "$path" ]; then echo 'irregular a socket'
  elif [ -e "$path" ]; then echo 'irregular a device'
  else echo missing
  fi
done`;

/** Behind each stretch stands a mark that no file knows. */
const toStretchScript = (mark: string): string => `
LC_ALL=C; export LC_ALL
while read -r from length && IFS= read -r path; do
  [ -f "$path" ] && tail -c "+$((from + 1))" "$path" 2>/dev/null | head -c "$length"
  printf '\\036${mark}\\036'
done`;

type Size = (Extent & { readonly kind: 'size' }) | Exclude<ReadAnswer, { kind: 'read' }>;

export async function readByShell(
  requests: readonly ReadRequest[],
  run: RunScript,
  mark: string,
): Promise<readonly ReadAnswer[]> {
  const lines = requests.filter(({ path }) => !path.includes('\n')).map(({ path }) => `${path}\n`);
  const printed = (await run(sizeScript, lines.join(''))).toString().split('\n');
  const sizes = requests.map(({ path }): Size =>
    path.includes('\n')
      ? { kind: 'failed', message: 'A line feed in a path needs SFTP.' }
      : parseSize(printed.shift() ?? ''),
  );
  const plans = requests.map((request, index) => {
    const size = sizes[index];
    return size?.kind === 'size' ? planStretches(request, size.size) : null;
  });
  const wanted = requests.flatMap(({ path }, index) => {
    const plan = plans[index];
    return plan ? [plan.around, plan.head].map((stretch) => ({ path, stretch })) : [];
  });
  const pieces = wanted.length === 0 ? [] : await readStretches(wanted, run, mark);
  return requests.map((request, index) => {
    const size = sizes[index] ?? { kind: 'missing' };
    if (size.kind !== 'size') return size;
    if (!plans[index]) return toQuiet(size);
    const [around = Buffer.of(), head = Buffer.of()] = pieces.splice(0, 2);
    return toAnswer(request, { ...size, around, head });
  });
}

async function readStretches(
  wanted: readonly { readonly path: string; readonly stretch: Stretch }[],
  run: RunScript,
  mark: string,
): Promise<Buffer[]> {
  const input = wanted.map(({ path, stretch: { from, length } }) => `${from} ${length}\n${path}\n`).join('');
  const output = await run(toStretchScript(mark), input);
  const edge = Buffer.from(`\x1e${mark}\x1e`);
  const pieces: Buffer[] = [];
  for (let start = 0; pieces.length < wanted.length;) {
    const end = output.indexOf(edge, start);
    if (end === -1) break;
    pieces.push(output.subarray(start, end));
    start = end + edge.length;
  }
  return pieces;
}

function parseSize(line: string): Size {
  const [, kind, written = ''] = /^(\w+)(.*)/s.exec(line) ?? [];
  const rest = written.trim();
  if (kind === 'size') {
    const [size, seconds] = rest.split(' ');
    return {
      kind: 'size',
      size: Number(size),
      modified: seconds === undefined ? null : Number(seconds) * 1000,
    };
  }
  if (kind === 'irregular') return toIrregular(rest);
  return kind === 'missing' ? { kind: 'missing' } : { kind: 'failed', message: rest === '' ? line : rest };
}

/** Says yes once the file has given its size and its first byte, whatever they are. */
export const lookScript = `
IFS= read -r path
[ ! -f "$path" ] || head -c 1 "$path" >/dev/null 2>&1
exit 0`;
