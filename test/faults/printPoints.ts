// How often each fault struck at each point, as a table in Markdown.
import { points, isPoint } from './points';
import type { CampaignReport } from './campaign';

export function printPoints(counts: CampaignReport['points']): string {
  const names = Object.keys(points).filter(isPoint);
  const faults = [...new Set(names.flatMap((point) => Object.keys(counts[point] ?? {})))].sort();
  const rows = names.map((point) => [
    `${point}: ${points[point]}`,
    ...faults.map((fault) => String(counts[point]?.[fault] ?? 0)),
  ]);
  const header = ['point', ...faults];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
