// What settings may say, key by key: the same whether they come from VS Code, from config.json or from a file of the home.
import * as v from 'valibot';
import type { ClusterSettings } from './ports';
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
  'an array of names of commands, each one word',
);

export interface HistorySettings {
  readonly recentDays: number;
  readonly keepMonths: number;
}

export const historyFields: Fields<HistorySettings> = {
  recentDays: said(v.pipe(v.number(), v.finite(), v.minValue(1)), 'a number of days from 1 on'),
  keepMonths: said(v.pipe(v.number(), v.finite(), v.minValue(1)), 'a number of months from 1 on'),
};
