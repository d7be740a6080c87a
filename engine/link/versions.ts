// Orders package versions, so that of two the newer one runs the engine.

/** Negative where `one` is older, positive where it is newer; a pre-release is older than its release (semver.org §11). */
export function compareVersions(one: string, other: string): number {
  const [oneCore, onePre] = split(one);
  const [otherCore, otherPre] = split(other);
  const byCore = compareParts(oneCore, otherCore);
  if (byCore !== 0) return byCore;
  if (onePre.length === 0 || otherPre.length === 0) return otherPre.length - onePre.length;
  return compareParts(onePre, otherPre);
}

function split(version: string): [readonly string[], readonly string[]] {
  const [core = '', pre = ''] = version.replace(/\+.*/s, '').split(/-(.*)/s);
  return [core.split('.'), pre === '' ? [] : pre.split('.')];
}

function compareParts(ones: readonly string[], others: readonly string[]): number {
  for (let at = 0; at < Math.max(ones.length, others.length); at++) {
    const order = comparePart(ones[at], others[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers come before words, and nothing comes before something. */
function comparePart(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? -1 : 1;
  const [oneNumber, otherNumber] = [one, other].map((part) => (/^\d+$/.test(part) ? Number(part) : NaN));
  const numeric = (oneNumber ?? NaN) - (otherNumber ?? NaN);
  if (!Number.isNaN(numeric)) return numeric;
  if (Number.isNaN(oneNumber) !== Number.isNaN(otherNumber)) return Number.isNaN(oneNumber) ? 1 : -1;
  return one < other ? -1 : one > other ? 1 : 0;
}
