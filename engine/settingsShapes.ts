// What settings may say, key by key: the same whether they come from VS Code, from config.json or from a file of the home.
import * as v from 'valibot';
import { isMailAddress, splitAddresses } from './mailAddress';
import type { ClusterSettings, MailSettings, SlackSettings } from './ports';
import { said, type Fields } from './shapes';

const seconds = said(v.pipe(v.number(), v.finite(), v.gtValue(0)), 'a number of seconds above 0');

/** Also the name of a cluster. */
export const host = said(
  v.pipe(v.string(), v.regex(/^[^\s\p{C}-][^\s\p{C}]*$/u)),
  'a Host of the SSH configuration, or user@host',
);

export const clusterFields: Fields<ClusterSettings> = {
  kind: said(v.picklist(['ssh', 'local']), 'one of "ssh", "local"'),
  host,
  rootDirectory: said(
    v.pipe(v.string(), v.regex(/^(\/|~$|~\/)[^\n\r\0]*$/)),
    'a path that begins with / or ~/',
  ),
  minIntervalSeconds: seconds,
  queryIntervalSeconds: seconds,
  settleSeconds: seconds,
};

export const commandNames = said(
  v.array(v.pipe(v.string(), v.regex(/^[^\s\p{C}]+$/u))),
  'an array of command names, each one word',
);

export interface HistorySettings {
  readonly recentDays: number;
  readonly keepMonths: number;
}

export const historyFields: Fields<HistorySettings> = {
  recentDays: said(v.pipe(v.number(), v.finite(), v.minValue(1)), 'a number of days, 1 or more'),
  keepMonths: said(v.pipe(v.number(), v.finite(), v.minValue(1)), 'a number of months, 1 or more'),
};

const path = said(
  v.pipe(v.string(), v.regex(/^(\/|~\/|[A-Za-z]:[\\/])[^\n\r\0]*$/)),
  'the path of a file, absolute or below ~/',
);

const serverName = said(
  v.pipe(v.string(), v.maxLength(253), v.regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/)),
  'the name of a server, smtp.example.org',
);

const areAddresses = (value: string): boolean =>
  splitAddresses(value).length > 0 && splitAddresses(value).every(isMailAddress);

export const mailFields: Fields<MailSettings> = {
  via: said(v.picklist(['cluster', 'smtp']), 'one of "cluster", "smtp"'),
  from: said(
    v.pipe(
      v.string(),
      v.check((value) => value.includes('@') && isMailAddress(value)),
    ),
    'a mail address, me@example.org',
  ),
  to: said(v.pipe(v.string(), v.check(areAddresses)), 'a mail address, or several with commas'),
  host: serverName,
  port: said(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)), 'a port number'),
  user: said(v.pipe(v.string(), v.regex(/^[^\p{C}]+$/u)), 'a name to sign in with'),
  passwordFile: path,
};

export const slackFields: Fields<SlackSettings> = {
  hosts: said(v.array(serverName), 'an array of server names'),
  webhookFile: path,
};
