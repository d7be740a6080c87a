// A Chromium without a window that reaches this machine alone.
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import type { Profile } from './profile';

export async function startBrowser({ directory }: Profile): Promise<BrowserContext> {
  const { chromium: executablePath } = await import('../../../scripts/vscodeTestBed.mjs');
  return chromium.launchPersistentContext(join(directory, 'browser'), {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
