// Set Slack Webhook: into VS Code's secret storage, and to the engine.
import type { App } from '../app';
import { setSecret } from '../setSecret';

export const setSlackWebhook = (app: App): Promise<void> =>
  setSecret(app, 'slack', {
    title: 'Set Slack Webhook',
    prompt: 'The incoming webhook of your Slack app, https://hooks.slack.com/services/…; empty to forget it',
  });
