// What is told about the word under the pointer; it is `<|>`.
import assert from 'node:assert/strict';
import { HoverRequest, MarkupContent } from 'vscode-languageserver-protocol';
import { createLineIndex } from '../../language/text';
import { startServer, type ServerClient } from './serverClient';

let client: ServerClient;
async function hover(marked: string): Promise<string | undefined> {
  const text = marked.replace('<|>', '');
  const position = createLineIndex(text).positionAt(marked.indexOf('<|>'));
  const answer = await client.connection.sendRequest(HoverRequest.type, {
    textDocument: { uri: client.open(text) },
    position,
  });
  if (!answer) return undefined;
  assert.ok(MarkupContent.is(answer.contents));
  return answer.contents.value;
}

describe('hover', () => {
  before(async () => {
    client = await startServer({});
  });
  after(() => client.stop());

  const cases: readonly [string, RegExp][] = [
    ['#LOGIN_SETUP_B<|>EGIN\necho\n#LOGIN_SETUP_END\n', /run on the login node before the job is submitted/],
    ['#WATCHER pat<|>tern="a"', /^\*\*pattern\*\*/],
    ['#WATCHER pattern="a" capture_gr<|>oups=[]', /^\*\*captures\*\*[^]*Also written: `capture_groups`/],
    ['#WATCHER pattern="a" action=can<|>cel(reason="x")', /^\*\*cancel_job\*\*/],
    ['#WATCHER pattern="a" action=cancel(rea<|>son="x")', /^\*\*reason\*\*/],
    ['#WATCHER pattern="a" action=log_event(lev<|>el=info)', /^\*\*level\*\*[^]*One of: `debug`/],
    ['#WATCHER pattern="loss: (\\d+)" captures=[lo<|>ss]', /^\*\*loss\*\* {2}\ngroup 1: `\(\\d\+\)`/],
    ['#WATCHER pattern="(a)(b)" action=log("$<|>2")', /^\*\*\$2\*\* {2}\ngroup 2: `\(b\)`/],
    ['#WATCHER pattern="(a)" action=log("${JOB_<|>ID}")', /^\*\*\$JOB_ID\*\* {2}\nThe job's id/],
    ['#WATCHER pattern="(a)" captures=[x] condition="float(<|>x) > 1"', /^\*\*x\*\* {2}\ngroup 1/],
    ['#WATCHER pattern="(a)" captures=[x] condition="flo<|>at(x) > 1"', /^`float\(value\)`/],
    ['#WATCHER pattern="(a)" captures=[x] condition="x.str<|>ip() > 1"', /^`strip\(\[characters\]\)`/],
    [
      '#WATCHER pattern="(a)" captures=[x] condition="x.rpart<|>ition(\'/\')[2]"',
      /^`rpartition\(separator\)`/,
    ],
    ['#WATCHER pattern="(a)" condition="trigger_<|>count > 1"', /^\*\*trigger_count\*\*/],
    [
      '#WATCHER trigger_on_job_end=1 trigger_job_states=[oo<|>m]',
      /^\*\*out_of_memory\*\*[^]*OUT_OF_MEMORY \(OOM\)/,
    ],
    [
      '#WATCHER pattern="loss: ([\\d<|>.]+)" captures=[x]',
      /^\*\*`\[\\d\.\]\+` a digit or ".", once or more\*\*[^]*\n- `loss: ` the text\n- `\(\[\\d\.\]\+\)` group 1, x\n {2}- `\[/,
    ],
    // What a script says is code or words, whatever it looks like.
    [
      '#WATCHER pattern="(<|>x)``` [a](command:x) \u202e" captures=[a]',
      /^\*\*`x`[^]*- ```` ``` \[a\] ```` [^]*`\(command:x\)`[^]*\\u202e/,
    ],
    ['#SBATCH --ti<|>me=60', /^\*\*--time\*\* \(`-t`\)[^]*Value: a time such as/],
    ['#SBATCH -o logs/%x-<|>%j.out', /^\*\*--output\*\*[^]*`%x` the job's name\n- `%j` the job's number/],
    ['#WATCHER_BEGIN\n# pattern: a\n# int<|>erval: 5\n#WATCHER_END', /^\*\*interval\*\*[^]*Default: 30 s/],
    [
      '#WATCHER_BEGIN\n# pattern: a\n# actions:\n#  - store_m<|>etric(loss)\n#WATCHER_END',
      /^\*\*store_metric\*\*/,
    ],
    ['#WATCHER_BEGIN\n# pattern: a\n# act<|>ions:\n#  - pause\n#WATCHER_END', /^\*\*actions\*\*/],
  ];
  for (const [marked, expected] of cases)
    it(marked.replaceAll('\n', ' ⏎ '), async () => {
      assert.match((await hover(marked)) ?? '', expected);
    });
  for (const quiet of [
    'echo pat<|>tern',
    '#WATCHER patern<|>="a" pattern="b"',
    '#SBATCH --tme<|>=4',
    '#SBATCH --cpus<|>=4',
    '#WATCHER pattern="(<|>"',
  ])
    it(`is quiet at ${quiet}`, async () => {
      assert.equal(await hover(quiet), undefined);
    });
});
