// Decimal digits of a float, rounded as CPython rounds: on its exact binary value, halves to even.

/** The magnitude as an exact fraction. */
function toRatio(value: number): readonly [numerator: bigint, denominator: bigint] {
  let mantissa = Math.abs(value);
  let exponent = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  return [BigInt(mantissa), 1n << BigInt(exponent)];
}

/** The magnitude times ten to the power of `places`, as the nearest whole number. */
export function scaleAndRound(value: number, places: number): bigint {
  const [numerator, denominator] = toRatio(value);
  const scaled = numerator * 10n ** BigInt(Math.max(0, places));
  const unit = denominator * 10n ** BigInt(Math.max(0, -places));
  const quotient = scaled / unit;
  const twice = (scaled % unit) * 2n;
  return twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** `%.<places>f` of the magnitude. */
export function printFixed(value: number, places: number): string {
  const digits = scaleAndRound(value, places)
    .toString()
    .padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
}

/** Its digits, so many behind the first one, and the power of ten of the first one. */
export function toScientific(
  value: number,
  places: number,
): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: '0'.repeat(places + 1), exponent: 0 };
  // The shortest form may be one power too high, and rounding may add one.
  const guess = Number(value.toExponential().split('e')[1]);
  for (const exponent of [guess - 1, guess, guess + 1]) {
    const digits = scaleAndRound(value, places - exponent).toString();
    if (digits.length === places + 1) return { digits, exponent };
  }
  return { digits: '0'.repeat(places + 1), exponent: 0 };
}
