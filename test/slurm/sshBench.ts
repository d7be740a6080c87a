// An sshd and what a person has on the own side of ssh: a folder with configuration, keys, known hosts; and answers.
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
  chownSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSshMachine, type SshMachine } from '../../engine/io/ssh/sshMachine';
import type { Prompter, Question } from '../../engine/ports';
import type { MachineStage } from '../engine/machineConformance';
import { startSshd, type Sshd, type SshdOptions } from './sshd';

/** What a person answers; null declines. */
export type Answer = (question: Question) => readonly string[] | null | Promise<readonly string[] | null>;

/** Remembers what was asked. */
export interface TestPerson extends Prompter {
  readonly asked: readonly Question[];
}

export function createPerson(answer: Answer = () => null): TestPerson {
  const asked: Question[] = [];
  return {
    asked,
    ask: async (_cluster, question) => {
      asked.push(question);
      return answer(question);
    },
  };
}

export interface Hosts {
  /** Lines of ssh_config(5) for the host `login`, besides those that the test bed needs. */
  readonly login?: readonly string[];
  /** Lines for other hosts, as they stand. */
  readonly others?: readonly string[];
}

/** One person's side; the sshd may be shared. */
export class SshSide {
  readonly folder = mkdtempSync(join(tmpdir(), 'ssh-side-'));
  readonly knownHosts = join(this.folder, 'known_hosts');
  readonly log: string[] = [];
  private readonly machines: SshMachine[] = [];

  constructor(readonly sshd: Sshd) {}

  /** ssh_config(5) takes the first value of an option: a test's own lines come first. */
  machine({
    login = [],
    others = [],
    person = createPerson(),
    environment = {},
  }: Hosts & { readonly person?: TestPerson; readonly environment?: NodeJS.ProcessEnv } = {}): SshMachine {
    const configFile = join(this.folder, `config-${this.machines.length}`);
    const { port, researcher, keys, knownHosts } = this.sshd;
    writeFileSync(
      configFile,
      [
        ...others,
        'Host login',
        ...login,
        'HostName 127.0.0.1',
        `Port ${port}`,
        `User ${researcher.name}`,
        ...(login.some((line) => line.startsWith('IdentityFile')) ? [] : [`IdentityFile ${keys.plain}`]),
        `UserKnownHostsFile ${knownHosts}`,
        'GlobalKnownHostsFile none',
        '',
      ].join('\n'),
    );
    const { PATH } = process.env;
    const machine = createSshMachine({
      name: 'testbed',
      host: 'login',
      prompter: person,
      environment: () => ({ PATH, ...environment }),
      random: Math.random,
      log: (line) => this.log.push(line),
      configFile,
    });
    this.machines.push(machine);
    return machine;
  }

  /** A machine whose host has these lines, and no more than the test bed needs. */
  onlyLogin(login: readonly string[], person: TestPerson, environment: NodeJS.ProcessEnv = {}): SshMachine {
    return this.machine({ login, person, environment });
  }

  async close(): Promise<void> {
    await Promise.all(this.machines.map((machine) => machine.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The stage of the conformance suite: an sshd, and a machine of the researcher. */
export async function setSshStage(options: SshdOptions = {}): Promise<MachineStage> {
  const sshd = await startSshd(options);
  const side = new SshSide(sshd);
  const folder = mkdtempSync(join(tmpdir(), 'ssh-machine-'));
  const { uid, gid } = sshd.researcher;
  chmodSync(folder, 0o755);
  chownSync(folder, uid, gid);
  const own = (path: string): void => {
    chownSync(path, uid, gid);
  };
  return {
    machine: side.machine(),
    folder,
    write: (path, content, { append = false } = {}) => {
      if (append) appendFileSync(path, content);
      else writeFileSync(path, content);
      own(path);
      return Promise.resolve();
    },
    replace: (path, content) => {
      writeFileSync(`${path}.new`, content);
      own(`${path}.new`);
      renameSync(`${path}.new`, path);
      return Promise.resolve();
    },
    close: async () => {
      await side.close();
      await sshd.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
