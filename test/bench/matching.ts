// Row 2: fifty patterns on a tqdm-style log, as the matcher's thread runs them; and CPython's re on the same text. Once as
// people watch a job: a bar that is refreshed, a line of metrics now and then, and patterns for these lines and for all
// that can go wrong. Once with patterns that nearly match each refresh. Once dense: every refresh is matched by several
// patterns, a hit for each 20 bytes.
import { matchRequest } from '../../engine/io/matchRequest';
import { maxSegment } from '../../engine/tail';
import { templates } from '../../language/templates';
import { askPython, report, rounded, takeTimes } from '../benchTimes';

const mebibyte = 1 << 20;
const megabytes = Number(process.env['BENCH_MB'] ?? 8);

const names = ['loss', 'acc', 'lr', 'grad_norm', 'val_loss', 'f1', 'bleu', 'perplexity', 'throughput', 'mem'];

/** Of the lines of metrics, and of failures that do not come. */
const usual = [
  ...names.flatMap((name) => [
    `^epoch (\\d+).* ${name}=(?P<${name}>[-+]?\\d+\\.\\d+(?:e-?\\d+)?)`,
    `(?i)${name} (?:diverged|exploded|is nan)`,
    `best ${name}[=:]\\s*([\\d.]+)`,
  ]),
  'step (\\d+)/(\\d+)',
  'checkpoint saved to (\\S+)',
  '\\bNCCL (?:error|timeout)\\b',
  'early stopping at epoch (\\d+)',
  'slurmstepd: error: (.*)',
  'DUE TO TIME LIMIT',
  'Killed process (\\d+)',
  '\\b(ERROR|FATAL|CRITICAL)\\b',
  '^Traceback \\(most recent call last\\)',
  'CUDA out of memory|OutOfMemoryError',
  '\\bWARN(?:ING)?\\b',
  'Segmentation fault',
  'Bus error',
  'No space left on device',
  'Connection (?:reset|refused|timed out)',
  'resuming from (\\S+)',
  'evaluation took ([\\d.]+) s',
  'learning rate (?:dropped|reduced) to ([\\d.e-]+)',
  'nan loss at step (\\d+)',
  'gradient overflow',
];

/** What these patterns begin with is in each refresh: one of them matches it, and nine do not. */
const near = usual.map((pattern) => pattern.replace('^epoch', '^Epoch'));

/** The templates, of which three match each refresh, and patterns with captures of all kinds. */
const dense = [
  ...templates.flatMap(({ definition }) => definition.pattern ?? []),
  ...names.flatMap((name) => [
    `${name}[=:]\\s*([\\d.]+)`,
    `^epoch (\\d+).*${name}=(?P<${name}>[-+]?\\d+\\.\\d+(?:e-?\\d+)?)`,
    `(?i)${name} (?:diverged|exploded|is nan)`,
  ]),
  'Traceback \\(most recent call last\\)',
  'CUDA out of memory',
  'step (\\d+)/(\\d+)',
  'checkpoint saved to (\\S+)',
  '\\bNCCL (?:error|timeout)\\b',
  'early stopping at epoch (\\d+)',
  'slurmstepd: error: (.*)',
  'DUE TO TIME LIMIT',
  'Killed process (\\d+)',
].slice(0, 50);

/** Progress bars that are refreshed, with a line of metrics here and there. */
function createLog(bytes: number): string {
  const pieces: string[] = [];
  let length = 0;
  for (let step = 0; length < bytes; step++) {
    const bar = '█'.repeat((step % 100) / 10).padEnd(10);
    const refresh = `Epoch ${(step / 1000) | 0}: ${String(step % 100).padStart(3)}%|${bar}| ${step % 1000}/1000 [00:${10 + (step % 50)}<00:${59 - (step % 50)}, ${(30 + (step % 7)).toFixed(1)}it/s, loss=0.${1000 + (step % 9000)}]\r`;
    const line =
      step % 50 === 49
        ? `\nepoch ${(step / 1000) | 0} step ${step}/100000 loss=0.${step % 1000} acc=0.${step % 997} lr=1e-4 grad_norm=${step % 13}.5\n`
        : '';
    pieces.push(refresh + line);
    length += Buffer.byteLength(refresh) + line.length;
  }
  return pieces.join('');
}

const program = `
import json, re, sys, time
text, patterns, size = json.load(sys.stdin)
compiled = [re.compile(pattern, re.M) for pattern in patterns]
data = text.encode()
chunks = [data[at:at + size].decode(errors="replace") for at in range(0, len(data), size)]
begun = time.process_time()
count = sum(1 for chunk in chunks for pattern in compiled for _ in pattern.finditer(chunk))
json.dump({"seconds": time.process_time() - begun, "matches": count}, sys.stdout)
`;

interface Speed {
  readonly mib_per_s: number;
  readonly cpython_mib_per_s: number | null;
  readonly ratio: number | null;
  readonly hits: number;
}

async function measure(text: string, patterns: readonly string[]): Promise<Speed> {
  const bytes = new TextEncoder().encode(text);
  let hits = 0;
  const matchAll = (): void => {
    hits = 0;
    for (let from = 0; from < bytes.length; from += maxSegment) {
      const stretch = bytes.subarray(from, from + maxSegment);
      const watched = patterns.map((pattern, index) => ({ watcher: `w${index}`, pattern, from }));
      const results = matchRequest({ bytes: stretch, offset: from, patterns: watched }, 1000);
      for (const { hits: found, overrun } of results) {
        if (overrun) throw new Error(`overrun: ${JSON.stringify(overrun)}`);
        hits += found.length;
      }
    }
  };
  const { best } = await takeTimes(5, matchAll);
  const python = askPython(program, [text, patterns, maxSegment]) as { seconds: number } | undefined;
  const speed = bytes.length / mebibyte / (best / 1000);
  const pythonSpeed = python && bytes.length / mebibyte / python.seconds;
  return {
    mib_per_s: rounded(speed, 1),
    cpython_mib_per_s: pythonSpeed === undefined ? null : rounded(pythonSpeed, 1),
    ratio: pythonSpeed === undefined ? null : rounded(speed / pythonSpeed, 1),
    hits,
  };
}

async function main(): Promise<void> {
  const text = createLog(megabytes * mebibyte);
  report({
    row: 2,
    what: `${usual.length} patterns on ${megabytes} MiB of a tqdm-style log, line by line`,
    ...(await measure(text, usual)),
    near: await measure(text, near),
    dense: await measure(text, dense),
    goal: '>= 50 MiB/s, >= 8 times CPython',
  });
}

void main();
