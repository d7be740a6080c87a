// The workbench as a person uses it: files, the palette, the view of watchers, notifications, pictures of it all.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { startBrowser } from './browser';
import { installExtension, startCodeServer, type CodeServer, type CodeServerOptions } from './codeServer';
import { createProfile, projectRoot, type Profile, type ProfileOptions } from './profile';
import { findVsix } from './vsix';

const screenshots = join(projectRoot, 'out/screenshots');
/** Slow machines may take so long for a step, in milliseconds; nothing is measured by it. */
const patience = 60_000;

export class Workbench {
  private constructor(
    readonly profile: Profile,
    private readonly server: CodeServer,
    private readonly browser: BrowserContext,
    readonly page: Page,
  ) {}

  /** VS Code with the built extension installed and the examples as its folder. */
  static async open(options: ProfileOptions & CodeServerOptions = {}): Promise<Workbench> {
    const profile = createProfile(options);
    await installExtension(profile, findVsix());
    const server = await startCodeServer(profile, options);
    const browser = await startBrowser(profile);
    const page = browser.pages()[0] ?? (await browser.newPage());
    page.setDefaultTimeout(patience);
    const workbench = new Workbench(profile, server, browser, page);
    await workbench.load();
    return workbench;
  }

  /** Opens the window anew, as after "Reload Window". */
  async load(): Promise<void> {
    const { page, server, profile } = this;
    await page.goto(`http://127.0.0.1:${server.port}/?folder=${encodeURIComponent(profile.workspace)}`, {
      waitUntil: 'commit',
    });
    await page.waitForFunction(
      () => performance.getEntriesByName('code/didStartWorkbench').length > 0,
      null,
      {
        polling: 50,
      },
    );
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.profile.remove();
  }

  /** Runs a command by its title. */
  async run(title: string): Promise<void> {
    const { page } = this;
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input[type=text]').first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).first().waitFor();
    await page.keyboard.press('Enter');
  }

  async openFile(name: string): Promise<void> {
    const { page } = this;
    await page.keyboard.press('Control+P');
    const input = page.locator('.quick-input-widget input[type=text]').first();
    await input.waitFor();
    await input.fill(name);
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.tabs-container .tab.active', { hasText: name }).waitFor();
    await this.editor.first().waitFor();
  }

  /** Shows the view container of the extension. */
  async showWatchers(): Promise<void> {
    await this.run('Slurm Watchers: Focus on Watchers View');
    await this.view.waitFor();
  }

  get editor(): Locator {
    return this.page.locator('.monaco-editor .view-line');
  }

  get view(): Locator {
    return this.page.locator('[id="workbench.parts.sidebar"]');
  }

  /** A row of one of the trees, by a part of its text. */
  row(text: string | RegExp): Locator {
    return this.view.locator('.monaco-list-row', { hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async photograph(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
}

/** Closes the workbench; where the test failed, with a picture of how it was left. */
export async function closeAfterTest(
  workbench: Workbench | undefined,
  test: { readonly title: string; readonly state?: 'failed' | 'passed' | 'pending' } | undefined,
): Promise<void> {
  if (!workbench) return;
  if (test?.state === 'failed')
    await workbench.photograph(`failed ${test.title.replace(/[^\w-]+/g, '-')}`).catch(() => undefined);
  await workbench.close();
}
