// The fake store keeps what every store promises.
import type { Change } from '../../engine/ports';
import { createMemoryStore } from './memoryStore';
import { storeConformance } from './storeConformance';

storeConformance('memory', () => {
  const disk: Change[] = [];
  return Promise.resolve({
    open: () => Promise.resolve(createMemoryStore(disk)),
    close: () => Promise.resolve(),
  });
});
