// What is offered at a place of a script; the cursor is `<|>`.
import assert from 'node:assert/strict';
import {
  CompletionRequest,
  CompletionResolveRequest,
  InsertReplaceEdit,
  InsertTextFormat,
  type CompletionItem,
  type Range,
} from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseScript } from '../../language/script';
import { templates } from '../../language/templates';
import { createLineIndex } from '../../language/text';
import { startServer, type ServerClient } from './serverClient';

let client: ServerClient;
let plain: ServerClient;
const snippets = { completion: { completionItem: { snippetSupport: true } } };

async function complete(marked: string, server = client): Promise<CompletionItem[]> {
  const offset = marked.indexOf('<|>');
  const text = marked.replace('<|>', '');
  const position = createLineIndex(text).positionAt(offset);
  const answer = await server.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri: server.open(text) },
    position,
  });
  assert.ok(answer === null || Array.isArray(answer));
  return answer ?? [];
}

const labels = async (marked: string): Promise<string[]> =>
  (await complete(marked)).map(({ label }) => label);

async function find(marked: string, wanted: string, server = client): Promise<CompletionItem> {
  const items = await complete(marked, server);
  const item = items.find(({ label }) => label === wanted);
  assert.ok(item, `${wanted} is not among ${items.map(({ label }) => label).join(', ')}`);
  return item;
}

const newText = (item: CompletionItem): string => item.textEdit?.newText ?? '';

