// The fake store keeps what every store promises.
import type { Change } from '../../engine/ports';
import { MemoryStore } from './memoryStore';
import { storeConformance } from './storeConformance';

storeConformance('memory', () => {
  const disk: Change[] = [];
  return Promise.resolve({
    open: () => Promise.resolve(new MemoryStore(disk)),
    close: () => Promise.resolve(),
  });
});
