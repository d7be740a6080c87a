// Whether watching goes on when the last window has closed, and how to say so.

export type KeepRunning = 'auto' | 'always' | 'never';

export interface Host {
  readonly platform: NodeJS.Platform;
  /** VS Code's name of the remote, undefined on the person's own machine. */
  readonly remoteName: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * By itself only on desktop macOS and Linux: sites forbid daemons on login nodes, a running binary blocks updates on
 * Windows, and Flatpak and Snap end their processes.
 */
export function keepsRunning(setting: KeepRunning, { platform, remoteName, env }: Host): boolean {
  if (setting !== 'auto') return setting === 'always';
  const isSandboxed = env['FLATPAK_ID'] !== undefined || env['SNAP'] !== undefined;
  return platform !== 'win32' && remoteName === undefined && !isSandboxed;
}

export const describeKeepRunning = (keeps: boolean): string =>
  keeps
    ? 'Watching goes on when VS Code closes, as long as this computer is awake.'
    : 'Watching pauses when the last window closes, and catches up when VS Code is open again.';
