// A cluster, a group of its jobs, and what is said in the place of jobs, as items of the tree.
import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { ClusterStatus } from '../../engine/model';
import { describeCluster } from '../clusterWords';
import { count } from '../words';
import type { JobGroup } from './clusterNodes';
import { toClusterNode, type NoteNode } from './nodes';

const icons: Readonly<Record<ClusterStatus['state'], readonly [icon: string, color?: string]>> = {
  idle: ['server'],
  connected: ['server', 'charts.green'],
  connecting: ['loading~spin'],
  disconnected: ['debug-disconnect', 'list.errorForeground'],
  'needs-sign-in': ['key', 'list.warningForeground'],
};

export function toClusterItem(status: ClusterStatus): TreeItem {
  const { name, kind, state } = status;
  const item = new TreeItem(name, TreeItemCollapsibleState.Collapsed);
  item.id = `cluster ${name}`;
  item.description = describeCluster(status);
  const [icon, color] = kind === 'sandbox' ? ['beaker'] : icons[state];
  item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
  item.contextValue = `cluster.${kind}.${state}`;
  item.accessibilityInformation = {
    label: `Cluster ${name}, ${describeCluster(status) || 'not connected yet'}`,
  };
  return item;
}

export function toClusterTooltip(status: ClusterStatus): MarkdownString {
  const { name, kind, state, commands, reads, trouble, lastTickMs } = status;
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown('**').appendText(name).appendMarkdown('** ');
  tooltip.appendText(describeCluster(status) || 'nothing was asked of it yet');
  if (trouble !== null) tooltip.appendMarkdown('\n\n').appendText(trouble);
  if (kind === 'sandbox') {
    tooltip.appendMarkdown(
      '\n\nRuns batch scripts with bash and shows them as Slurm would, to try things out.',
    );
  } else if (state !== 'idle') {
    tooltip.appendMarkdown('\n\n| | |\n|---|---|\n');
    tooltip.appendMarkdown(`| Commands so far | ${commands} |\n| Requests for files | ${reads} |\n`);
    if (lastTickMs !== null) tooltip.appendMarkdown(`| Last look | ${Math.round(lastTickMs)} ms |\n`);
  }
  return tooltip;
}

const groups: Readonly<Record<JobGroup, { readonly label: string; readonly icon: string }>> = {
  running: { label: 'Running', icon: 'play' },
  pending: { label: 'Pending', icon: 'watch' },
  ended: { label: 'Ended', icon: 'history' },
};

export function toGroupItem(cluster: string, group: JobGroup, jobs: number): TreeItem {
  const { label, icon } = groups[group];
  const isOpen = group !== 'ended';
  const item = new TreeItem(
    label,
    isOpen ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed,
  );
  item.id = `group ${cluster} ${group}`;
  item.description = String(jobs);
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = 'jobGroup';
  item.accessibilityInformation = { label: `${label} on ${cluster}, ${count(jobs, 'job')}` };
  return item;
}

export function toNoteItem({ cluster, note }: NoteNode, trouble: string | undefined): TreeItem {
  const item = new TreeItem(toNoteText(note, trouble));
  item.id = `note ${cluster} ${note}`;
  item.contextValue = `note.${note}`;
  if (note === 'asking') item.iconPath = new ThemeIcon('loading~spin');
  if (note === 'trouble') item.iconPath = new ThemeIcon('error', new ThemeColor('list.errorForeground'));
  if (note === 'trouble' && trouble !== undefined) item.tooltip = trouble;
  if (note === 'needsSignIn') {
    item.iconPath = new ThemeIcon('key');
    item.command = { command: 'slurmWatchers.signIn', title: 'Sign In', arguments: [toClusterNode(cluster)] };
    item.accessibilityInformation = { label: `Sign in to ${cluster}`, role: 'button' };
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
