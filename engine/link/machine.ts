// Which machine, boot and container this is, and whether a process that was here is still the same one.
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Tells processes on different machines, boots and containers apart, where homes may be shared over a network. */
export interface Machine {
  /** Stays over reboots; machines installed from one image may share it, so it counts together with the name only. */
  readonly id: string;
  readonly name: string;
  /** Fresh with every boot and unique in the world; null where the system has none. */
  readonly boot: string | null;
  /** Process ids mean something inside this space alone (Linux: the PID namespace); null where there is only one. */
  readonly space: string | null;
}

/** A process that is there. */
export interface ProcessSight {
  /** When it started, in the system's own words, which tell it from a later one of its id; null where that is unknown. */
  readonly start: string | null;
}

let identified: Machine | undefined;

export function identifyMachine(): Machine {
  identified ??= askMachine();
  return identified;
}

function askMachine(): Machine {
  const name = hostname();
  if (process.platform === 'linux') {
    return {
      id: attempt(() => readFileSync('/etc/machine-id', 'utf8').trim()) ?? name,
      name,
      boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
      space: attempt(() => readlinkSync('/proc/self/ns/pid')),
    };
  }
  if (process.platform === 'darwin') {
    const lines = attempt(() => run('/usr/sbin/sysctl', ['-n', 'kern.uuid', 'kern.bootsessionuuid'])) ?? '';
    const [id, boot] = lines.split('\n');
    return { id: id || name, name, boot: boot || null, space: null };
  }
  return { id: name, name, boot: null, space: null };
}

/** Null where there is none. Zombies count as none: where nobody reaps, they would stay for ever. */
export function findProcess(pid: number): ProcessSight | null {
  if (process.platform === 'linux') return findLinuxProcess(pid);
  if (!exists(pid)) return null;
  if (process.platform !== 'darwin') return { start: null };
  return { start: attempt(() => run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)])) };
}

/** proc(5): the name in parentheses may hold anything; after it come state (field 3) and, as field 22, the start time. */
function findLinuxProcess(pid: number): ProcessSight | null {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) return exists(pid) ? { start: null } : null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return { start: fields[19] ?? null };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function run(command: string, words: readonly string[]): string {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return execFileSync(command, words, { encoding: 'utf8', env, timeout: 5000, stdio: 'pipe' }).trim();
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
