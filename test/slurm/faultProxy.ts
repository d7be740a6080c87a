// A TCP proxy on loopback that breaks connections as networks do: reset, black hole, latency, little bandwidth.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface FaultProxy {
  readonly port: number;
  /** Connections that are open now, on the near side. */
  readonly open: number;
  /** Resets what is open; new connections work. */
  reset(): void;
  /** Swallows everything, open and new, until `heal`. */
  blackHole(): void;
  /** Refuses new connections and resets what is open, until `heal`. */
  refuse(): void;
  /** Delays each direction by so many milliseconds, from now on. */
  delay(milliseconds: number): void;
  /** Lets no more than so many bytes a second through in each direction of a connection, from now on. */
  limit(bytesPerSecond: number): void;
  /** Ends whatever is wrong; what is on its way arrives in its time. */
  heal(): void;
  close(): Promise<void>;
}

/** So many bytes are on their way in a direction, as in the buffers of a network; whoever sends more waits. */
const wireHolds = 1024 * 1024;

interface Piece {
  /** On the clock of `performance`, ms. */
  readonly due: number;
  readonly length: number;
  arrive(): void;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  const state = { hole: false, refusing: false, delayMs: 0, bytesPerMs: Infinity };

  /** In order, whatever becomes of delay and bandwidth meanwhile; nothing more is taken in while the wire is full. */
  const pump = (from: Socket, to: Socket): void => {
    const onTheWay: Piece[] = [];
    let bytesOnTheWay = 0;
    let timer: NodeJS.Timeout | undefined;
    let wireIsFree = 0;
    const deliver = (): void => {
      timer = undefined;
      for (let [piece] = onTheWay; piece; [piece] = onTheWay) {
        const wait = piece.due - performance.now();
        if (wait > 0) {
          timer = setTimeout(deliver, wait);
          return;
        }
        onTheWay.shift();
        bytesOnTheWay -= piece.length;
        piece.arrive();
        if (bytesOnTheWay < wireHolds) from.resume();
      }
    };
    const carry = (length: number, arrive: () => void): void => {
      wireIsFree = Math.max(performance.now(), wireIsFree) + length / state.bytesPerMs;
      onTheWay.push({ due: wireIsFree + state.delayMs, length, arrive });
      bytesOnTheWay += length;
      if (bytesOnTheWay >= wireHolds) from.pause();
      if (!timer) deliver();
    };
    from.on('data', (bytes) => {
      if (state.hole) return;
      carry(bytes.length, () => {
        if (!state.hole && to.writable) to.write(bytes);
      });
    });
    from.once('end', () => {
      carry(0, () => {
        if (!state.hole) to.end();
      });
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
        if (!state.hole) other.destroy();
        // What a black hole has left open is known until it is healed.
        if (other.closed) pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  const reset = (): void => {
    for (const { near, far } of pairs) for (const socket of [near, far]) resetSocket(socket);
  };
  return {
    port: (server.address() as AddressInfo).port,
    get open() {
      return [...pairs].filter(({ near }) => !near.closed).length;
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
    limit: (bytesPerSecond) => {
      state.bytesPerMs = bytesPerSecond / 1000;
    },
    heal: () => {
      // What a black hole has swallowed is gone: those connections cannot go on.
      if (state.hole) reset();
      state.hole = false;
      state.refusing = false;
      state.delayMs = 0;
      state.bytesPerMs = Infinity;
    },
    close: async () => {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Node closes none that is about to end where a reset is asked for: its handle would stay, and keep the process busy. */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else if (!socket.destroyed) socket.resetAndDestroy();
}
