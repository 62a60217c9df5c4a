/** Integer micro-dollars to integer cents, rounded half to even, as an SQL expression. */
export function centsOf(micros: string): string {
  return `${micros} / 10000 + (abs(${micros} % 10000) > 5000 OR ` +
    `(abs(${micros} % 10000) = 5000 AND abs(${micros} / 10000) % 2 = 1)) * sign(${micros})`;
}
