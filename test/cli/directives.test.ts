// The commands that are about texts, used as people and services use them: lint, format, parse, eval, match.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from './inProcess';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-texts-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

describe('lint', () => {
  it('asks about commands by the list of config.json, if it has one', async () => {
    const codes = async (
      command: string,
      allowedCommands?: readonly string[],
    ): Promise<readonly string[]> => {
      const script = `#!/bin/bash\n#WATCHER pattern="x" action=run_command(command="${command}")\n`;
      const given = allowedCommands === undefined ? {} : { allowedCommands };
      const { stdout } = await runCommand(['lint', '--json', '-'], [script], given);
      return (JSON.parse(stdout) as readonly { readonly code: string }[]).map(({ code }) => code);
    };
    assert.deepEqual(await codes('make clean'), ['command-not-allowed']);
    assert.deepEqual(await codes('make clean', ['make']), []);
    assert.deepEqual(await codes('echo clean', ['make']), ['command-not-allowed']);
  });

  it('shows each problem at its place with a remedy, and sums up', async () => {
    const path = write('a.sh', '#!/bin/bash\n#WATCHER pattern=x cooldown=ten\n');
    const { code, stdout, stderr } = await runCommand(['lint', path]);
    assert.equal(code, 1);
    assert.ok(stdout.startsWith(`${path}:2:29: error: `), stdout);
    assert.match(stdout, /\n {2}#WATCHER pattern=x cooldown=ten\n {30}\^\^\^\n {2}\S/);
    assert.equal(stderr, '1 error in 1 file\n');
  });

  it('shows of a long line what is around the place', async () => {
    const script = `#WATCHER pattern="${'a'.repeat(500)}" cooldown=ten name="${'😀'.repeat(500)}"\n`;
    const { stdout } = await runCommand(['lint', '-'], [script]);
    const [place, line = '', caret = ''] = stdout.split('\n');
    assert.match(place ?? '', /^<stdin>:1:530: /);
    assert.match(line, /^ {2}…a+" cooldown=ten name="(?:😀)+…$/u);
    assert.ok(line.length < 220, line);
    assert.equal(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1), 'ten');
    const { stdout: whole } = await runCommand(['lint', '-'], [`#WATCHER pattern="${'('.repeat(500)}"\n`]);
    assert.ok(whole.split('\n').every((text) => text.length < 220));
  });

  it('takes no longer for many problems of a long line', async () => {
    const script = `#WATCHER pattern="x" ${'x=1 '.repeat(50_000)}\n`;
    const begun = performance.now();
    const { stderr } = await runCommand(['lint', '-'], [script]);
    assert.equal(stderr, '50000 warnings in 1 file\n');
    assert.ok(performance.now() - begun < 10_000);
  }).timeout(60_000);

  it('is content with a script that is right', async () => {
    const { code, stdout, stderr } = await runCommand(['lint', '-'], ['#WATCHER pattern=x\n']);
    assert.deepEqual([code, stdout, stderr], [0, '', 'no problems in 1 file\n']);
  });

  it('does not fail for remarks', async () => {
    const { code, stderr } = await runCommand(['lint', '-'], ['#WATCHER pattern=x action=resubmit\n']);
    assert.deepEqual([code, stderr], [0, '1 remark in 1 file\n']);
  });

  it('tells what ssync would drop only where it is asked', async () => {
    const script = '#WATCHER pattern=x cooldown=5\n';
    const codes = async (...words: string[]): Promise<unknown[]> => {
      const { stdout } = await runCommand(['lint', '--json', ...words, '-'], [script]);
      return (JSON.parse(stdout) as { code: unknown }[]).map(({ code }) => code);
    };
    assert.deepEqual(await codes(), []);
    assert.deepEqual(await codes('--ssync'), ['ignored-by-ssync']);
  });

  it('says of #SBATCH lines what the editor says', async () => {
    const { code, stdout } = await runCommand(['lint', '-'], ['#SBATCH --time=2h\n#WATCHER pattern=x\n']);
    assert.equal(code, 1);
    assert.match(stdout, /^[^\n]*:1:\d+: warning: [^\n]*\[sbatch-bad-value\]\n/);
  });

  it('reads watcher files', async () => {
    const path = write('a.watchers.json', '[{"pattern": "(", "action": "log_event"}]');
    const { code, stdout } = await runCommand(['lint', '--format', 'json', path]);
    const rows = JSON.parse(stdout) as { file: string; code: string; range: unknown }[];
    assert.deepEqual([code, rows.map((row) => [row.file, row.code])], [1, [[path, 'bad-regex']]]);
  });

  it('escapes what GitHub would misread', async () => {
    const path = write('a,b:c.sh', '#WATCHER pattern="x" nmae="100%"\n');
    const { code, stdout } = await runCommand(['lint', '--format', 'github', path]);
    assert.equal(code, 1);
    const file = path.replaceAll(':', '%3A').replaceAll(',', '%2C');
    assert.match(
      stdout,
      /^::warning file=[^,:]+,line=1,col=22,endLine=1,endColumn=26,title=unknown-field::There is no field [^\n]*\n$/,
    );
    assert.ok(stdout.includes(`file=${file},`), stdout);
    const mixed = await runCommand(
      ['lint', '--format', 'github', '-'],
      ['#WATCHER pattern="%\r\n#WATCHER patern=x\r\n'],
    );
    assert.doesNotMatch(mixed.stdout, /\r|%(?!25|0D|0A|3A|2C)/);
  });

  it('is 2 where a file is not there, and for a format that is none', async () => {
    assert.equal((await runCommand(['lint', join(directory, 'none.sh')])).code, 2);
    const { code, stderr } = await runCommand(['lint', '--format', 'xml', '-']);
    assert.equal(code, 2);
    assert.match(stderr, /text, json, sarif, github/);
  });
});

