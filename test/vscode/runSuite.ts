// Runs test/vscode/suite inside the extension host of a real VS Code: code-server, or the one that VSCODE_EXECUTABLE names.
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { startBrowser } from './bed/browser';
import { installExtension, startCodeServer } from './bed/codeServer';
import { createProfile, projectRoot, type Profile } from './bed/profile';
import { findVsix } from './bed/vsix';
import type { SuiteRecord } from './suiteRecord';

const suite = join(__dirname, 'suite');
const compiled = join(projectRoot, 'out/vscode-suite');
/** Without news for so long the run counts as hung, in milliseconds. */
const patience = 120_000;

/** The tests as an extension of their own that does nothing, beside the installed one. */
async function compileSuite(): Promise<void> {
  await build({
    absWorkingDir: projectRoot,
    entryPoints: readdirSync(suite).map((name) => join(suite, name)),
    outdir: compiled,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  const manifest = {
    name: 'slurm-watchers-suite',
    publisher: 'slurm-watchers',
    version: '0.0.0',
    engines: { vscode: '*' },
  };
  writeFileSync(join(compiled, 'package.json'), JSON.stringify(manifest));
}

/** Reads the report as it grows, and shows it. */
class Report {
  readonly path: string;
  passed = 0;
  failed = 0;
  ended = false;
  /** The test that was begun last. */
  last = 'none';
  changed = performance.now();
  #read = 0;

  constructor({ directory }: Profile) {
    this.path = join(directory, 'report.jsonl');
  }

  take(): void {
    const lines = existsSync(this.path) ? readFileSync(this.path, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(this.#read)) this.#show(JSON.parse(line) as SuiteRecord);
    if (lines.length > this.#read) this.changed = performance.now();
    this.#read = lines.length;
  }

  #show(record: SuiteRecord): void {
    switch (record.kind) {
      case 'test':
        this.last = record.title;
        return;
      case 'pass':
        this.passed += 1;
        console.log(`  ✔ ${record.title}`);
        return;
      case 'fail':
        this.failed += 1;
        console.log(`  ✘ ${record.title}\n${record.reason}`);
        return;
      case 'end':
        this.ended = true;
    }
  }
}

/** The window asks for the suite in its own configuration, since a built VS Code ignores the address for that. */
async function runInCodeServer(profile: Profile, report: Report): Promise<void> {
  await installExtension(profile, findVsix());
  const server = await startCodeServer({
    ...profile,
    environment: { ...profile.environment, SLURM_WATCHERS_TEST_REPORT: report.path },
  });
  const browser = await startBrowser(profile);
  try {
    const page = browser.pages()[0] ?? (await browser.newPage());
    const toUri = (path: string) => ({
      scheme: 'vscode-remote',
      authority: `127.0.0.1:${server.port}`,
      path,
    });
    await page.addInitScript(
      (developmentOptions) => {
        const observer = new MutationObserver(() => {
          const element = document.getElementById('vscode-workbench-web-configuration');
          if (!element) return;
          observer.disconnect();
          const configuration = JSON.parse(element.getAttribute('data-settings') ?? '{}') as object;
          element.setAttribute('data-settings', JSON.stringify({ ...configuration, developmentOptions }));
        });
        observer.observe(document, { childList: true, subtree: true });
      },
      { extensions: [toUri(compiled)], extensionTestsPath: toUri(join(compiled, 'run')) },
    );
    // What VS Code's own tests in browsers use: the log of the window, and the end of the extension host.
    const log: string[] = [];
    await page.exposeFunction('codeAutomationLog', (_type: string, words: unknown[]) => {
      log.push(words.join(' '));
    });
    const exited = new Promise<void>((resolve) => {
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    const crashed = new Promise<never>((_resolve, reject) => {
      page.on('crash', () => {
        reject(new Error('the page crashed'));
      });
    });
    await page.goto(`http://127.0.0.1:${server.port}/?folder=${encodeURIComponent(profile.workspace)}`, {
      waitUntil: 'commit',
    });
    await Promise.race([server.lost, crashed, exited, awaitEnd(report)]).catch((error: unknown) => {
      console.error(log.slice(-20).join('\n'));
      throw error;
    });
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function awaitEnd(report: Report): Promise<void> {
  while (!report.ended) {
    report.take();
    if (performance.now() - report.changed > patience)
      throw new Error(`nothing happened for ${patience / 1000} s; the last test was: ${report.last}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function runInDesktop(executable: string, profile: Profile, report: Report): Promise<void> {
  const folders = [
    `--user-data-dir=${join(profile.directory, 'data')}`,
    `--extensions-dir=${join(profile.directory, 'extensions')}`,
  ];
  const [command = executable, ...words] = resolveCliArgsFromVSCodeExecutablePath(executable, {
    reuseMachineInstall: true,
  });
  await promisify(execFile)(command, [...words, ...folders, '--install-extension', findVsix()]);
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: compiled,
    extensionTestsPath: join(compiled, 'run'),
    launchArgs: [profile.workspace, ...folders, '--disable-workspace-trust'],
    extensionTestsEnv: { ...profile.environment, SLURM_WATCHERS_TEST_REPORT: report.path },
  });
}

async function main(): Promise<void> {
  mkdirSync(compiled, { recursive: true });
  await compileSuite();
  const profile = createProfile();
  const report = new Report(profile);
  const executable = process.env['VSCODE_EXECUTABLE'];
  try {
    if (executable) await runInDesktop(executable, profile, report);
    else await runInCodeServer(profile, report);
  } finally {
    report.take();
    const counts = { passed: report.passed, failed: report.failed };
    const file = process.env['TEST_COUNTS_FILE'];
    if (file) appendFileSync(file, `${JSON.stringify(counts)}\n`);
    console.log(`  ${counts.passed} passed, ${counts.failed} failed in the extension host`);
    await profile.remove();
  }
  if (!report.ended) throw new Error(`The extension host ended early; the last test was: ${report.last}`);
  process.exitCode = report.failed === 0 && report.passed > 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
