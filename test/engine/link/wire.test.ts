// A connection whose other end misbehaves.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { Wire } from '../../../engine/link/wire';
import { useTemporaryHome } from '../temporaryHome';

describe('a wire', () => {
  const directory = useTemporaryHome();
  let server: Server;
  let theirs: Socket;
  let wire: Wire;

  beforeEach(async () => {
    const path = join(directory(), 's');
    server = createServer().listen(path);
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    wire = new Wire(createConnection(path));
    [theirs] = await accepted;
    theirs.on('error', () => undefined).resume();
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
