// Where the messages of a campaign's watchers arrive: a webhook of this computer that counts them, and can be out of order.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { holdIn } from './hold';

/** How it treats those that post: as always, or by taking nothing. */
export type Manner = 'open' | 'busy' | 'broken' | 'cut';

export class Inbox {
  /** Of each text how often it has arrived. */
  private readonly posted = new Map<string, number>();
  private server: Server | undefined;
  manner: Manner = 'open';

  constructor(
    private readonly directory: string,
    private readonly home: string,
  ) {}

  /** The configuration for messages to it. */
  async open(): Promise<{
    readonly slack: { readonly hosts: readonly string[]; readonly webhookFile: string };
  }> {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => void this.take(Buffer.concat(pieces).toString('utf8'), response));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const webhookFile = join(this.directory, 'webhook');
    writeFileSync(webhookFile, `http://127.0.0.1:${port}/services/T0/campaign`, { mode: 0o600 });
    return { slack: { hosts: ['127.0.0.1'], webhookFile } };
  }

  private async take(body: string, response: ServerResponse): Promise<void> {
    switch (this.manner) {
      case 'busy':
        response.writeHead(429, { 'retry-after': '1' }).end('later');
        return;
      case 'broken':
        response.writeHead(503).end('broken');
        return;
      case 'cut':
        response.destroy();
        return;
      case 'open':
    }
    const { attachments } = JSON.parse(body) as {
      readonly attachments: readonly { readonly text: string }[];
    };
    for (const { text } of attachments) this.posted.set(text, (this.posted.get(text) ?? 0) + 1);
    await holdIn(this.home, 'answering');
    response.end('ok');
  }

  /** How often this text was posted. */
  countPosts(text: string): number {
    return this.posted.get(text) ?? 0;
  }

  /** A mailer that puts down the first line of each mail; gives the folder that it is in. */
  writeMailer(): string {
    const path = join(this.directory, 'sendmail');
    writeFileSync(path, `#!/bin/sh\nsed '1,/^$/d' | head -n 1 >> '${this.mails}'\n`);
    chmodSync(path, 0o755);
    return this.directory;
  }

  countMails(text: string): number {
    if (!existsSync(this.mails)) return 0;
    return readFileSync(this.mails, 'utf8')
      .split('\n')
      .filter((line) => line === text).length;
  }

  private get mails(): string {
    return join(this.directory, 'mails');
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}
