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
const patience = 45_000;

/** A colour theme by the name that people see, and the class by which the workbench shows its kind. */
interface Theme {
  readonly label: string;
  readonly mark: 'vs' | 'vs-dark' | 'hc-black' | 'hc-light';
}

export const themes = {
  dark: { label: 'Dark Modern', mark: 'vs-dark' },
  light: { label: 'Light Modern', mark: 'vs' },
  'high contrast': { label: 'Dark High Contrast', mark: 'hc-black' },
  'high contrast light': { label: 'Light High Contrast', mark: 'hc-light' },
} as const satisfies Record<string, Theme>;

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
    await this.pick(title);
  }

  async openFile(name: string): Promise<void> {
    const { page } = this;
    await page.keyboard.press('Control+P');
    const input = page.locator('.quick-input-widget input[type=text]').first();
    await input.waitFor();
    await input.fill(name);
    await this.pick(name);
    await this.activeTab(name).waitFor();
    await this.editor.first().waitFor();
  }

  /** Shows the view container of the extension. */
  async showWatchers(): Promise<void> {
    const icon = this.page.locator('.activitybar .action-item').filter({
      has: this.page.locator('a[aria-label^="Slurm Watchers"]'),
    });
    await icon.waitFor();
    if (!(await icon.getAttribute('class'))?.includes('checked')) await icon.click();
    await this.view.locator('.composite.title', { hasText: 'Slurm Watchers' }).waitFor();
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

  statusBarItem(label: string): Locator {
    return this.page.locator(`.statusbar-item [aria-label^="${label}"]`);
  }

  activeTab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab.active', { hasText: name });
  }

  /** Takes the row of a quick pick that begins so. */
  async pick(label: string): Promise<void> {
    await this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first().click();
  }

  /** Changes the colour theme, and waits until the window has it. */
  async choose({ label, mark }: Theme): Promise<void> {
    const { page } = this;
    await this.run('Preferences: Color Theme');
    await page.locator('.quick-input-widget input[type=text]').first().fill(label);
    await this.pick(label);
    await page.locator(`.monaco-workbench.${mark}`).waitFor();
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async photograph(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  /** For an `afterEach`: how a failed test left the window. */
  async photographFailure(title: string): Promise<void> {
    await this.photograph(`failed ${title.replace(/[^\w-]+/g, '-')}`).catch(() => undefined);
  }
}
