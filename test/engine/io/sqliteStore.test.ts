// The real store keeps what every store promises, with its journal alone and with snapshots after every few commits.
import { storeConformance } from '../storeConformance';
import { StoreFolder } from './storeFolder';

const conformanceWith = (name: string, snapshotBytes: number): void => {
  storeConformance(name, () => {
    const folder = new StoreFolder();
    return Promise.resolve({
      open: async () => {
        await folder.close();
        return folder.open({ snapshotBytes });
      },
      close: () => folder.remove(),
    });
  });
};

conformanceWith('sqlite, from its journal', 1e9);
conformanceWith('sqlite, from snapshots', 1);
