// Row 10: a script of 10,000 lines with 500 directives, all checks: cold, warm, and after a key stroke.
import { execFileSync } from 'node:child_process';
import { createScriptReader, parseScript } from '../../language/script';
import { processorMs, report, rounded, takeTimes, toTimes } from '../benchTimes';
import { createLargeScript } from './world/largeScript';

/** In a process of its own: nothing is compiled yet. */
function timeCold(): number {
  return Number(
    execFileSync(process.execPath, [__filename], {
      env: { ...process.env, BENCH_COLD: '1' },
      encoding: 'utf8',
    }),
  );
}

async function main(): Promise<void> {
  const { text } = createLargeScript();
  if (process.env['BENCH_COLD']) {
    const begun = processorMs();
    parseScript(text);
    console.log(processorMs() - begun);
    return;
  }
  const cold = toTimes(Array.from({ length: 5 }, timeCold));
  const { watchers, problems } = parseScript(text);
  const warm = await takeTimes(40, () => parseScript(text));
  const read = createScriptReader();
  read(text);
  const at = text.indexOf('metric201');
  let keys = 0;
  const keyStroke = await takeTimes(40, () => {
    keys += 1;
    read(text.slice(0, at) + 'x'.repeat(1 + (keys % 20)) + text.slice(at));
  });
  report({
    row: 10,
    what: `${text.split('\n').length - 1} lines, ${watchers.length} directives, ${problems.length} problems`,
    warm_ms: rounded(warm.median),
    cold_ms: rounded(cold.median),
    key_stroke_ms: rounded(keyStroke.median),
    best: {
      warm_ms: rounded(warm.best),
      cold_ms: rounded(cold.best),
      key_stroke_ms: rounded(keyStroke.best),
    },
    goal: 'warm <= 10 ms, cold <= 40 ms, key stroke <= 5 ms',
  });
}

void main();
