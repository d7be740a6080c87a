// Slurm's time limits: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-[hours[:minutes[:seconds]]]`.

/** Seconds; Infinity for UNLIMITED and INFINITE; undefined for anything else. Source: sbatch(1), --time. */
export function parseTimeLimit(text: string): number | undefined {
  if (/^(unlimited|infinite|-1)$/i.test(text)) return Infinity;
  const withDays = /^(\d+)-(?:(\d+)(?::(\d+))?(?::(\d+))?)?$/.exec(text);
  if (withDays) {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = withDays
      .slice(1)
      .map((part) => Number(part || 0));
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
  }
  if (!/^\d+(:\d+){0,2}$/.test(text)) return undefined;
  const parts = text.split(':').map(Number);
  const [a = 0, b = 0, c = 0] = parts;
  if (parts.length === 1) return a * 60;
  return parts.length === 2 ? a * 60 + b : (a * 60 + b) * 60 + c;
}
