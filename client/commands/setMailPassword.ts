// Set Mail Password: into VS Code's secret storage, and to the engine.
import type { App } from '../app';
import { setSecret } from '../setSecret';

export const setMailPassword = (app: App): Promise<void> =>
  setSecret(app, 'mail', {
    title: 'Set Mail Password',
    prompt: 'The password of "user" on the server of the setting slurmWatchers.mail; empty to forget it',
  });
