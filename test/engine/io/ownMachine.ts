// This computer as a machine for tests, with its reader of files as it ships.
import { createLocalMachine } from '../../../engine/io/localMachine';
import type { Machine } from '../../../engine/ports';
import { createOwnFileReader } from './ownFileReader';

export const createOwnMachine = (): Machine =>
  createLocalMachine({ environment: process.env, files: createOwnFileReader() });
