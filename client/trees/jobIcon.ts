// The icons of jobs.
import { ThemeColor, ThemeIcon } from 'vscode';
import type { JobLook } from '../jobLook';

const icons: Readonly<Record<JobLook, readonly [icon: string, color?: string]>> = {
  waiting: ['watch'],
  running: ['play', 'charts.green'],
  suspended: ['debug-pause', 'list.warningForeground'],
  completed: ['pass', 'charts.green'],
  cancelled: ['circle-slash', 'list.warningForeground'],
  failed: ['error', 'list.errorForeground'],
};

export function toJobIcon(look: JobLook): ThemeIcon {
  const [icon, color] = icons[look];
  return new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
}
