// Where scripts were submitted last: the cluster of each script, and its working directory on each cluster.

/** VS Code's memory of a workspace. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

export interface SubmitPlaces {
  /** The cluster that the script was submitted to last. */
  findCluster(script: string): string | undefined;
  findWorkdir(script: string, cluster: string): string | undefined;
  remember(script: string, cluster: string, workdir: string | null): Promise<void>;
}

interface Place {
  readonly script: string;
  readonly cluster: string;
  readonly workdirs: Readonly<Record<string, string>>;
}

const memory = 'submitPlaces';
/** So many scripts are remembered. */
const remembered = 200;

export function createSubmitPlaces(state: Memory): SubmitPlaces {
  const read = (): readonly Place[] => (state.get(memory) ?? []) as readonly Place[];
  const find = (script: string): Place | undefined => read().find((place) => place.script === script);
  return {
    findCluster: (script) => find(script)?.cluster,
    findWorkdir: (script, cluster) => find(script)?.workdirs[cluster],
    remember: async (script, cluster, workdir) => {
      const workdirs = {
        ...find(script)?.workdirs,
        ...(workdir === null ? {} : { [cluster]: workdir }),
      };
      const others = read().filter((place) => place.script !== script);
      await state.update(memory, [...others, { script, cluster, workdirs }].slice(-remembered));
    },
  };
}
