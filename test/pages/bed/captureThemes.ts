// Writes themes.json anew from a real VS Code: `tsx test/pages/bed/captureThemes.ts`, when its themes have changed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { themes, Workbench } from '../../vscode/bed/workbench';

async function main(): Promise<void> {
  const workbench = await Workbench.open();
  try {
    const captured: Record<string, Record<string, string>> = {};
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.choose(theme);
      captured[name] = await workbench.page.evaluate(() => {
        const style = getComputedStyle(document.querySelector('.monaco-workbench') as HTMLElement);
        const found: Record<string, string> = {};
        for (const sheet of document.styleSheets)
          for (const rule of sheet.cssRules)
            if (rule instanceof CSSStyleRule)
              for (const variable of rule.style)
                if (variable.startsWith('--vscode-')) {
                  const value = style.getPropertyValue(variable).trim();
                  if (/^(#|rgb)/.test(value)) found[variable] = value;
                }
        return Object.fromEntries(Object.entries(found).sort(([one], [other]) => (one < other ? -1 : 1)));
      });
    }
    writeFileSync(join(__dirname, 'themes.json'), `${JSON.stringify(captured, null, 2)}\n`);
  } finally {
    await workbench.close();
  }
}

void main();
