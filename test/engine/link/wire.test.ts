// A connection whose other end misbehaves.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { Wire } from '../../../engine/link/wire';
import { waitFor } from '../../waitFor';
import { useTemporaryHome } from '../temporaryHome';

describe('a wire', () => {
  const directory = useTemporaryHome();
  let server: Server;
  let theirs: Socket;
  let wire: Wire;
  let said: string;

  beforeEach(async () => {
    const path = join(directory(), 's');
    server = createServer().listen(path);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    wire = new Wire(createConnection(path), { first: 10_000, takes: 20_000, gives: 10_000 });
    said = '';
    [theirs] = await accepted;
    theirs.on('error', () => undefined).on('data', (bytes) => (said += String(bytes)));
  });
  afterEach(() => {
    wire.destroy();
    server.close();
  });

  const isUnknown = (error: unknown): boolean =>
    error instanceof WatchError && error.code === 'engine-unreachable';

  it('fails what is asked when it breaks, and ever after', async () => {
    const asked = wire.request('engine/jobs', {});
    theirs.destroy();
    await assert.rejects(asked, isUnknown);
    await wire.closed;
    await assert.rejects(wire.request('engine/jobs', {}), isUnknown);
  });

  it('hangs up on what is not JSON-RPC', async () => {
    const asked = wire.request('engine/jobs', {});
    theirs.write('Content-Length: 3\r\n\r\n{"}');
    await assert.rejects(asked, isUnknown);
  });

  for (const [what, bytes, why] of [
    ['announces too much', 'Content-Length: 4294967296\r\n\r\n', /4294967296 bytes is larger than the 10000/],
    ['announces nothing', 'Content-Length: -5\r\n\r\n', /does not say how long it is/],
    ['has a header without end', `Content-Type: ${'x'.repeat(9000)}`, /longer than 8192 bytes/],
    ['has a header that is too long', `Content-Type: ${'x'.repeat(9000)}\r\n\r\n`, /longer than 8192 bytes/],
    ['says its length twice', 'Content-Length: 5\r\nContent-Length: 5\r\n\r\n', /says something twice/],
    ['says two lengths', 'Content-Length: 5\r\ncontent-length: 9999\r\n\r\n', /says something twice/],
    ['hides a length', 'Content-Type: x\nContent-Length: 5\r\n\r\n', /a line that is not known/],
    ['has a name before a blank', 'Content-Length : 5\r\n\r\n', /a line that is not known/],
    ['has a folded line', 'Content-Length: 5\r\n Content-Length: 9\r\n\r\n', /a line that is not known/],
    ['has a name that others read as ASCII', '\u00c3ontent-Length: 5\r\n\r\n', /a line that is not known/],
    ['is encoded in a way of its own', 'Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n', /not known/],
    ['writes its length in other digits', 'Content-Length: 0x10\r\n\r\n', /does not say how long it is/],
    ['has a length with a fraction', 'Content-Length: 5.5\r\n\r\n', /does not say how long it is/],
    ['has no header at all', '\r\n\r\n', /a line that is not known/],
  ] as const)
    it(`says why it hangs up on what ${what}`, async () => {
      const small = '{"jsonrpc":"2.0","method":"engine/ending","params":{}}';
      const all = `Content-Length: ${small.length}\r\n\r\n${small}${bytes}`;
      // In pieces of any size.
      for (let at = 0; at < all.length; at += 37) theirs.write(all.slice(at, at + 37));
      await wire.closed;
      await waitFor('the reason', () => why.test(said));
    });

  it('takes more from whom it knows', async () => {
    let length = 0;
    wire.onRequest((_method, params) => {
      length = (params as { readonly text: string }).text.length;
      return Promise.resolve(null);
    });
    const say = (): void => {
      const params = { text: 'x'.repeat(15_000) };
      const asked = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'engine/jobs', params });
      theirs.write(`Content-Length: ${asked.length}\r\n\r\n${asked}`);
    };
    wire.admit();
    say();
    await waitFor('the request', () => length === 15_000);
  });

  it('sends nothing that the other end would not take', async () => {
    const large = 'x'.repeat(20_000);
    await assert.rejects(
      wire.request('engine/jobs', { job: large }),
      (error) =>
        error instanceof WatchError && error.code === 'bad-request' && /larger than/.test(error.message),
    );
    wire.onRequest(() => Promise.resolve(large));
    const asked = '{"jsonrpc":"2.0","id":7,"method":"engine/jobs","params":{}}';
    theirs.write(`Content-Length: ${asked.length}\r\n\r\n${asked}`);
    await waitFor('an answer', () => /"id":7,"error":.*"code":"bad-request"/.test(said));
    assert.ok(said.length < 1000);
  });

  it('hangs up on what has no frame', async () => {
    theirs.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await wire.closed;
    await assert.rejects(wire.request('engine/jobs', {}), isUnknown);
  });

  it('leaves nothing that keeps the process where it breaks within a message', async () => {
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    // The test's own one is set by then.
    await new Promise(setImmediate);
    const before = timers();
    theirs.end('Content-Length: 100\r\n\r\n{"jsonrpc":');
    await wire.closed;
    assert.equal(timers(), before);
  });
});
