// Posting: what comes of a server that answers, refuses, dawdles, breaks off or talks nonsense; and what is never followed.
import assert from 'node:assert/strict';
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { createHttp } from '../../../engine/io/http';
import { WatchError } from '../../../engine/errors';
import { localCertificate, localKey } from './localCertificate';

describe('posting over HTTP', () => {
  const servers: (Server | TcpServer)[] = [];
  const listen = async (server: Server | TcpServer): Promise<number> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    }
  });
  const http = createHttp();
  const serve = async (handle: RequestListener): Promise<string> =>
    `http://127.0.0.1:${await listen(createPlainServer(handle))}/services/secret`;
  const failsWith = async (
    url: string,
    code: WatchError['code'],
    { limitMs = 5000, client = http } = {},
  ): Promise<void> => {
    await assert.rejects(client.post(url, '{}', limitMs), (error) => {
      assert.ok(error instanceof WatchError, String(error));
      assert.equal(error.code, code);
      assert.ok(!`${error.message} ${error.remedy} ${String(error.cause)}`.includes('secret'));
      return true;
    });
  };

  it('sends the text as JSON, and gives the answer', async () => {
    let got = '';
    const url = await serve((request, response) => {
      assert.equal(request.method, 'POST');
      assert.match(request.headers['content-type'] ?? '', /^application\/json/);
      request.on('data', (piece) => (got += String(piece)));
      request.on('end', () => response.end('ok'));
    });
    const answer = await http.post(url, '{"text":"ä<!channel>"}', 5000);
    assert.deepEqual(answer, { status: 200, retryAfterMs: null, text: 'ok' });
    assert.equal(got, '{"text":"ä<!channel>"}');
  });

  it('gives how long to wait, in seconds or as a date', async () => {
    const wait = async (value: string): Promise<number | null> => {
      const url = await serve((_, response) => {
        response.writeHead(429, { 'retry-after': value }).end();
      });
      return (await http.post(url, '', 5000)).retryAfterMs;
    };
    assert.equal(await wait('30'), 30_000);
    assert.equal(await wait('soon'), null);
    const date = (await wait(new Date(Date.now() + 60_000).toUTCString())) ?? 0;
    assert.ok(date > 50_000 && date <= 60_000, String(date));
    assert.equal(await wait('Thu, 01 Jan 1970 00:00:00 GMT'), 0);
  });

  it('follows no redirect', async () => {
    let asked = 0;
    const other = await serve((_, response) => {
      asked += 1;
      response.end('ok');
    });
    const url = await serve((_, response) => {
      response.writeHead(307, { location: other }).end();
    });
    assert.equal((await http.post(url, '', 5000)).status, 307);
    assert.equal(asked, 0);
  });

  it('reads no more than the beginning of an answer', async () => {
    const url = await serve((_, response) => {
      response.writeHead(500);
      const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    const { status, text } = await http.post(url, '', 5000);
    assert.deepEqual([status, text.length], [500, 1024]);
  });

  it('gives up a server that says nothing: it may have taken it; or says what a slow one has said', async () => {
    await failsWith(await serve(() => undefined), 'timed-out', { limitMs: 100 });
    const slow = await serve((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    const { status, text } = await http.post(slow, '{}', 200);
    assert.equal(status, 200);
    assert.match(text, /^x+$/);
  });

  it('says of one that is not there, or breaks off before it has all, that it cannot be reached', async () => {
    await failsWith('http://127.0.0.1:1/services/secret', 'service-unreachable');
    const greedy = await serve((request) => {
      request.once('data', () => request.socket.destroy());
    });
    await assert.rejects(
      http.post(greedy, 'x'.repeat(50_000_000), 5000),
      (error) => error instanceof WatchError && error.code === 'service-unreachable',
    );
  });

  it('says that it is not known of one that has all, and breaks off or talks nonsense', async () => {
    const whole = await serve((request) => {
      request.resume().on('end', () => request.socket.destroy());
    });
    await failsWith(whole, 'timed-out');
    await failsWith(await serve((request) => request.socket.destroy()), 'timed-out');
    const middle = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('o');
      setTimeout(() => response.destroy(), 50);
    });
    assert.deepEqual(await http.post(middle, '{}', 5000), { status: 200, retryAfterMs: null, text: 'o' });
    const garbage = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('\x00\x01 garbage\r\n\r\n'));
    });
    await failsWith(`http://127.0.0.1:${await listen(garbage)}/services/secret`, 'timed-out');
  });

  it('uses TLS with a certificate that it can check, and plain HTTP on this computer alone', async () => {
    const server = createSecureServer({ cert: localCertificate, key: localKey }, (_, response) => {
      response.end('ok');
    });
    const url = `https://localhost:${await listen(server)}/services/secret`;
    await failsWith(url, 'service-unreachable');
    assert.equal((await createHttp(localCertificate).post(url, '', 5000)).text, 'ok');
    await failsWith('http://example.org/services/secret', 'service-unreachable');
  });
});
