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
    ['#WATCHER pat<|>tern="a"', /^\*\*pattern\*\*/],
    ['#WATCHER pattern="a" capture_gr<|>oups=[]', /^\*\*captures\*\*[^]*Also written: `capture_groups`/],
    ['#WATCHER pattern="a" action=can<|>cel(reason="x")', /^\*\*cancel_job\*\*/],
    ['#WATCHER pattern="a" action=cancel(rea<|>son="x")', /^\*\*reason\*\*/],
    ['#WATCHER pattern="a" action=log_event(lev<|>el=info)', /^\*\*level\*\*[^]*One of: `debug`/],
    ['#WATCHER_BEGIN\n# pattern: a\n# int<|>erval: 5\n#WATCHER_END', /^\*\*interval\*\*[^]*Default: 30 s/],
    [
      '#WATCHER_BEGIN\n# pattern: a\n# actions:\n#  - store_m<|>etric(loss)\n#WATCHER_END',
      /^\*\*store_metric\*\*/,
    ],
  ];
  for (const [marked, expected] of cases)
    it(marked.replaceAll('\n', ' ⏎ '), async () => {
      assert.match((await hover(marked)) ?? '', expected);
    });
  for (const quiet of [
    'echo pat<|>tern',
    '#WATCHER patern<|>="a" pattern="b"',
    '#WATCHER pattern="pat<|>tern"',
  ])
    it(`is quiet at ${quiet}`, async () => {
      assert.equal(await hover(quiet), undefined);
    });
});
