/**
 * The exponential moving average, without the pull of its beginning (Kingma and Ba 2015, section 3): what a noisy curve does in the long run.
 * @param weight Of what was before, 0 to 1.
 * @returns Null where there is no value.
 */
export function smoothed(values: (number | null)[], weight: number): (number | null)[] {
  let [sum, mass] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return sum / mass;
  });
}
