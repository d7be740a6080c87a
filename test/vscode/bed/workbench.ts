// The workbench as a person uses it: files, the palette, the view of watchers, notifications, pictures of it all.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { errors, type BrowserContext, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { startBrowser } from './browser';
import { installExtension, startCodeServer, type CodeServer, type CodeServerOptions } from './codeServer';
import { createProfile, projectRoot, type Profile, type ProfileOptions } from './profile';
import { findVsix } from './vsix';

const screenshots = join(projectRoot, 'out/screenshots');
/** Slow machines may take so long for a step, in milliseconds; nothing is measured by it. */
const patience = 45_000;
/** After so long a list that lacks a row is asked for anew, in milliseconds. */
const moment = 5000;

/** A colour theme by its name in the settings, and the class by which the workbench shows its kind. */
interface Theme {
  readonly id: string;
  readonly mark: 'vs' | 'vs-dark' | 'hc-black' | 'hc-light';
}

export const themes = {
  dark: { id: 'Dark Modern', mark: 'vs-dark' },
  light: { id: 'Light Modern', mark: 'vs' },
  'high contrast': { id: 'Default High Contrast', mark: 'hc-black' },
  'high contrast light': { id: 'Default High Contrast Light', mark: 'hc-light' },
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

  /** Of the window, in pixels. A workbench that is still starting misses a change, and is told again. */
  async resize(size: { readonly width: number; readonly height: number }): Promise<void> {
    await this.page.setViewportSize(size);
    await this.page.waitForFunction(
      ({ width, height }) => {
        const workbench = document.querySelector('.monaco-workbench')?.getBoundingClientRect();
        if (workbench?.width === width && workbench.height === height) return true;
        dispatchEvent(new Event('resize'));
        return false;
      },
      size,
      { polling: 200 },
    );
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.profile.remove();
  }

  /** Runs a command by its title. */
  async run(title: string): Promise<void> {
    await this.choosePrompted('F1', `>${title}`, title);
  }

  async openFile(name: string): Promise<void> {
    await this.choosePrompted('Control+P', name, name);
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

  /** The page of the panel that is in sight. */
  get panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview').frameLocator('iframe');
  }

  /** A line of the panel with a job's output, by a part of its text. */
  outputLine(text: string | RegExp): Locator {
    return this.panel.locator('.line', { hasText: text });
  }

  get view(): Locator {
    return this.page.locator('[id="workbench.parts.sidebar"]');
  }

  /** A row of one of the trees, by a part of its text. */
  row(text: string | RegExp): Locator {
    return this.view.locator('.monaco-list-row', { hasText: text });
  }

  /** One of the views of the side bar, by its title. */
  pane(title: string): Locator {
    return this.view
      .locator('.pane')
      .filter({ has: this.page.getByRole('button', { name: `${title} Section` }) });
  }

  /** The input box that is open. */
  get input(): Locator {
    return this.page.locator('.quick-input-widget input').first();
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  statusBarItem(label: string): Locator {
    return this.page.locator(`.statusbar-item [aria-label^="${label}"]`);
  }

  /** A text of the status bar, such as where the cursor stands. */
  statusText(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  activeTab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab.active', { hasText: name });
  }

  /** The first problem that is marked in the editor; it appears once the language server has looked. */
  squiggle(severity: 'error' | 'warning'): Locator {
    return this.page.locator(`.monaco-editor .squiggly-${severity}`).first();
  }

  /** A suggestion of the list that is open. */
  suggestion(label: string): Locator {
    return this.page.locator(`.suggest-widget.visible .monaco-list-row[aria-label^="${label}"]`);
  }

  /** Waits for a list that offers this one; it is asked for by its key where it does not come by itself. */
  async openSuggestions(label: string): Promise<void> {
    const deadline = Date.now() + patience;
    for (;;) {
      try {
        await this.suggestion(label).first().waitFor({ timeout: moment });
        return;
      } catch (error) {
        if (!(error instanceof errors.TimeoutError) || Date.now() > deadline) throw error;
      }
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+Space');
    }
  }

  /** Takes an entry of a row's context menu, which heeds no click in its first moment. */
  async chooseFromMenu(row: Locator, entry: string): Promise<void> {
    await row.click({ button: 'right' });
    const menu = this.page.locator('.monaco-menu');
    const item = menu.getByRole('menuitem', { name: entry, exact: true });
    const deadline = Date.now() + patience;
    for (;;) {
      await item.click();
      try {
        await menu.waitFor({ state: 'detached', timeout: 500 });
        return;
      } catch (error) {
        if (!(error instanceof errors.TimeoutError) || Date.now() > deadline) throw error;
      }
    }
  }

  /** Opens or closes a row of a tree; others may come above it meanwhile, and take a click that was meant for it. */
  async expand(row: Locator, isExpanded = true): Promise<void> {
    const wanted = row.and(this.page.locator(`[aria-expanded="${isExpanded}"]`));
    const deadline = Date.now() + patience;
    while (!(await wanted.isVisible())) {
      try {
        await row.click({ timeout: moment });
        await wanted.waitFor({ timeout: moment });
      } catch (error) {
        if (!(error instanceof errors.TimeoutError) || Date.now() > deadline) throw error;
      }
    }
  }

  /** Presses a button of a row or a view, which shows its buttons where the mouse is, and may move meanwhile. */
  async press(place: Locator, name: string): Promise<void> {
    const deadline = Date.now() + patience;
    for (;;) {
      try {
        await place.hover({ timeout: moment });
        await place.getByRole('button', { name, exact: true }).click({ timeout: moment });
        return;
      } catch (error) {
        if (!(error instanceof errors.TimeoutError) || Date.now() > deadline) throw error;
      }
    }
  }

  /** Takes the row of a quick pick that begins so. */
  async pick(label: string): Promise<void> {
    await this.quickRow(label).click();
  }

  private quickRow(label: string): Locator {
    return this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first();
  }

  /**
   * Opens a quick input by its key, types and takes the row that begins so. A list of commands is made when it opens and
   * never again: one that opened before the extension had its say is closed and opened anew.
   */
  private async choosePrompted(key: string, text: string, label: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type=text]').first();
    const deadline = Date.now() + patience;
    for (;;) {
      try {
        await this.page.keyboard.press(key);
        await input.fill(text, { timeout: moment });
        await this.quickRow(label).click({ timeout: moment });
        return;
      } catch (error) {
        if (!(error instanceof errors.TimeoutError) || Date.now() > deadline) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /**
   * Changes the colour theme, and waits until the window has it. It is written into the settings: the list of themes shows
   * each for a moment before it is taken, and may be closed by the one that was taken before.
   */
  async choose({ id, mark }: Theme): Promise<void> {
    this.profile.changeSettings({ 'workbench.colorTheme': id });
    await this.page.locator(`.monaco-workbench.${mark}`).waitFor();
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
