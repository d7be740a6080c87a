// Runs the test suites, all or those that are named, and ends with "N passed, N failed" over all of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages, root, run } from './packages.mjs';

ensurePackages();

const counting = [
  '--reporter',
  join(root, 'scripts/countingReporter.cjs'),
  '--require',
  join(root, 'scripts/mustEnd.cjs'),
];

/**
 * What suites need beside the npm packages. It is installed before any suite is loaded: suites look at their start what is
 * there. Each gives an exit code, and says what it installs and what cannot be had on this machine.
 */
const setUps = {
  slurm: () => run('node', ['--import', 'tsx', 'test/slurm/setUp.ts']),
  vscode: () => run('node', ['scripts/vscodeTestBed.mjs']),
};

/**
 * A suite gives the exit codes of its steps; every step appends its counts to TEST_COUNTS_FILE.
 * @type {Record<string, {
 *   about: string,
 *   needs: (keyof typeof setUps)[],
 *   steps: (environment: NodeJS.ProcessEnv) => Generator<number>,
 * }>}
 */
const suites = {
  unit: {
    about: 'pure code and fakes',
    needs: [],
    *steps(environment) {
      yield run('node', ['scripts/build.mjs']);
      yield run(
        'mocha',
        [...counting, 'test/*.test.ts', 'test/{language,engine,server,client,webviews,cli}/**/*.test.ts'],
        environment,
      );
    },
  },
  system: {
    about: 'real processes, files and jobs',
    needs: ['slurm'],
    *steps(environment) {
      yield run('node', ['scripts/build.mjs']);
      const words = [...counting, '--timeout', '120000', 'test/system/**/*.test.ts'];
      yield run('mocha', words, environment);
    },
  },
  long: {
    about: 'campaigns that take long; not part of all',
    needs: ['slurm'],
    *steps(environment) {
      yield run('node', ['scripts/build.mjs']);
      const campaign = {
        CASES: '60000',
        // Each starts shells.
        COMMANDS: '5000',
        STORE_KILLS: '200',
        FAULTS: '1000',
        SLURM_FAULTS: '150',
        LONG_FAULTS: '1',
        CUTS: '20',
        WEEK_JOBS: '200',
        ...environment,
      };
      const files = [
        'test/engine/io/matchRequest.test.ts',
        'test/engine/model.test.ts',
        'test/engine/week.test.ts',
        'test/language/regex/differential.test.ts',
        'test/language/regex/parser.test.ts',
        'test/language/regex/recheck.test.ts',
        'test/language/condition/differential.test.ts',
        'test/language/directive/updateDirective.test.ts',
        'test/language/example/randomLines.test.ts',
        'test/language/hostile.test.ts',
        'test/language/regex/ownPatterns.test.ts',
        'test/language/condition/unicode.test.ts',
        'test/language/print.test.ts',
        'test/language/problems.test.ts',
        'test/language/robustness.test.ts',
        'test/language/shell/attack.test.ts',
        'test/language/shellQuote.test.ts',
        'test/language/shellScanner.test.ts',
        'test/language/watcherFile.test.ts',
        'test/system/faults.test.ts',
        'test/system/slurmFaults.test.ts',
        'test/system/storeCrash.test.ts',
      ];
      yield run('mocha', [...counting, '--timeout', '3600000', ...files], campaign);
    },
  },
  pages: {
    about: 'the pages of panels, alone in a real browser',
    needs: ['vscode'],
    *steps(environment) {
      yield run('node', ['scripts/build.mjs']);
      yield run('mocha', [...counting, '--timeout', '60000', 'test/pages/**/*.test.ts'], environment);
    },
  },
  vscode: {
    about: 'a real VS Code in a real browser',
    needs: ['slurm', 'vscode'],
    *steps(environment) {
      yield run('node', ['scripts/vscodeTests.mjs'], environment);
    },
  },
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(
    `There is no suite called ${unknown.join(', ')}. The suites are: ${Object.keys(suites).join(', ')}.`,
  );
  process.exit(2);
}

const chosen = Object.entries(suites).filter(([name]) =>
  named.length > 0 ? named.includes(name) : name !== 'long',
);
for (const need of new Set(chosen.flatMap(([, { needs }]) => needs))) {
  if (setUps[need]() === 0) continue;
  console.error(`What the tests need could not be set up (${need}); see above.`);
  process.exit(1);
}

const directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-tests-'));
const total = { passed: 0, failed: 0 };
let broken = false;
try {
  for (const [name, { about, steps }] of chosen) {
    const begun = performance.now();
    console.log(`\n=== ${name}: ${about}`);
    const file = join(directory, name);
    let failedStep = false;
    for (const status of steps({ TEST_COUNTS_FILE: file })) {
      failedStep = status !== 0;
      if (failedStep) break;
    }
    const counts = readCounts(file);
    total.passed += counts.passed;
    total.failed += counts.failed;
    // A suite that broke without a failed test, or that ran none, has failed all the same.
    if ((failedStep && counts.failed === 0) || counts.passed + counts.failed === 0) {
      console.error(`The suite ${name} broke: see above.`);
      broken = true;
    }
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`=== ${name}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(`\n${total.passed} passed, ${total.failed + (broken ? 1 : 0)} failed`);
process.exitCode = total.failed > 0 || broken ? 1 : 0;

/** @param {string} file */
function readCounts(file) {
  const counts = { passed: 0, failed: 0 };
  let lines;
  try {
    lines = readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    return counts; // Nothing was counted: the caller says so.
  }
  for (const line of lines) {
    const { passed, failed } = JSON.parse(line);
    counts.passed += passed;
    counts.failed += failed;
  }
  return counts;
}
