// Smooth lines as TensorBoard draws them: an exponential moving average that begins without a bias to 0.

/** `weight`: from 0, as it is, to below 1. What is not finite is passed over. */
export function smooth(values: readonly number[], weight: number): readonly number[] {
  if (weight <= 0) return values;
  let [mean, seen] = [0, 0];
  return values.map((value) => {
    mean = mean * weight + value * (1 - weight);
    seen++;
    return mean / (1 - weight ** seen);
  });
}
