// A reader of local files for tests, with its process as it ships.
import { join } from 'node:path';
import { FileReader } from '../../../engine/io/fileReader';
import { bundles } from './storeFolder';

export const createOwnFileReader = (): FileReader =>
  new FileReader({ program: [process.execPath, join(bundles, 'readFiles.js')] });
