// A directive as a person writes it: by completion alone, with a mistake that is marked and repaired, then renamed and read.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../waitFor';
import { themes, Workbench } from '../bed/workbench';

/** Something of everything that has a colour of its own. */
const colourful = `#!/bin/bash
#SBATCH --job-name=train --time=1-00:00:00
#SBATCH --output=logs/%x-%j.out

# Keep the loss, and stop when it diverges.
#WATCHER name="loss" pattern="(?P<step>\\d+): [Ll]oss=([\\d.]+|nan)$" captures=[step, loss] action=store_metric(name="loss", value="$loss")
#WATCHER_BEGIN
## Only with a good reason.
# name: divergence
# pattern: "loss: ([-+]?\\d+(?:\\.\\d*)?)"  # a number
# captures: [loss]
# condition: "float(loss) > 100 or loss.lower() in ['nan', 'inf']"
# output_type: both
# cooldown: 5m
# actions:
#   - log_event(message="diverged at \${loss:-?}, $JOB_ID", level=error)
#   - resubmit(modifications={"time": "2-00:00:00"}) if trigger_count < 3
#WATCHER_END
#WATCHER trigger_on_job_end=true trigger_job_states=[failed, timeout] actoin=log_event

for epoch in $(seq 10); do python train.py --epoch "$epoch"; done
`;

describe('a directive that is written in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  const pathOf = (name: string): string => join(workbench.profile.workspace, name);
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await workbench.page.keyboard.press(key);
  };
  const type = (text: string): Promise<void> => workbench.page.keyboard.type(text);

  /** Opens the list at the cursor, by the key that everybody has for it, and takes one. */
  const complete = async (label: string): Promise<void> => {
    await press('Control+Space');
    await take(label);
  };
  const take = async (label: string): Promise<void> => {
    await workbench.suggestion(label).first().click();
    await workbench.suggestion(label).first().waitFor({ state: 'detached' });
  };
  /** A field behind all others: the blank opens the list, or its key does where a list was still about to close. */
  const addField = async (name: string): Promise<void> => {
    await press('End');
    await type(' ');
    await workbench.openSuggestions(name);
    await take(name);
  };
  const goTo = async (line: number, column: number): Promise<void> => {
    await press('Control+G');
    const input = workbench.page.locator('.quick-input-widget input[type=text]').first();
    await input.fill(`:${line}:${column}`);
    await press('Enter');
    await workbench.statusText(`Ln ${line}, Col ${column}`).waitFor();
  };
  const expectSaved = async (name: string, line: number, text: string | RegExp): Promise<void> => {
    await press('Escape', 'Control+S');
    const read = (): string => readFileSync(pathOf(name), 'utf8').split('\n')[line - 1] ?? '';
    await waitFor(`line ${line} is ${String(text)}`, () =>
      typeof text === 'string' ? read() === text : text.test(read()),
    ).catch((error: unknown) => {
      assert.equal(read(), text, String(error));
    });
  };

  before(async () => {
    workbench = await Workbench.open({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    writeFileSync(pathOf('mine.sh'), '#!/bin/bash\n\n\necho done\n');
    writeFileSync(pathOf('colours.sh'), colourful);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  it('begins with the list that the marker opens', async () => {
    await workbench.openFile('mine.sh');
    await goTo(2, 1);
    await type('#W');
    await workbench.suggestion('#WATCHER_BEGIN').waitFor();
    await workbench.photograph('writing marker');
    await take('#WATCHER,');
    await expectSaved('mine.sh', 2, '#WATCHER pattern="" action=');
  });

  it('gets every field by completion alone', async () => {
    await goTo(2, 19);
    await complete('Loss');
    await workbench.editor.filter({ hasText: '[Ll]oss' }).waitFor();
    await press('End');
    await complete('store_metric');
    await addField('captures');
    await complete('loss');
    await addField('condition');
    await complete('float');
    await complete('loss');
    await workbench.photograph('writing condition');
    for (const field of ['name', 'interval', 'max_triggers', 'cooldown']) await addField(field);
    await addField('output_type');
    await take('stderr');
    await expectSaved(
      'mine.sh',
      2,
      '#WATCHER pattern="\\b[Ll]oss[:=]?\\s*([-+]?(?:nan|inf|\\d+(?:\\.\\d*)?(?:e[-+]?\\d+)?))" ' +
        'action=store_metric(name="") captures=[loss] condition="float(loss)" name="" interval=30s ' +
        'max_triggers=1 cooldown=10m output_type=stderr',
    );
  });

  it('goes on with a block at Enter', async () => {
    // Words that come whole open no suggestions, which Enter would take.
    const insert = (text: string): Promise<void> => workbench.page.keyboard.insertText(text);
    await goTo(3, 1);
    await insert('#WATCHER_BEGIN');
    await press('Enter');
    await workbench.statusText('Ln 4, Col 3').waitFor();
    await insert('pattern: a');
    await press('Enter');
    await workbench.statusText('Ln 5, Col 3').waitFor();
    await press('Shift+Home', 'Delete');
    await insert('#WATCHER_END');
    await press('Enter');
    await workbench.statusText('Ln 6, Col 1').waitFor();
    await expectSaved('mine.sh', 4, '# pattern: a');
  });

  it('has its mistake marked, and repaired', async () => {
    await workbench.openFile('colours.sh');
    await workbench.squiggle('warning').waitFor({ state: 'attached' });
    await goTo(19, 77);
    await press('Control+.');
    const repair = workbench.page.locator('.action-widget .monaco-list-row', { hasText: 'Write action' });
    await repair.first().waitFor();
    await workbench.photograph('writing repair');
    await repair.first().click();
    await expectSaved('colours.sh', 19, /\] action=log_event$/);
    await workbench.squiggle('warning').waitFor({ state: 'detached' });
  });

  it('has a capture renamed in every place', async () => {
    await goTo(11, 14);
    await press('F2');
    const input = workbench.page.locator('.rename-box input');
    await input.waitFor();
    await input.fill('cost');
    await workbench.photograph('writing rename');
    await press('Enter');
    await expectSaved('colours.sh', 11, '# captures: [cost]');
    await expectSaved('colours.sh', 12, `# condition: "float(cost) > 100 or cost.lower() in ['nan', 'inf']"`);
    await expectSaved('colours.sh', 16, /diverged at \$\{cost:-\?\}/);
    await expectSaved('colours.sh', 6, /value="\$loss"/);
  });

  it('has its pattern explained', async () => {
    await goTo(6, 52);
    await workbench.run('Show or Focus Hover');
    const hover = workbench.page.locator('.monaco-hover', { hasText: 'a digit' });
    await hover.first().waitFor();
    await workbench.photograph('writing hover');
    await press('Escape');
  });

  for (const [name, theme] of Object.entries(themes))
    it(`can be read in the theme ${name}`, async () => {
      await workbench.choose(theme);
      await goTo(21, 1);
      await workbench.photograph(`colours ${name}`);
    });

  it('has the same colours before the language server has looked', async () => {
    await workbench.choose(themes.dark);
    const settings = join(workbench.profile.directory, 'data/User/settings.json');
    const former = JSON.parse(readFileSync(settings, 'utf8')) as object;
    writeFileSync(settings, JSON.stringify({ ...former, 'editor.semanticHighlighting.enabled': false }));
    await workbench.editor.filter({ hasText: '#WATCHER_END' }).first().waitFor();
    await workbench.photograph('colours grammar');
  });
});
