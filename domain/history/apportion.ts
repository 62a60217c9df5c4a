/**
 * Shares an integer amount out in proportion to the weights, so that the shares are integers and add up to the amount.
 * Each gets its share rounded down; the units left over go to the largest remainders, on a tie to the earlier one.
 * @throws RangeError where the amount is negative or no weight is above zero.
 */
export function apportion(amount: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!Number.isSafeInteger(amount) || amount < 0) {
    throw new RangeError(`Cannot apportion as 'amount' must be a whole number from 0: current value is ${amount}`);
  }
  if (!Number.isSafeInteger(sum) || weights.some((weight) => weight < 0) || sum === 0) {
    throw new RangeError(`Cannot apportion as 'weights' must be whole numbers with a sum above 0: it is ${sum}`);
  }
  if (weights.length === 1) return [amount];
  const total = BigInt(sum);
  const products = weights.map((weight) => BigInt(amount) * BigInt(weight));
  const shares = products.map((product) => Number(product / total));
  const left = amount - shares.reduce((taken, share) => taken + share, 0);
  const byRemainder = products.map((product, index) => ({ index, rest: product % total }))
    .sort((a, b) => a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1);
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
