// The actions that reach outside, as many as this version has: what they need beside their job's cluster are ports given here.
import type { OutsideActions } from './action';
import { cancelJob } from './cancelJob';
import { resubmit } from './resubmit';
import { runCommand } from './runCommand';
import { createNotifyEmail, type MailPorts } from './notifyEmail';
import { createNotifySlack, type SlackPorts } from './notifySlack';

export interface ActionPorts extends MailPorts, SlackPorts {
  readonly settings: () => ReturnType<MailPorts['settings']> & ReturnType<SlackPorts['settings']>;
}

export const createActions = (ports: ActionPorts): OutsideActions => ({
  cancel_job: cancelJob,
  resubmit,
  run_command: runCommand,
  notify_email: createNotifyEmail(ports),
  notify_slack: createNotifySlack(ports),
});
