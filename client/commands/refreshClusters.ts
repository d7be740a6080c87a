// Refresh: asks for the clusters, and for the jobs of those that are expanded.
import type { App } from '../app';

export async function refreshClusters({ engine, clustersTree }: App): Promise<void> {
  engine.wake();
  await clustersTree.refresh();
}
