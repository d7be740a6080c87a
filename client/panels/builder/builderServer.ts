// Answers a builder's page: what it begins with, samples, templates, the dry run, and what becomes of its watcher.
import { commands, env } from 'vscode';
import { WatchError } from '../../../engine/errors';
import { nameJob } from '../../../engine/words';
import type { BuilderContext, BuilderProtocol, Opening } from '../../../webviews/builder/protocol';
import { defaultAllowedCommands } from '../../../language/allowedCommands';
import { printWatcher } from '../../../language/json/definitionJson';
import type { App } from '../../app';
import { requestWithConsent } from '../../consent';
import type { Owned } from '../../owned';
import { readSettings } from '../../settings';
import { tellInStatusBar } from '../../show/progress';
import type { PageLink, PageServer } from '../panelKind';
import { attachFromBuilder } from './attachFromBuilder';
import { BuilderScript } from './builderScript';
import { BuilderMemory } from './builderMemory';
import { BuilderSamples } from './builderSamples';
import { rehearseSample } from './rehearseSample';
import { listTemplates, saveTemplate } from './builderTemplates';
import { readWatcher } from './readWatcher';

interface ServerParts {
  readonly context: BuilderContext;
  readonly page: PageLink<BuilderProtocol>;
  readonly key: string;
}

export function createBuilderServer(
  app: App,
  { context, page, key }: ServerParts,
): PageServer<BuilderProtocol> & Owned {
  const memory = new BuilderMemory(app.context.workspaceState, key);
  const script = new BuilderScript(context, memory, (news) => {
    page.tell('script', news);
  });
  const samples = new BuilderSamples(app, context, () => script.uri);
  const allowedCommands = toAllowedCommands();
  return {
    answers: {
      open: async () => {
        const begun = await findBeginning(app, context);
        const { found, isBroken } = (await script.look()) ?? { found: null, isBroken: false };
        return {
          scriptName: script.name,
          directive: found,
          missing: begun.missing ?? (found || isBroken ? null : script.missing),
          watcher: begun.watcher,
          editedWatcher: begun.editedWatcher,
          kept: memory.left,
          allowedCommands,
          sources: await samples.list(),
          source: samples.own,
        } satisfies Opening;
      },
      sources: () => samples.list(),
      chooseFile: () => samples.chooseFile(),
      read: (source) => samples.read(source),
      templates: () => listTemplates(app),
      dryRun: async ({ watcher, typed, ...source }) =>
        rehearseSample(app, {
          definition: readWatcher(watcher),
          sample: typed === null ? await samples.toRehearse(source) : { text: typed },
          script: await script.readText(),
          allowedCommands,
        }),
      insert: ({ watcher }) => script.insert(readWatcher(watcher)),
      update: ({ watcher, known }) => script.update(readWatcher(watcher), known),
      attach: ({ watcher }) => attachFromBuilder(app, context, readWatcher(watcher)),
      apply: ({ watcher }) => applyToWatcher(app, context, watcher),
      copy: async ({ what, text }) => {
        await env.clipboard.writeText(`${text}\n`);
        tellInStatusBar('copy', `Watcher copied as ${what}`);
        return null;
      },
      saveTemplate: ({ watcher }) => saveTemplate(app, readWatcher(watcher)),
      keep: async ({ state }) => {
        await memory.keep(state);
        return null;
      },
      reveal: async () => {
        await script.reveal();
        return null;
      },
    },
    dispose: () => {
      script.dispose();
    },
  };
}

function toAllowedCommands(): readonly string[] {
  const { allowedCommands } = readSettings();
  return Array.isArray(allowedCommands) && allowedCommands.every((name) => typeof name === 'string')
    ? allowedCommands
    : defaultAllowedCommands;
}

interface Beginning {
  readonly watcher: string | null;
  readonly editedWatcher: string | null;
  readonly missing?: string;
}

/** What the form begins with, if that is not in a script. */
async function findBeginning(app: App, context: BuilderContext): Promise<Beginning> {
  if (context.kind === 'template') {
    const template = (await listTemplates(app)).find(({ id }) => id === context.template);
    return template
      ? { watcher: template.watcher, editedWatcher: null }
      : {
          watcher: null,
          editedWatcher: null,
          missing: `The template “${context.title}” is not there any more.`,
        };
  }
  if (context.kind !== 'watcher') return { watcher: null, editedWatcher: null };
  const [watcher] = await app.engine.request('engine/watchers', { watcher: context.watcher });
  if (!watcher)
    return {
      watcher: null,
      editedWatcher: null,
      missing: `The watcher “${context.name}” is not there any more.`,
    };
  const [job] = await app.engine.request('engine/jobs', { job: watcher.job });
  const { definition } = watcher;
  return {
    watcher: printWatcher(definition),
    editedWatcher: context.isCopy ? null : `${definition.name}${job ? ` of ${nameJob(job)}` : ''}`,
  };
}

/** What it may do from then on is agreed to as at a submission. */
async function applyToWatcher(app: App, context: BuilderContext, definition: string): Promise<string | null> {
  if (context.kind !== 'watcher' || context.isCopy)
    throw new WatchError('bad-request', 'This form is not about a watcher at work.', 'Attach it to a job.');
  const request = { watcher: context.watcher, definition };
  const changed = await requestWithConsent<'engine/edit'>(
    request,
    (given) => app.engine.request('engine/edit', given),
    { question: `Change the watcher “${context.name}”?`, button: 'Change' },
  );
  if (!changed) return null;
  app.engine.mirror.add({ jobs: [], watchers: [changed] });
  void commands.executeCommand('slurmWatchers.watchers.focus', { preserveFocus: true });
  return 'The watcher was changed: it goes on from where it was.';
}