describe('lint as SARIF', () => {
  type Validate = ((data: unknown) => boolean) & { readonly errors?: unknown };
  /** The validator that ESLint brings along. */
  const Ajv = createRequire(require.resolve('eslint'))('ajv') as new (options: object) => {
    compile(schema: object): Validate;
  };

  /** What the standard demands of the parts that are used here. Source: SARIF 2.1.0, Appendix of the JSON schema. */
  const message = {
    type: 'object',
    required: ['text'],
    properties: { text: { type: 'string', minLength: 1 } },
  };
  const region = {
    type: 'object',
    required: ['startLine', 'startColumn', 'endLine', 'endColumn'],
    properties: Object.fromEntries(
      ['startLine', 'startColumn', 'endLine', 'endColumn'].map((name) => [
        name,
        { type: 'integer', minimum: 1 },
      ]),
    ),
    additionalProperties: false,
  };
  const artifactLocation = {
    type: 'object',
    required: ['uri'],
    properties: { uri: { type: 'string', format: 'uri-reference' } },
    additionalProperties: false,
  };
  const level = { enum: ['none', 'note', 'warning', 'error'] };
  const schema = {
    type: 'object',
    required: ['version', 'runs'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string', format: 'uri' },
      version: { const: '2.1.0' },
      runs: {
        type: 'array',
        items: {
          type: 'object',
          required: ['tool', 'results'],
          additionalProperties: false,
          properties: {
            columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
            tool: {
              type: 'object',
              required: ['driver'],
              properties: {
                driver: {
                  type: 'object',
                  required: ['name'],
                  properties: {
                    name: { type: 'string' },
                    version: { type: 'string' },
                    informationUri: { type: 'string', format: 'uri' },
                    rules: {
                      type: 'array',
                      uniqueItems: true,
                      items: {
                        type: 'object',
                        required: ['id'],
                        properties: {
                          id: { type: 'string' },
                          shortDescription: message,
                          helpUri: { type: 'string', format: 'uri' },
                          defaultConfiguration: { type: 'object', properties: { level } },
                        },
                        additionalProperties: false,
                      },
                    },
                  },
                  additionalProperties: false,
                },
              },
            },
            results: {
              type: 'array',
              items: {
                type: 'object',
                required: ['message', 'ruleId', 'ruleIndex'],
                additionalProperties: false,
                properties: {
                  ruleId: { type: 'string' },
                  ruleIndex: { type: 'integer', minimum: 0 },
                  level,
                  message,
                  locations: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: {
                        physicalLocation: {
                          type: 'object',
                          required: ['artifactLocation'],
                          properties: { artifactLocation, region },
                          additionalProperties: false,
                        },
                      },
                    },
                  },
                  fixes: {
                    type: 'array',
                    items: {
                      type: 'object',
                      required: ['artifactChanges'],
                      properties: {
                        description: message,
                        artifactChanges: {
                          type: 'array',
                          minItems: 1,
                          items: {
                            type: 'object',
                            required: ['artifactLocation', 'replacements'],
                            properties: {
                              artifactLocation,
                              replacements: {
                                type: 'array',
                                minItems: 1,
                                items: {
                                  type: 'object',
                                  required: ['deletedRegion'],
                                  properties: { deletedRegion: region, insertedContent: { type: 'object' } },
                                  additionalProperties: false,
                                },
                              },
                            },
                            additionalProperties: false,
                          },
                        },
                      },
                      additionalProperties: false,
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  };

  interface Log {
    readonly runs: readonly {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly locations: readonly {
          readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
        }[];
      }[];
    }[];
  }

  it('is valid for every problem of the examples, and names rules by their place', async () => {
    const { cases } = JSON.parse(readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8')) as {
      cases: readonly { id: string; script: string }[];
    };
    const paths = cases.map(({ script }, index) => write(`${index} ü.sh`, script));
    const { stdout } = await runCommand(['lint', '--format', 'sarif', ...paths]);
    const log = JSON.parse(stdout) as Log;
    const validate = new Ajv({ allErrors: true }).compile(schema);
    assert.ok(validate(log), JSON.stringify(validate.errors));
    const [run] = log.runs;
    assert.ok(run && run.results.length > 100);
    for (const { ruleId, ruleIndex, locations } of run.results) {
      assert.equal(run.tool.driver.rules[ruleIndex]?.id, ruleId);
      assert.ok(
        locations[0]?.physicalLocation.artifactLocation.uri.startsWith(pathToFileURL(directory).href),
      );
    }
  });

  it('names a relative path as it is, with what an address cannot hold escaped', async () => {
    const { stdout } = await runCommand(['lint', '--format', 'sarif', '-'], ['#WATCHER x=1\n']);
    const [run] = (JSON.parse(stdout) as Log).runs;
    assert.equal(run?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri, 'stdin');
  });
});

describe('format', () => {
  const untidy = '#!/bin/bash\r\n#WATCHER   Pattern = "x"   # why\r\necho  hi';
  const tidy = '#!/bin/bash\r\n#WATCHER pattern=x # why\r\necho  hi';

  it('writes in place what changes, and says so', async () => {
    const path = write('a.sh', untidy);
    const first = await runCommand(['format', path]);
    assert.deepEqual([first.code, first.stdout], [0, `formatted ${path}\n`]);
    const formatted = readFileSync(path, 'utf8');
    assert.equal(formatted.split('\r\n')[0], '#!/bin/bash');
    assert.ok(formatted.endsWith('\r\necho  hi'));
    assert.notEqual(formatted, untidy);
    const second = await runCommand(['format', path]);
    assert.deepEqual([second.code, second.stdout], [0, '']);
  });

  it('formats standard input to standard output, byte for byte elsewhere', async () => {
    const { stdout } = await runCommand(['format', '-'], [untidy]);
    assert.ok(stdout.startsWith('#!/bin/bash\r\n#WATCHER ') && stdout.endsWith('# why\r\necho  hi'), stdout);
    assert.equal((await runCommand(['format', '-'], [stdout])).stdout, stdout);
  });

  it('--check writes nothing and exits with 1', async () => {
    const path = write('a.sh', untidy);
    const { code, stdout } = await runCommand(['format', '--check', path]);
    assert.deepEqual([code, stdout], [1, `${path} is not formatted\n`]);
    assert.equal(readFileSync(path, 'utf8'), untidy);
    assert.equal((await runCommand(['format', '--check', '-'], ['#WATCHER pattern="x"\n'])).code, 0);
  });

  it('--json names each file', async () => {
    const [a, b] = [write('a.sh', untidy), write('b.sh', 'echo\n')];
    const { stdout } = await runCommand(['format', '--json', '--check', a, b]);
    assert.deepEqual(JSON.parse(stdout), [
      { file: a, changed: true },
      { file: b, changed: false },
    ]);
  });

  it('leaves alone what is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(`${tidy}\n#WATCHER   pattern=y\n# `), Buffer.from([0xe9])]);
    const path = write('a.sh', bytes);
    const { code, stderr } = await runCommand(['format', path]);
    assert.equal(code, 2);
    assert.match(stderr, /not UTF-8/);
    assert.deepEqual(readFileSync(path), bytes);
  });

  it('keeps a byte order mark', async () => {
    const { stdout } = await runCommand(['format', '-'], ['\ufeff#!/bin/bash\n#WATCHER   pattern=x\n']);
    assert.ok(stdout.startsWith('\ufeff#!'));
  });
});

describe('parse', () => {
  it('prints what sbatch gets, byte for byte', async () => {
    const { stdout } = await runCommand(
      ['parse', '--clean', '-'],
      ['#!/bin/bash\r\n#WATCHER pattern=x\r\nls'],
    );
    assert.equal(stdout, '#!/bin/bash\r\n\r\nls');
  });

  it('refuses to print the clean script of what is not UTF-8', async () => {
    const bytes = Buffer.from('#!/bin/bash\n#WATCHER pattern="x"\necho f\xfcr\n', 'latin1');
    const path = write('a.sh', bytes);
    const { code, stdout, stderr } = await runCommand(['parse', '--clean', path]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /not UTF-8/);
    assert.equal((await runCommand(['parse', path])).code, 0);
  });

  it('shows a watcher with what differs from the usual', async () => {
    const script =
      '#WATCHER name=a pattern=x timer_mode=true timer_interval=5m cooldown=1m max_triggers=2 action=cancel_job if trigger_count > 1\n';
    const { code, stdout } = await runCommand(['parse', '-'], [script]);
    assert.equal(code, 0);
    for (const part of [
      'a (line 1)',
      'every 300 s',
      'cooldown   60 s',
      '2 triggers',
      'cancel_job() if trigger_count > 1',
    ])
      assert.ok(stdout.includes(part), `${part} in\n${stdout}`);
  });

  it('says where there is no directive, how one looks', async () => {
    assert.match((await runCommand(['parse', '-'], ['ls\n'])).stderr, /#WATCHER pattern=/);
  });

  it('reads watcher files', async () => {
    const path = write('w.json', '[{"pattern": "x"}]');
    const { stdout } = await runCommand(['parse', '--json', path]);
    const { watchers, problems } = JSON.parse(stdout) as { watchers: { name: string }[]; problems: unknown };
    assert.deepEqual([watchers.map(({ name }) => name), problems], [['watcher 1'], []]);
    assert.equal((await runCommand(['parse', '--clean', path])).code, 2);
  });
});

describe('eval', () => {
  const prints = (words: readonly string[], expected: Awaited<ReturnType<typeof runCommand>>): void => {
    it(words.join(' '), async () => {
      assert.deepEqual(await runCommand(['eval', ...words]), expected);
    });
  };
  prints(['float(loss) < 0.5', '--var', 'loss=0.3'], { code: 0, stdout: 'True\n', stderr: '' });
  prints(['x', '--var', 'x=a=b'], { code: 0, stdout: "'a=b'\n", stderr: '' });
  prints(['x is None', '--var', 'x'], { code: 0, stdout: 'True\n', stderr: '' });
  prints(['--', '-7 // 2'], { code: 0, stdout: '-4\n', stderr: '' });
  prints(['loss < 0.5', '--var', 'loss=0.3'], {
    code: 1,
    stdout: '',
    stderr:
      "TypeError: '<' not supported between instances of 'str' and 'float'\n  loss < 0.5\n  ^\n  Variables are text: write float(name) or int(name).\n",
  });
  prints(['a + b', '--var', 'a=1'], {
    code: 1,
    stdout: '',
    stderr: "NameError: name 'b' is not defined\n  a + b\n      ^\n  Give its value with --var name=value.\n",
  });
  it('--json gives the object of bulk mode', async () => {
    const { stdout } = await runCommand(['eval', '--json', '0.1 + 0.2']);
    assert.deepEqual(JSON.parse(stdout), {
      ok: true,
      type: 'float',
      repr: '0.30000000000000004',
      truth: true,
    });
  });
  it('refuses a name that is none', async () => {
    assert.equal((await runCommand(['eval', 'x', '--var', '1x=2'])).code, 2);
  });
});

describe('match', () => {
  it('shows lines with their groups, refreshes of a line each for itself', async () => {
    const { code, stdout } = await runCommand(
      ['match', '(\\d+)%(?P<rest> left)?', '-'],
      ['a\r\n 1%\r 2% left\x1b[0m\nb'],
    );
    assert.equal(code, 0);
    assert.equal(stdout, '2:  1%\n   $1=1\n2:  2% left\\x1b[0m\n   $1=2  rest= left\n');
  });

  it('exits with 1 where nothing matches, and where the pattern is none', async () => {
    assert.equal((await runCommand(['match', 'x'], ['abc\n'])).code, 1);
    const { code, stderr } = await runCommand(['match', 'a[z-a]'], ['abc\n']);
    assert.deepEqual([code, stderr], [1, 'error: bad character range z-a [bad-regex]\n  a[z-a]\n    ^\n']);
  });

  it('--json has lines and spans', async () => {
    const { stdout } = await runCommand(['match', '--json', 'b(c)?'], ['a\nabc b\n']);
    assert.deepEqual(JSON.parse(stdout), {
      ok: true,
      group_count: 1,
      group_names: {},
      matches: [
        { line: 2, span: [1, 3], groups: ['c'], group_spans: [[2, 3]] },
        { line: 2, span: [4, 5], groups: [null], group_spans: [null] },
      ],
    });
  });

  it('takes flags', async () => {
    assert.equal((await runCommand(['match', 'B', '--flags', 'I'], ['b'])).code, 0);
    assert.equal((await runCommand(['match', 'B', '--flags', 'Q'], ['b'])).code, 2);
  });

  it('says which line was too hard', async () => {
    const { code, stderr } = await runCommand(['match', '(a+)+$'], [`x\n${'a'.repeat(40)}b\n`]);
    assert.equal(code, 1);
    assert.match(stderr, /^line 2: /);
  });
});

describe('help', () => {
  for (const command of ['parse', 'lint', 'format', 'eval', 'match', 'test']) {
    it(`of ${command} has an example`, async () => {
      const { code, stdout } = await runCommand([command, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples:\n  slurm-watchers ${command} `));
    });
  }
});
