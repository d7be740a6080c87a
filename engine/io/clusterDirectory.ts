// The clusters by their names: the sandbox, this machine's Slurm, those of the settings, every Host of the SSH configuration.
import { findNearest } from '../../language/nearest';
import { WatchError } from '../errors';
import type { ClusterKind } from '../model';
import type { AccessSettings, ClusterDirectory, ClusterSettings, OpenedCluster } from '../ports';

export interface SlurmPlace {
  readonly name: string;
  readonly kind: ClusterSettings['kind'];
  /** What ssh calls it; of no meaning for this machine's own Slurm. */
  readonly host: string;
  readonly settings: ClusterSettings;
}

export interface DirectoryParts {
  /** As they are now. */
  readonly settings: () => AccessSettings;
  /** The concrete hosts of the SSH configuration, in its order. */
  readonly findSshHosts: () => Promise<readonly string[]>;
  /** Whether `sbatch` is on this machine. */
  readonly hasLocalSlurm: () => Promise<boolean>;
  readonly openSandbox: () => OpenedCluster;
  readonly openSlurm: (place: SlurmPlace) => OpenedCluster;
}

export const defaultSettings: ClusterSettings = {
  kind: 'ssh',
  host: null,
  rootDirectory: null,
  minIntervalSeconds: null,
  queryIntervalSeconds: null,
  settleSeconds: null,
};

/** What ssh takes for a place without any configuration. */
const userAtHost = /^[\w.][\w.+-]*@[\w[][\w.:\]-]*$/;

export function createClusterDirectory(parts: DirectoryParts): ClusterDirectory {
  const list = async (): Promise<readonly { name: string; kind: ClusterKind }[]> => {
    const configured = Object.entries(parts.settings().clusters).map(([name, { kind }]) => ({ name, kind }));
    const local = (await parts.hasLocalSlurm()) ? [{ name: 'local', kind: 'local' as const }] : [];
    const hosts = (await parts.findSshHosts()).map((name) => ({ name, kind: 'ssh' as const }));
    const all = [{ name: 'sandbox', kind: 'sandbox' as const }, ...local, ...configured, ...hosts];
    // A name of the settings is what they say of it, whatever else is called so.
    const byName = new Map<string, ClusterKind>();
    for (const { name, kind } of [...configured, ...all]) if (!byName.has(name)) byName.set(name, kind);
    return [...new Set(all.map(({ name }) => name))].map((name) => ({
      name,
      kind: byName.get(name) ?? 'ssh',
    }));
  };
  return {
    list,
    open: async (name) => {
      if (name === 'sandbox') return parts.openSandbox();
      const settings = parts.settings().clusters[name];
      const known = settings ? [] : await list();
      const kind = settings?.kind ?? known.find((cluster) => cluster.name === name)?.kind;
      if (kind === 'sandbox' || (kind === undefined && !userAtHost.test(name)))
        throw notFound(
          name,
          known.map((cluster) => cluster.name),
        );
      const found = kind ?? 'ssh';
      return parts.openSlurm({
        name,
        kind: found,
        host: settings?.host ?? name,
        settings: settings ?? { ...defaultSettings, kind: found },
      });
    },
  };
}

function notFound(name: string, known: readonly string[]): WatchError {
  const nearest = findNearest(name, known);
  const hint = nearest === undefined ? `Known clusters: ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return new WatchError(
    'not-found',
    `There is no cluster called "${name}".`,
    `${hint} A login node is known by its Host in ~/.ssh/config, or as user@host.`,
  );
}
