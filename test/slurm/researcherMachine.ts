// This computer as the researcher uses it: the local machine, with commands that run under that account.
import { createLocalMachine } from '../../engine/io/localMachine';
import type { Machine } from '../../engine/ports';
import { createOwnFileReader } from '../engine/io/ownFileReader';
import type { SlurmTestBed } from './slurmTestBed';

export function createResearcherMachine(
  { researcher: { name, uid, gid, home }, environment }: SlurmTestBed,
  further: Readonly<Record<string, string>> = {},
): Machine {
  return createLocalMachine({
    files: createOwnFileReader(),
    environment: {
      PATH: process.env['PATH'],
      HOME: home,
      USER: name,
      LOGNAME: name,
      SHELL: '/bin/bash',
      ...environment,
      ...further,
    },
    shell: ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '/bin/sh', '-c'],
  });
}
