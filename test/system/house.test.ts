// The test of the house: a thing that is added by a row and a file is everywhere, without another line of code. The things are
// made up and added to a copy of the sources, which is built and used from outside.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompletionRequest,
  HoverRequest,
  MarkupContent,
  type CompletionItem,
} from 'vscode-languageserver-protocol';
import { createLineIndex } from '../../language/text';
import { startServer, type ServerClient } from '../server/serverClient';
import { createCommandLine, projectRoot, type CommandLine } from './commandLine';
import { action, command, field, request } from './house/additions';
import { copySources, type Copy } from './house/copy';

describe('what is added by a row and a file', function () {
  // The whole product is checked and built anew.
  this.timeout(600_000);
  let copy: Copy;
  let server: ServerClient;
  let cli: CommandLine;
  /** What is undone at the end, the last first. */
  const leave: (() => void | Promise<void>)[] = [];

  /** Runs a program of the installed packages in the copy; fails with what it printed. */
  const run = async (program: string, words: readonly string[], environment = {}): Promise<void> => {
    const path = program === 'node' ? process.execPath : join(projectRoot, 'node_modules/.bin', program);
    const child = spawn(path, words, { cwd: copy.directory, env: { ...process.env, ...environment } });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const status = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    assert.equal(status, 0, `${program} ${words.join(' ')}:\n${output}`);
  };
  const read = (file: string): string => readFileSync(join(copy.directory, file), 'utf8');

  const toRequest = (marked: string) => {
    const text = marked.replace('<|>', '');
    const position = createLineIndex(text).positionAt(marked.indexOf('<|>'));
    return { textDocument: { uri: server.open(text) }, position };
  };
  const complete = async (marked: string): Promise<readonly CompletionItem[]> => {
    const answer = await server.connection.sendRequest(CompletionRequest.type, toRequest(marked));
    return Array.isArray(answer) ? answer : (answer?.items ?? []);
  };
  const hover = async (marked: string): Promise<string> => {
    const answer = await server.connection.sendRequest(HoverRequest.type, toRequest(marked));
    return answer && MarkupContent.is(answer.contents) ? answer.contents.value : '';
  };
  const writeScript = (name: string, text: string): string => {
    const path = join(cli.workdir, name);
    writeFileSync(path, text);
    return path;
  };

  before(async () => {
    copy = copySources([field, action, request, command]);
    leave.push(() => {
      copy.remove();
    });
    await run('tsc', ['-b']);
    await run('node', ['scripts/build.mjs']);
    cli = createCommandLine({ entry: join(copy.directory, 'dist/cli.js') });
    leave.push(() => cli.close());
    server = await startServer({}, { program: [join(copy.directory, 'dist/cli.js'), 'lsp'] });
    leave.push(() => server.stop());
  });
  after(async () => {
    for (const undo of leave.reverse()) await undo();
  });

  it('is in the pages and lists that are made from tables, and breaks no test', async () => {
    const generated = ['test/docs.test.ts', 'test/grammar.test.ts', 'test/language/watcherSchema.test.ts'];
    await run('mocha', generated, { UPDATE: '1' });
    assert.match(
      read('docs/language.md'),
      /\| `tide` \| `ebb`, `tide_seconds` \(JSON\) \| How long the tide takes\./,
    );
    assert.match(
      read('docs/language.md'),
      /### float_bottle\n[^#]*\| `message` \(first\) [^\n]* the matched text \|/,
    );
    assert.match(read('schemas/watchers.schema.json'), /"tide_seconds": \{/);
    assert.match(read('schemas/watchers.schema.json'), /"float_bottle",\s*"bottle"/);
    assert.match(read('syntaxes/directives.tmLanguage.json'), /\|tide\|/);
    assert.match(read('syntaxes/directives.tmLanguage.json'), /\bfloat_bottle\b/);
    const byTables = 'actionTable|consent|format|forms|print|problems|vectors|watcherFile|watcherSchema';
    await run('mocha', ['test/*.test.ts', `test/language/@(${byTables}).test.ts`, 'test/cli/*.test.ts']);
  });

  describe('a field', () => {
    const script = '#!/bin/bash\n#WATCHER pattern="n=(\\d+)" tide=2m action=log_event\necho n=1\n';

    it('is offered, and explained', async () => {
      const items = await complete('#WATCHER pattern="x" ti<|>');
      assert.ok(items.some(({ label }) => label === 'tide'));
      assert.match(
        await hover('#WATCHER pattern="x" eb<|>b=2m'),
        /^\*\*tide\*\*[^]*How long the tide takes\.[^]*60 s/,
      );
    });

    it('is checked within its bounds', async () => {
      const path = writeScript('low.sh', script.replace('2m', '5s'));
      const { status, stdout } = await cli.run('lint', path);
      assert.match(stdout, /"tide" counts as not written\. \[out-of-range\][^]*from 10 s to 7 days/);
      assert.equal(status, 1);
    });

    it('is read under its names, and printed', async () => {
      const path = writeScript('tide.sh', script);
      const [definition] = (await cli.json<{ watchers: Record<string, unknown>[] }>('parse', path, '--json'))
        .watchers;
      assert.equal(definition?.['tide_seconds'], 120);
    });

    it('is kept by the engine with its watcher', async () => {
      const path = writeScript('tide.sh', script);
      const { status, stderr } = await cli.run('run', path);
      assert.equal(status, 0, stderr);
      assert.equal((await cli.run('tides', 'sandbox')).stdout, '120 s\n');
    });
  });

  describe('an action', () => {
    const script = '#!/bin/bash\n#WATCHER name=sailor pattern="n=" action=bottle(beach=Dover)\necho n=1\n';

    it('is offered with its parameters, and explained', async () => {
      const items = await complete('#WATCHER pattern="x" action=fl<|>');
      assert.ok(items.some(({ label }) => label === 'float_bottle'));
      const params = await complete('#WATCHER pattern="x" action=bottle(<|>');
      assert.ok(params.some(({ label }) => label === 'shore'));
      assert.match(
        await hover('#WATCHER pattern="x" action=bot<|>tle'),
        /^\*\*float_bottle\*\*[^]*Sends a bottle to a shore\.[^]*Default: the matched text\./,
      );
    });

    it('is printed by its name', async () => {
      const path = writeScript('bottle.sh', script);
      assert.equal((await cli.run('format', path)).status, 0);
      assert.match(readFileSync(path, 'utf8'), /action=float_bottle\(shore=Dover\)/);
    });

    it('is run by the engine, with its defaults, and gives what it found', async () => {
      const path = writeScript('bottle.sh', script);
      const refused = await cli.run('run', path);
      assert.equal(refused.status, 2);
      assert.match(refused.stderr, /"sailor" sends a bottle to Dover\./);
      const { status, stdout, stderr } = await cli.run('run', path, '--yes');
      assert.equal(status, 0, stderr);
      assert.match(stdout, /float_bottle[^\n]*sailor has sent "n="/);
      assert.match((await cli.run('metrics')).stdout, /bottles/);
    });

    it('is agreed to before it is run by hand', async () => {
      const watchers = await cli.json<{ id: string; name: string }[]>('list', '--all', '--json');
      const own = watchers.find(({ name }) => name === 'sailor');
      assert.ok(own);
      const { status, stderr } = await cli.run('trigger', own.id);
      assert.match(stderr, /This sends a bottle to Dover: n=\./);
      assert.notEqual(status, 0);
    });
  });

  describe('a request', () => {
    it('is answered by the engine, and checked before', async () => {
      assert.equal((await cli.run('tides', 'sandbox', '--least', '121')).stdout, '');
      const { status, stderr } = await cli.run('tides', 'sandbox', '--least', 'x');
      assert.match(stderr, /"least" of engine\/tides is not/);
      assert.equal(status, 2);
    });
  });

  describe('a command', () => {
    it('is in the help', async () => {
      const help = (await cli.run('--help')).stdout;
      assert.match(help, /What happened:\n {2}tides \[options\] <cluster> +list the tides of a cluster/);
      assert.match(
        (await cli.run('tides', '--help')).stdout,
        /--least <seconds> +only those that last this long/,
      );
    });
  });
});
