// A TCP proxy on loopback that breaks connections as networks do: reset, black hole, latency, little bandwidth.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface FaultProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Resets what is open; new connections work. */
  reset(): void;
  /** Swallows everything, open and new, until `heal`. */
  blackHole(): void;
  /** Refuses new connections and resets what is open, until `heal`. */
  refuse(): void;
  /** Delays each direction by so many milliseconds, from now on. */
  delay(milliseconds: number): void;
  heal(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  const state = { hole: false, refusing: false, delayMs: 0 };

  const pump = (from: Socket, to: Socket): void => {
    from.on('data', (bytes) => {
      if (state.hole) return;
      const pass = (): void => {
        if (!state.hole && to.writable) to.write(bytes);
      };
      if (state.delayMs === 0) pass();
      else setTimeout(pass, state.delayMs);
    });
    from.once('end', () => {
      if (!state.hole) to.end();
    });
  };

  const server = createServer((near) => {
    if (state.refusing) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    pump(near, far);
    pump(far, near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => {
        if (!state.hole) other.destroy();
      });
      socket.once('close', () => {
        pairs.delete(pair);
        if (!state.hole) other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  const reset = (): void => {
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    get open() {
      return pairs.size;
    },
    reset,
    blackHole: () => {
      state.hole = true;
    },
    refuse: () => {
      state.refusing = true;
      reset();
    },
    delay: (milliseconds) => {
      state.delayMs = milliseconds;
    },
    heal: () => {
      // What a black hole has swallowed is gone: those connections cannot go on.
      if (state.hole) reset();
      state.hole = false;
      state.refusing = false;
      state.delayMs = 0;
    },
    close: async () => {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
