// A cluster, a group of its jobs, and what is said in the place of jobs, as items of the tree.
import { ThemeColor, ThemeIcon, TreeItemCollapsibleState } from 'vscode';
import type { ClusterStatus } from '../../engine/model';
import { count } from '../../engine/words';
import { inMarkdown, toMarkdown, toMarkdownTable } from '../../language/show/markdown';
import { toVsCodePlain } from '../../language/show/vscode';
import { describeCluster } from '../clusterWords';
import { Row, Tooltip } from '../show/rows';
import type { JobGroup } from './clusterNodes';
import { toClusterNode, type NoteNode } from './nodes';

const icons: Readonly<Record<ClusterStatus['state'], readonly [icon: string, color?: string]>> = {
  idle: ['server'],
  connected: ['server', 'charts.green'],
  connecting: ['loading~spin'],
  disconnected: ['debug-disconnect', 'list.errorForeground'],
  'needs-sign-in': ['key', 'list.warningForeground'],
};

export function toClusterItem(status: ClusterStatus): Row {
  const { name, kind, state } = status;
  const item = new Row(name, TreeItemCollapsibleState.Collapsed);
  item.id = `cluster ${name}`;
  item.description = toVsCodePlain(describeCluster(status));
  const [icon, color] = kind === 'sandbox' ? ['beaker'] : icons[state];
  item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
  item.contextValue = `cluster.${kind}.${state}`;
  item.accessibilityInformation = {
    label: toVsCodePlain(`Cluster ${name}, ${describeCluster(status) || 'not connected yet'}`),
  };
  return item;
}

export function toClusterTooltip(status: ClusterStatus): Tooltip {
  const { name, kind, state, commands, reads, trouble, lastTickMs } = status;
  const words = toMarkdown(describeCluster(status) || 'nothing was asked of it yet');
  const troubled = trouble === null ? inMarkdown`` : inMarkdown`\n\n${toMarkdown(trouble)}`;
  const head = inMarkdown`**${toMarkdown(name)}** ${words}${troubled}`;
  if (kind === 'sandbox')
    return new Tooltip(
      inMarkdown`${head}\n\nRuns batch scripts with bash and shows them as Slurm would, to try things out.`,
    );
  if (state === 'idle') return new Tooltip(head);
  const table = toMarkdownTable([
    ['Commands so far', String(commands)],
    ['Requests for files', String(reads)],
    ...(lastTickMs === null ? [] : [['Last look', `${Math.round(lastTickMs)} ms`] as const]),
  ]);
  return new Tooltip(inMarkdown`${head}${table}`);
}

const groups: Readonly<Record<JobGroup, { readonly label: string; readonly icon: string }>> = {
  running: { label: 'Running', icon: 'play' },
  pending: { label: 'Pending', icon: 'watch' },
  ended: { label: 'Ended', icon: 'history' },
};

export function toGroupItem(cluster: string, group: JobGroup, jobs: number): Row {
  const { label, icon } = groups[group];
  const isOpen = group !== 'ended';
  const item = new Row(
    label,
    isOpen ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed,
  );
  item.id = `group ${cluster} ${group}`;
  item.description = toVsCodePlain(String(jobs));
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = 'jobGroup';
  item.accessibilityInformation = { label: toVsCodePlain(`${label} on ${cluster}, ${count(jobs, 'job')}`) };
  return item;
}

export function toNoteItem({ cluster, note }: NoteNode, trouble: string | undefined): Row {
  const item = new Row(toNoteText(note, trouble));
  item.id = `note ${cluster} ${note}`;
  item.contextValue = `note.${note}`;
  if (note === 'asking') item.iconPath = new ThemeIcon('loading~spin');
  if (note === 'trouble') item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  if (note === 'trouble' && trouble !== undefined) item.tooltip = toVsCodePlain(trouble);
  if (note === 'needsSignIn') {
    item.iconPath = new ThemeIcon('key');
    item.command = { command: 'slurmWatchers.signIn', title: 'Sign In', arguments: [toClusterNode(cluster)] };
    item.accessibilityInformation = { label: toVsCodePlain(`Sign in to ${cluster}`), role: 'button' };
  }
  return item;
}

function toNoteText(note: NoteNode['note'], trouble: string | undefined): string {
  switch (note) {
    case 'asking':
      return 'Asking for your jobs…';
    case 'empty':
      return 'You have no jobs here';
    case 'trouble':
      return trouble ?? 'It cannot be reached';
    case 'needsSignIn':
      return 'Sign In…';
  }
}
