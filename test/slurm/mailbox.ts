// The mailbox of the account that owns the jobs of the test bed, where the machine's own mailer delivers.
import { existsSync, readFileSync } from 'node:fs';
import type { Mailbox } from '../engine/clusterConformance';
import { ensureResearcher } from './account';

/** Whether this machine delivers mail by itself. */
export const deliversMail = process.getuid?.() === 0 && existsSync('/usr/sbin/dma');

export function openMailbox(): Mailbox {
  const { name } = ensureResearcher();
  const path = `/var/mail/${name}`;
  return { address: name, read: () => (existsSync(path) ? readFileSync(path, 'latin1') : '') };
}
