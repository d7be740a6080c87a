// How long something takes, as Slurm prints it: `[days-]hours:minutes:seconds`.

const two = (value: number): string => String(value).padStart(2, '0');

export function toDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const clock = [two(hours), two(Math.floor(seconds / 60) % 60), two(seconds % 60)].join(':');
  return days === 0 ? clock : `${days}-${clock}`;
}
