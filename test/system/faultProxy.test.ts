// The network that the tests break: what passes stays in order, and nothing is left open behind a break.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { startFaultProxy, type FaultProxy } from '../slurm/faultProxy';
import { waitFor } from '../waitFor';

describe('a network that can break', () => {
  let server: Server;
  let accepted: Socket[];
  let proxy: FaultProxy;
  beforeEach(async () => {
    accepted = [];
    server = createServer((socket) => {
      accepted.push(socket.on('error', () => undefined));
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await startFaultProxy((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await proxy.close();
    for (const socket of accepted) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = async (): Promise<Socket> => {
    const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    await waitFor('the other side', () => accepted.length > 0);
    return socket;
  };
  const listen = (socket: Socket): (() => string) => {
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    return () => heard;
  };

  it('keeps the order, whatever becomes of delay and bandwidth', async () => {
    const socket = await open();
    const heard = listen(socket);
    let said = '';
    for (const [index, change] of [
      () => {
        proxy.delay(80);
      },
      () => {
        proxy.limit(20_000);
      },
      () => {
        proxy.heal();
      },
    ].entries()) {
      change();
      const text = `${index} `.repeat(500);
      said += text;
      socket.write(text);
      await waitFor('a part', () => heard().length > 0 || index === 0);
    }
    await waitFor('all', () => heard().length === said.length);
    assert.equal(heard(), said);
    socket.destroy();
  });

  it('takes its time where there is little bandwidth', async () => {
    const socket = await open();
    const heard = listen(socket);
    proxy.limit(10_000);
    const begun = performance.now();
    socket.write('x'.repeat(3000));
    await waitFor('all', () => heard().length === 3000);
    assert.ok(performance.now() - begun >= 500, 'there and back, 300 ms each');
    socket.destroy();
  });

  it('has many pieces on their way at a time: each is late, none waits for the others', async () => {
    const socket = await open();
    const heard = listen(socket);
    proxy.delay(50);
    const begun = performance.now();
    // Each leaves when the one before has: pieces of their own, not one.
    for (let piece = 0; piece < 20; piece++) {
      socket.write('x'.repeat(100));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await waitFor('all', () => heard().length === 2000);
    const took = performance.now() - begun;
    assert.ok(took >= 100 && took < 1000, `there and back, 50 ms each, not 20 times: ${took} ms`);
    socket.destroy();
  });

  it('ends what was left in a black hole once it is healed', async () => {
    const socket = await open();
    proxy.blackHole();
    socket.destroy();
    await waitFor('that the near side is over', () => proxy.open === 0);
    assert.equal(accepted[0]?.closed, false);
    proxy.heal();
    await waitFor('the end of the other side', () => accepted[0]?.closed);
  });
});
