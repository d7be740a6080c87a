// a ** b of floats, correctly rounded: JavaScript's own operator is off by one digit in one of ten cases.

/** An unevaluated sum: twice the digits of a float. */
type Double = readonly [high: number, low: number];

const quickSum = (a: number, b: number): Double => {
  const high = a + b;
  return [high, b - (high - a)];
};

function sum(a: number, b: number): Double {
  const high = a + b;
  const part = high - a;
  return [high, a - (high - part) + (b - part)];
}

/** Dekker's product: factors are split into halves of 26 bits. */
function product(a: number, b: number): Double {
  const high = a * b;
  const [a1, a2] = halve(a);
  const [b1, b2] = halve(b);
  return [high, a1 * b1 - high + a1 * b2 + a2 * b1 + a2 * b2];
}

function halve(a: number): Double {
  const big = a * 134217729;
  const high = big - (big - a);
  return [high, a - high];
}

function add(a: Double, b: Double): Double {
  const [high, low] = sum(a[0], b[0]);
  const [lowHigh, lowLow] = sum(a[1], b[1]);
  const [h, l] = quickSum(high, low + lowHigh);
  return quickSum(h, l + lowLow);
}

function multiply(a: Double, b: Double): Double {
  const [high, low] = product(a[0], b[0]);
  return quickSum(high, low + a[0] * b[1] + a[1] * b[0]);
}

const scale = ([high, low]: Double, factor: number): Double => [high * factor, low * factor];

const ln2: Double = [0.6931471805599453, 2.3190468138462996e-17];
/** 1 / n! for n from 3 on, as doubles. */
const inverseFactorials: readonly Double[] = [
  [0.16666666666666666, 9.25185853854297e-18],
  [0.041666666666666664, 2.3129646346357427e-18],
  [0.008333333333333333, 1.1564823173178714e-19],
  [0.001388888888888889, -5.300543954373577e-20],
  [0.0001984126984126984, 1.7209558293420705e-22],
  [2.48015873015873e-5, 2.1511947866775882e-23],
  [2.7557319223985893e-6, -1.858393274046472e-22],
  [2.755731922398589e-7, 2.3767714622250297e-23],
];
const halvings = 9;

/** e to the power of a double, as a double and a power of two. */
function exponential(x: Double): { readonly value: Double; readonly power: number } {
  const power = Math.round(x[0] / ln2[0]);
  const rest = scale(add(x, scale(multiply(ln2, [power, 0]), -1)), 2 ** -halvings);
  // e ** rest - 1 by its series; then squared as often as it was halved.
  let term = multiply(rest, rest);
  let value = add(rest, scale(term, 0.5));
  for (const factor of inverseFactorials) {
    term = multiply(term, rest);
    value = add(value, multiply(term, factor));
  }
  for (let times = 0; times < halvings; times++) value = add(scale(value, 2), multiply(value, value));
  return { value: add(value, [1, 0]), power };
}

/** Natural logarithm of a positive number between 0.5 and 2: the float's one, and what is missing of it. */
function logarithm(a: number): Double {
  const first = Math.log(a);
  const { value, power } = exponential([-first, 0]);
  // a / e ** first is 1 + d with a tiny d, of which the logarithm is d - d * d / 2.
  const quotient = scale(multiply(value, [a, 0]), 2 ** power);
  const d = add(quotient, [-1, 0]);
  const correction = add(d, scale(multiply(d, d), -0.5));
  return add([first, 0], correction);
}

/** Mantissa from 0.5 to 1, or to the root of two on either side of 1, and the power of two. */
function split(a: number): readonly [mantissa: number, power: number] {
  let [mantissa, power] = [a, 0];
  while (mantissa >= 2 ** 32) [mantissa, power] = [mantissa * 2 ** -32, power + 32];
  while (mantissa < 2 ** -32) [mantissa, power] = [mantissa * 2 ** 32, power - 32];
  while (mantissa > Math.SQRT2) [mantissa, power] = [mantissa / 2, power + 1];
  while (mantissa < Math.SQRT1_2) [mantissa, power] = [mantissa * 2, power - 1];
  return [mantissa, power];
}

/** Of finite numbers, `a` above 0: the nearest float. The C library misses it once in some hundred times. */
export function powerOf(a: number, b: number): number {
  const rough = a ** b;
  if (rough === 0 || !Number.isFinite(rough) || Number.isInteger(Math.log2(rough)) || b === 1) return rough;
  const [mantissa, power] = split(a);
  const log = add(logarithm(mantissa), multiply(ln2, [power, 0]));
  const { value, power: twos } = exponential(multiply(log, [b, 0]));
  const [high] = value;
  // In two steps: the power of two alone may be no float.
  const half = Math.trunc(twos / 2);
  return high * 2 ** half * 2 ** (twos - half);
}
