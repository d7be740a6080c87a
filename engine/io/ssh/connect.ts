// From a name to a connection: configuration, the hosts in between, and sign-in at each of them.
import type * as Ssh2 from 'ssh2';
import { chooseAlgorithms } from './algorithms';
import { signInTo, type Connection } from './connection';
import { parseProxyJump, type Hop, type HostConfig } from './hostConfig';
import { readKnownHosts, toKnownTypes } from './hostKeys';
import { resolveHost } from './resolveHost';
import { openChannel, openCommand, openTcp, type Route } from './route';
import { elsewhere, toNeedsSignIn, toUnreachable, type SshPlace } from './sshPlace';

/** A configuration that jumps in a circle ends here. */
const maxHops = 8;

/** Throws cluster-unreachable, or needs-sign-in. ssh2 is loaded by the first that connects. */
export async function connectTo(host: string, place: SshPlace): Promise<Connection> {
  const { default: ssh2 } = await import('ssh2');
  return reach({ host, user: null, port: null }, { ssh2, place, before: null, depth: 0 });
}

interface Journey {
  readonly ssh2: typeof Ssh2;
  readonly place: SshPlace;
  /** Hops that lead here; null: as the configuration of this host says. */
  readonly before: readonly Hop[] | null;
  readonly depth: number;
}

async function reach(hop: Hop, journey: Journey): Promise<Connection> {
  const { ssh2, place, before, depth } = journey;
  if (depth > maxHops)
    throw toNeedsSignIn(
      place,
      `more than ${maxHops} hosts lie before ${hop.host}`,
      'Look at ProxyJump in the configuration of ssh: it seems to go round in a circle.',
    );
  const config = await resolveHost(hop, place);
  if (config.refusals.length > 0)
    throw toNeedsSignIn(
      place,
      `${config.refusals.join(' and ')} of ssh's configuration cannot be followed here for ${config.alias}, and must not be passed over`,
      `Take it out of the configuration of this host, or use another one (ssh.configFile); or ${elsewhere}.`,
    );
  const known = await readKnownHosts(config);
  const algorithms = chooseAlgorithms(config, { place, knownTypes: toKnownTypes(known) });
  const hops = before ?? (config.proxyJump === null ? [] : parseProxyJump(config.proxyJump));
  const last = hops.at(-1);
  if (last === undefined) {
    const { proxyCommand } = config;
    const route = await (proxyCommand === null ? openTcp(config, place) : openCommand(proxyCommand, place));
    return signInTo({ ssh2, host: config, place, known, algorithms, route, onEnd: () => undefined });
  }
  const earlier = hops.slice(0, -1);
  const parent = await reach(last, {
    ...journey,
    before: earlier.length > 0 ? earlier : null,
    depth: depth + 1,
  });
  const onEnd = (): void => {
    parent.close(toUnreachable(place, 'the connection through it has ended'));
  };
  const route = await openThrough(parent, config, { place, via: last.host }).catch((error: unknown) => {
    onEnd();
    throw error;
  });
  return signInTo({ ssh2, host: config, place, known, algorithms, route, onEnd });
}

async function openThrough(
  parent: Connection,
  { hostname, port }: HostConfig,
  { place, via }: { readonly place: SshPlace; readonly via: string },
): Promise<Route> {
  const stream = await parent.orLoss<Ssh2.ClientChannel>((resolve, reject) => {
    parent.client.forwardOut('127.0.0.1', 0, hostname, port, (error, channel) => {
      if (error)
        reject(
          toUnreachable(place, `${via} does not reach ${hostname} port ${port} (${error.message})`, error),
        );
      else resolve(channel);
    });
  });
  parent.onLoss(() => {
    stream.destroy();
  });
  return openChannel(stream);
}