describe('completion', () => {
  before(async () => {
    [client, plain] = await Promise.all([startServer(snippets), startServer({})]);
  });
  after(() => Promise.all([client.stop(), plain.stop()]));

  describe('of markers', () => {
    it('offers both at #W', async () => {
      assert.deepEqual((await labels('#W<|>')).slice(0, 2), ['#WATCHER', '#WATCHER_BEGIN']);
    });
    it('replaces what is written, with its #', async () => {
      const { textEdit } = await find('echo\n  #wat<|>', '#WATCHER_BEGIN');
      assert.deepEqual(textEdit && 'range' in textEdit && textEdit.range, {
        start: { line: 1, character: 2 },
        end: { line: 1, character: 6 },
      });
    });
    for (const quiet of ['#<|>', '# W<|>', 'echo #W<|>', 'echo W<|>', '#WORK<|>', '##W<|>', '<|>'])
      it(`is quiet at ${quiet}`, async () => {
        assert.deepEqual(await labels(quiet), []);
      });
  });

  describe('of fields', () => {
    it('offers those that are not written yet', async () => {
      const offered = await labels('#WATCHER pattern="x" cooldown=1m <|>');
      assert.ok(!offered.includes('pattern'));
      assert.ok(!offered.includes('cooldown'));
      assert.deepEqual(
        ['captures', 'condition', 'interval', 'action'].filter((name) => !offered.includes(name)),
        [],
      );
    });
    it('knows aliases as written', async () => {
      assert.ok(!(await labels('#WATCHER pattern="x" capture_groups=[a] <|>')).includes('captures'));
    });
    it('offers action again, and actions in blocks alone', async () => {
      const offered = await labels('#WATCHER pattern="x" action=log_event <|>');
      assert.ok(offered.includes('action') && !offered.includes('actions'));
      const inBlock = await labels('#WATCHER_BEGIN\n# <|>\n#WATCHER_END');
      assert.ok(inBlock.includes('actions') && !inBlock.includes('action'));
    });
    it('offers them behind the marker alone', async () => {
      assert.ok((await labels('#WATCHER <|>')).includes('pattern'));
    });
    it('offers them in a block that is not closed yet', async () => {
      const offered = await labels('#WATCHER_BEGIN\n# name: a\n# pat<|>');
      assert.ok(offered.includes('pattern') && !offered.includes('name'));
    });
    it('is quiet behind a closed block', async () => {
      assert.deepEqual(await labels('#WATCHER_BEGIN\n# pattern: a\n#WATCHER_END\n# <|>'), []);
    });
    it('writes each with its form', async () => {
      assert.equal(newText(await find('#WATCHER <|>', 'pattern')), 'pattern="$1"');
      assert.equal(newText(await find('#WATCHER <|>', 'captures')), 'captures=[$1]');
      assert.equal(
        newText(await find('#WATCHER <|>', 'output_type')),
        'output_type=${1|stdout,stderr,both|}',
      );
      assert.equal(newText(await find('#WATCHER_BEGIN\n# <|>', 'interval')), 'interval: ${1:30s}');
    });
    it('explains each', async () => {
      const { documentation } = await find('#WATCHER <|>', 'condition');
      assert.ok(documentation && typeof documentation === 'object');
      assert.match(documentation.value, /Python expression[^]*Default: always/);
    });
    it('writes plain text for clients without snippets', async () => {
      assert.equal(newText(await find('#WATCHER <|>', 'pattern', plain)), 'pattern=""');
      assert.equal(newText(await find('#WATCHER <|>', 'interval', plain)), 'interval=30s');
      assert.equal(newText(await find('#WATCHER <|>', 'output_type', plain)), 'output_type=stdout');
    });
  });

  describe('of values', () => {
    const cases: readonly [string, readonly string[]][] = [
      ['#WATCHER timer_mode_enabled=<|>', ['true', 'false']],
      ['#WATCHER timer_mode=t<|>', ['true', 'false']],
      ['#WATCHER output_type="<|>', ['stdout', 'stderr', 'both']],
      ['#WATCHER_BEGIN\n# output_type: <|>', ['stdout', 'stderr', 'both']],
      ['#WATCHER action=log_event(message="a, b", level=<|>', ['debug', 'info', 'warning', 'error']],
      ['#WATCHER_BEGIN\n# actions:\n#   - log_event(level="w<|>', ['debug', 'info', 'warning', 'error']],
      ['#WATCHER action=resubmit(cancel_previous=<|>', ['true', 'false']],
      ['#WATCHER unknown=<|>', []],
    ];
    for (const [marked, expected] of cases)
      it(marked.replaceAll('\n', ' ⏎ '), async () => {
        assert.deepEqual(await labels(marked), expected);
      });
    it('offers names for groups that have none', async () => {
      const pattern = 'pattern="loss: (a) acc=(b) (?P<x>c)"';
      assert.deepEqual(await labels(`#WATCHER ${pattern} captures=[<|>]`), ['loss', 'acc']);
      assert.deepEqual(await labels(`#WATCHER ${pattern} captures=[loss, a<|>]`), ['acc']);
      assert.equal((await find(`#WATCHER ${pattern} captures=[<|>`, 'acc')).detail, 'group 2, (b)');
      assert.deepEqual(await labels('#WATCHER captures=[<|>]'), []);
      assert.deepEqual(await labels('#WATCHER pattern="class (a) from=(b)" captures=[<|>]'), [
        'class_value',
        'from_value',
      ]);
      const spelt = 'pattern="\\b[Ll]oss[:=]?\\s*(a)[xy]+(b)"';
      assert.deepEqual(await labels(`#WATCHER ${spelt} captures=[<|>]`), ['loss', 'value']);
    });
    it('offers states in a list', async () => {
      const offered = await labels('#WATCHER trigger_job_states=[failed, <|>');
      assert.ok(offered.includes('timeout') && offered.includes('out_of_memory'));
    });
  });

  describe('of actions', () => {
    const places = [
      '#WATCHER pattern="a" action=<|>',
      '#WATCHER pattern="a" action=can<|>',
      '#WATCHER pattern="a" actions=[log_event(message="x"), <|>',
      '#WATCHER_BEGIN\n# actions:\n#   - <|>',
      '#WATCHER_BEGIN\n#   -<|>',
      '#WATCHER_BEGIN\n# action: <|>',
    ];
    for (const marked of places)
      it(marked.replaceAll('\n', ' ⏎ '), async () => {
        assert.ok((await labels(marked)).includes('cancel_job'));
      });
    it('brings placeholders for what an action needs', async () => {
      const at = '#WATCHER action=<|>';
      assert.equal(newText(await find(at, 'log_event')), 'log_event(message="$1")');
      assert.equal(newText(await find(at, 'pause_watcher')), 'pause_watcher');
      assert.equal(newText(await find(at, 'resubmit')), 'resubmit(modifications={$1})');
    });
    it('offers parameters that are not written yet', async () => {
      assert.deepEqual(await labels('#WATCHER action=store_metric(metric_name="loss", <|>'), [
        'value',
        'unit',
      ]);
      assert.deepEqual(await labels('#WATCHER action=store_metric(<|>'), ['name', 'value', 'unit']);
    });
    it('is quiet behind the call and inside text', async () => {
      assert.deepEqual(await labels('#WATCHER action=log_event(message="a <|>'), []);
      assert.deepEqual(await labels('#WATCHER action=nothing(<|>'), []);
    });
  });

  describe('of templates', () => {
    it('offers whole directives at the marker', async () => {
      const item = await find('#W<|>', 'Out of memory');
      assert.match(newText(item), /^#WATCHER_BEGIN\n# name: [^]*cancel_job[^]*#WATCHER_END$/);
      assert.ok(item.filterText?.startsWith('#WATCHER'));
    });
    it('offers patterns, with what they match, closing the quote', async () => {
      const item = await find('#WATCHER pattern="<|>', 'Out of memory');
      assert.match(newText(item), /^CUDA out of memory\|.*"$/);
      assert.ok(typeof item.documentation === 'object' && /Matches:\n- `/.test(item.documentation.value));
    });
    it('leaves the closing quote that is there', async () => {
      assert.doesNotMatch(newText(await find('#WATCHER pattern="<|>"', 'Out of memory')), /"/);
    });
    it('quotes where no quote is open, in blocks', async () => {
      const item = await find('#WATCHER_BEGIN\n# pattern: <|>', 'Warnings');
      assert.match(newText(item), /^".*"$/);
    });
    it('reads as the template', async () => {
      const text = newText(await find('#WATCHER pattern=<|>', 'Warnings', plain));
      const [watcher] = parseScript(`#WATCHER pattern=${text}`).watchers;
      assert.equal(
        watcher?.definition.pattern,
        templates.find(({ title }) => title === 'Warnings')?.definition.pattern,
      );
    });
    it('is quiet once something is written', async () => {
      assert.deepEqual(await labels('#WATCHER pattern="a<|>'), []);
    });
  });

  describe('of variables', () => {
    const directive = 'pattern="loss: (\\d+) (?P<acc>.*)" captures=[loss]';
    it('offers captures with their groups, groups by number, and built-in names', async () => {
      const at = `#WATCHER ${directive} action=log_event(message="low $<|>`;
      assert.deepEqual((await labels(at)).slice(0, 6), ['$loss', '$acc', '$0', '$1', '$2', '$JOB_ID']);
      assert.equal((await find(at, '$loss')).detail, 'group 1, (\\d+)');
      assert.equal((await find(at, '$acc')).detail, 'group 2, (?P<acc>.*)');
    });
    it('replaces what is written, with its $ and brace', async () => {
      const at = `#WATCHER ${directive} action=log_event(message="\${lo<|>")`;
      const { textEdit, filterText } = await find(at, '$loss');
      assert.equal(textEdit?.newText, '\\${loss');
      assert.equal(filterText, '${loss');
    });
    it('is plain text for clients without snippets', async () => {
      const at = `#WATCHER ${directive} action=log_event($<|>`;
      assert.equal(newText(await find(at, '$loss', plain)), '$loss');
    });
    it('offers them in blocks', async () => {
      const at =
        '#WATCHER_BEGIN\n# pattern: (a)\n# captures: [x]\n# actions:\n#   - run_command(command="echo $<|>';
      assert.ok((await labels(at)).includes('$x'));
    });
    it('is quiet behind $$', async () => {
      assert.deepEqual(await labels(`#WATCHER ${directive} action=run_command(command="echo $$<|>`), []);
    });
  });

  describe('of conditions', () => {
    const places = [
      '#WATCHER pattern="(a)" captures=[loss] condition="<|>',
      '#WATCHER pattern="(a)" captures=[loss] condition="float(lo<|>',
      '#WATCHER pattern="(a)" captures=[loss] condition=\'x in "ab" and <|>',
      '#WATCHER pattern="(a)" captures=[loss] action=cancel_job(reason="x") if <|>',
      '#WATCHER pattern="(a)" captures=[loss] action=cancel_job if <|>',
      '#WATCHER_BEGIN\n# pattern: (a)\n# captures: [loss]\n# condition: float(<|>',
      '#WATCHER_BEGIN\n# pattern: (a)\n# captures: [loss]\n# actions:\n#   - cancel_job() if float(<|>',
    ];
    for (const marked of places)
      it(marked.replaceAll('\n', ' ⏎ '), async () => {
        const offered = await labels(marked);
        for (const name of ['loss', 'trigger_count', 'float', 'and'])
          assert.ok(offered.includes(name), `${name} is not among ${offered.join(', ')}`);
      });
    it('offers methods behind a dot alone', async () => {
      const offered = await labels('#WATCHER pattern="(a)" captures=[loss] condition="loss.<|>');
      assert.ok(offered.includes('startswith') && !offered.includes('loss'));
      assert.ok(
        offered.includes('casefold') && offered.includes('rpartition') && !offered.includes('format'),
      );
    });
    it('offers if behind an action', async () => {
      assert.deepEqual(await labels('#WATCHER_BEGIN\n# actions:\n#   - cancel_job() <|>'), ['if']);
    });
    for (const quiet of ['condition="loss == \'<|>', 'condition="1.<|>', 'condition="loss == 12<|>'])
      it(`is quiet at ${quiet}`, async () => {
        assert.deepEqual(await labels(`#WATCHER pattern="(a)" captures=[loss] ${quiet}`), []);
      });
  });

  describe('of #SBATCH', () => {
    it('offers options that are not written yet', async () => {
      const offered = await labels('#SBATCH --time=60 -n 4\n#SBATCH --<|>');
      assert.ok(offered.includes('--partition') && offered.includes('--mem'));
      assert.ok(!offered.includes('--time') && !offered.includes('--ntasks'));
    });
    it('replaces the dashes', async () => {
      const { textEdit, documentation } = await find('#SBATCH --ti<|>', '--time');
      assert.deepEqual(textEdit && 'range' in textEdit && textEdit.range.start, { line: 0, character: 8 });
      assert.equal(textEdit?.newText, '--time=');
      assert.ok(documentation && typeof documentation === 'object' && /minutes/.test(documentation.value));
    });
    const cases: readonly [string, readonly string[]][] = [
      ['#SBATCH --open-mode=<|>', ['append', 'truncate']],
      ['#SBATCH --kill-on-invalid-dep <|>', ['yes', 'no']],
      ['#SBATCH -t <|>', ['1-00:00:00']],
      ['#SBATCH -t5<|>', ['1-00:00:00']],
      ['#SBATCH --hold=<|>', []],
      ['#SBATCH --output=a # <|>', []],
      ['  #SBATCH <|>', []],
      ['# SBATCH <|>', []],
    ];
    for (const [marked, expected] of cases)
      it(marked, async () => {
        assert.deepEqual(await labels(marked), expected);
      });
    it('offers the items of a list', async () => {
      const item = await find('#SBATCH --mail-type=END,F<|>', 'FAIL');
      assert.deepEqual(item.textEdit && 'range' in item.textEdit && item.textEdit.range.start.character, 24);
    });
    it('explains replacements in file names', async () => {
      assert.equal((await find('#SBATCH -o logs/%<|>', '%x')).detail, "the job's name");
    });
  });

  describe('for clients that can more', () => {
    let able: ServerClient;
    before(async () => {
      able = await startServer({
        completion: {
          completionItem: {
            insertReplaceSupport: true,
            resolveSupport: { properties: ['documentation', 'detail'] },
          },
        },
      });
    });
    after(() => able.stop());

    const documentationOf = async (item: CompletionItem): Promise<string> => {
      const { documentation } = await able.connection.sendRequest(CompletionResolveRequest.type, item);
      return typeof documentation === 'object' ? documentation.value : '';
    };

    it('says what it replaces around the cursor', async () => {
      const { textEdit } = await find('#WATCHER pat<|>tern="a"', 'pattern', able);
      assert.ok(textEdit && InsertReplaceEdit.is(textEdit));
      const toColumns = ({ start, end }: Range): number[] => [start.character, end.character];
      assert.deepEqual(
        [toColumns(textEdit.insert), toColumns(textEdit.replace)],
        [
          [9, 12],
          [9, 16],
        ],
      );
    });

    const topics: readonly [string, string, RegExp][] = [
      ['#WATCHER <|>', 'interval', /How often the output is read/],
      ['#WATCHER action=<|>', 'store_metric', /`unit`/],
      ['#WATCHER action=log_event(<|>', 'level', /One of: `debug`/],
      ['#SBATCH --<|>', '--time', /minutes/],
      ['#W<|>', 'Out of memory', /```bash\n#WATCHER_BEGIN/],
      ['#WATCHER pattern="<|>', 'Out of memory', /Matches:\n- `/],
    ];
    for (const [place, label, words] of topics)
      it(`brings documentation once it is shown: ${label}`, async () => {
        const item = await find(place, label, able);
        assert.equal(item.documentation, undefined);
        assert.match(await documentationOf(item), words);
        const inOne = await find(place, label);
        assert.ok(typeof inOne.documentation === 'object');
        assert.equal(inOne.documentation.value, await documentationOf(item));
      });

    it('leaves alone what it does not know', async () => {
      const pattern = await find('#WATCHER pattern="<|>', 'Warnings', able);
      const senseless = [
        undefined,
        5,
        { about: 'field', name: 'no' },
        { about: 'pattern', name: 'gone' },
        {},
      ];
      for (const data of [...senseless, { about: 'param', action: 'log_event', name: 'gone' }])
        assert.equal(await documentationOf({ ...pattern, data }), '');
    });
  });

  describe('inside a word', () => {
    const taken: readonly [marked: string, label: string, after: string][] = [
      ['#WATCHER pat<|>tern="a"', 'pattern', '#WATCHER pattern="a"'],
      ['#WATCHER out<|>put = stdout', 'output_type', '#WATCHER output_type = stdout'],
      ['#WATCHER pat<|> action=log_event', 'pattern', '#WATCHER pattern="" action=log_event'],
      ['#WATCHER_BEGIN\n# pat<|>tern: a', 'pattern', '#WATCHER_BEGIN\n# pattern: a'],
      ['#WATCHER output_type=std<|>out', 'stderr', '#WATCHER output_type=stderr'],
      ['#WATCHER interval=1<|>.5h', '30s', '#WATCHER interval=30s'],
      ['#WATCHER action=log_<|>event(message="x")', 'cancel_job', '#WATCHER action=cancel_job(message="x")'],
      ['#WATCHER action=can<|>cel_job if x', 'pause_watcher', '#WATCHER action=pause_watcher if x'],
      ['#WATCHER action=store_metric(na<|>me="x")', 'value', '#WATCHER action=store_metric(value="x")'],
      [
        '#WATCHER pattern="(?P<loss>a)" action=log("$l<|>os")',
        '$loss',
        '#WATCHER pattern="(?P<loss>a)" action=log("$loss")',
      ],
      [
        '#WATCHER pattern="(?P<loss>a)" action=log("$<|>{lo}")',
        '$loss',
        '#WATCHER pattern="(?P<loss>a)" action=log("$loss")',
      ],
      [
        '#WATCHER pattern="(?P<loss>a)" action=log("${l<|>o:-x}")',
        '$loss',
        '#WATCHER pattern="(?P<loss>a)" action=log("${loss:-x}")',
      ],
      ['#WATCHER condition="i<|>nt(x) > 1"', 'float', '#WATCHER condition="float(x) > 1"'],
      ['#WATCHER condition="x.low<|>er() > 1"', 'upper', '#WATCHER condition="x.upper() > 1"'],
      ['#WA<|>TCHER pattern="a"', '#WATCHER', '#WATCHER pattern="a"'],
      ['#WATCHER_B<|>EGIN', '#WATCHER_BEGIN', '#WATCHER_BEGIN'],
      ['#SBATCH --ti<|>me=5', '--time-min', '#SBATCH --time-min=5'],
      ['#SBATCH --ti<|>me 5', '--time-min', '#SBATCH --time-min 5'],
      ['#SBATCH --ti<|> --mem=5', '--time', '#SBATCH --time= --mem=5'],
      ['#SBATCH --ti<|> # why', '--time', '#SBATCH --time= # why'],
      ['#SBATCH --time=1<|>2:00:00 # why', '1-00:00:00', '#SBATCH --time=1-00:00:00 # why'],
      ['#SBATCH --dependency=afte<|>rok:1', 'afterany:', '#SBATCH --dependency=afterany:1'],
      ['#SBATCH --mail-type=E<|>ND,FAIL', 'BEGIN', '#SBATCH --mail-type=BEGIN,FAIL'],
      ['#SBATCH --job-name="te<|>st"', 'train', '#SBATCH --job-name="train"'],
      ['#SBATCH -o %<|>j_run.out', '%x', '#SBATCH -o %x_run.out'],
      ['#SBATCH -o %<|>run.out', '%x', '#SBATCH -o %xrun.out'],
    ];
    let able: ServerClient;
    before(async () => {
      able = await startServer({ completion: { completionItem: { insertReplaceSupport: true } } });
    });
    after(() => able.stop());
    for (const [marked, label, after] of taken)
      it(`${marked.replaceAll('\n', ' ⏎ ')} takes ${label} for all of it`, async () => {
        const text = TextDocument.create('', '', 1, marked.replace('<|>', ''));
        for (const server of [able, plain]) {
          const { textEdit } = await find(marked, label, server);
          assert.ok(textEdit);
          const range = InsertReplaceEdit.is(textEdit) ? textEdit.replace : textEdit.range;
          assert.equal(TextDocument.applyEdits(text, [{ range, newText: textEdit.newText }]), after);
          if (InsertReplaceEdit.is(textEdit)) assert.deepEqual(textEdit.insert.start, range.start);
        }
      });
    it('inserts before a word where nothing is written yet', async () => {
      const { textEdit } = await find('#WATCHER <|>pattern="a"', 'cooldown', plain);
      assert.deepEqual(textEdit && 'range' in textEdit && textEdit.range.end, { line: 0, character: 9 });
    });
    it('offers no whole directives where one stands already', async () => {
      assert.deepEqual(await labels('#WA<|>TCHER pattern="a"'), ['#WATCHER', '#WATCHER_BEGIN']);
    });
  });

  describe('as plain text', () => {
    for (const { title, definition } of templates)
      it(`has the directive of ${title}`, async () => {
        const text = newText(await find('#W<|>', title, plain));
        assert.deepEqual(
          parseScript(text).watchers.map((watcher) => watcher.definition),
          [definition],
        );
      });
    it('has no placeholders', async () => {
      for (const marked of ['#W<|>', '#WATCHER <|>', '#WATCHER action=<|>', '#WATCHER action=resubmit(<|>'])
        for (const item of await complete(marked, plain)) {
          assert.equal(item.insertTextFormat, InsertTextFormat.PlainText);
          assert.doesNotMatch(newText(item), /\$\{\d|\\\$/, item.label);
        }
      assert.equal(
        newText(await find('#WATCHER action=<|>', 'resubmit', plain)),
        'resubmit(modifications={})',
      );
      assert.match(
        newText(await find('#W<|>', '#WATCHER_BEGIN', plain)),
        /^# actions:\n# {3}- \n#WATCHER_END$/m,
      );
    });
  });

  it('takes a word by the character behind it only once the word is begun', async () => {
    const at = async (written: string) =>
      (await find(`#WATCHER trigger_job_states=[${written}<|>`, 'failed')).commitCharacters;
    assert.deepEqual(await at('f'), [',', ']']);
    assert.equal(await at(''), undefined);
  });
});
