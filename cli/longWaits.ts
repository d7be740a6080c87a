// Says what a request waits for when its answer takes long: nobody sits in front of a silent terminal.
import type { EngineLink } from '../engine/link/greet';
import type { ClusterStatus } from '../engine/model';
import type { EngineMethod, EngineRequests } from '../engine/protocol';

/** After this time it is said, ms. */
const longMs = 5000;

export interface LongWaits {
  readonly note: (text: string) => void;
  /** A person is being asked: that is what is waited for, and it stands there. */
  readonly isAsking: () => boolean;
  readonly delayMs?: number;
}

type Request = EngineLink['request'];

/** The same request; once, if it is about a cluster and takes long, it says so. */
export function sayLongWaits(request: Request, { note, isAsking, delayMs = longMs }: LongWaits): Request {
  return async <M extends EngineMethod>(
    method: M,
    params: EngineRequests[M][0],
    listen?: (text: string) => void,
  ) => {
    const cluster = 'cluster' in params && typeof params.cluster === 'string' ? params.cluster : undefined;
    if (cluster === undefined) return request(method, params, listen);
    let isOver = false;
    const timer = setTimeout(() => {
      if (isAsking()) return;
      request('engine/clusters', {}).then(
        (clusters) => {
          const status = clusters.find(({ name }) => name === cluster);
          if (!isOver) note(describeWait(cluster, status));
        },
        () => undefined, // The request itself says what is wrong with the engine.
      );
    }, delayMs);
    try {
      return await request(method, params, listen);
    } finally {
      isOver = true;
      clearTimeout(timer);
    }
  };
}

const waits: Readonly<Record<ClusterStatus['state'], string>> = {
  idle: 'it is being opened',
  connecting: 'it is being connected to',
  connected: 'it has been asked and has not answered yet',
  disconnected: 'it cannot be reached; it is tried again by itself',
  'needs-sign-in': 'it needs a sign-in: slurm-watchers sign-in',
};

/** What is wrong is said by whoever knows it best. */
const describeWait = (cluster: string, status: ClusterStatus | undefined): string =>
  `Still waiting for ${cluster}: ${status?.trouble ?? waits[status?.state ?? 'idle']}`;
