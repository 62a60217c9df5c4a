/**
 * Money as integer micro-dollars: 1 cent = 10,000, 1 dollar = 1,000,000. Cursor sends fractions of a cent
 * (40.167), float32 noise (18.167999267578125) and text ("$1,234.56"); none of it is ever added up as a float.
 */
declare const microsBrand: unique symbol;

/** An integer amount of micro-dollars, safe up to nine billion dollars. */
export type Micros = number & { readonly [microsBrand]: true };

const MICROS_PER_CENT = 10_000;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/** Brands an integer as micro-dollars. @throws RangeError where it is no safe integer. */
export function micros(value: number): Micros {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`Cannot make micros as the amount must be a safe integer: current value is ${value}`);
  }
  return (value === 0 ? 0 : value) as Micros;
}

/** No money at all, which is not the same as an unknown amount (null). */
export const ZERO: Micros = micros(0);

/** The sum of the amounts. An unknown amount (null) makes the whole sum unknown. */
export function sumMicros(amounts: Iterable<Micros | null>): Micros | null {
  let sum = 0;
  for (const amount of amounts) {
    if (amount === null) return null;
    sum += amount;
  }
  return micros(sum);
}

/** Whole cents, rounded half to even, as the generated `_cents` columns round. Null stays null. */
export function toCents(amount: Micros): number;
export function toCents(amount: Micros | null): number | null;
export function toCents(amount: Micros | null): number | null {
  return amount === null ? null : divideHalfEven(amount, MICROS_PER_CENT);
}

/** Micro-dollars of a decimal amount of cents, as JSON numbers or text carry them; null where it is no number. */
export function microsFromCents(cents: number | string): Micros | null {
  return (typeof cents === "number" ? nearbyMicros(cents) : null) ?? shiftDecimal(String(cents), 4);
}

/** Micro-dollars of a decimal amount of dollars; null where it is no number. */
export function microsFromDollars(dollars: number | string): Micros | null {
  return shiftDecimal(String(dollars), 6);
}

/** "$1,234.56"; below one cent as many digits as it takes, up to six: "$0.000123". Unknown is a dash. */
export function formatMicros(amount: Micros | null): string {
  if (amount === null) return "–";
  const sign = amount < 0 ? "-" : "";
  const size = Math.abs(amount);
  if (size > 0 && size < MICROS_PER_CENT) {
    return `${sign}$0.${String(size).padStart(6, "0").replace(/0+$/, "")}`;
  }
  const cents = divideHalfEven(size, MICROS_PER_CENT);
  const dollars = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}$${dollars}.${String(cents % 100).padStart(2, "0")}`;
}

/** Integer division of integers, ties to the even quotient: 5/10 → 0, 15/10 → 2, -15/10 → -2. */
export function divideHalfEven(dividend: number, divisor: number): number {
  const quotient = Math.trunc(dividend / divisor);
  const rest = Math.abs(dividend % divisor) * 2;
  const up = rest > Math.abs(divisor) || (rest === Math.abs(divisor) && quotient % 2 !== 0);
  const result = up ? quotient + Math.sign(dividend) * Math.sign(divisor) : quotient;
  return result === 0 ? 0 : result;
}

/**
 * The same as the digits say, for numbers so small that a product of floats is off by less than a thousandth, and so far
 * from a tie that this cannot matter; null for all others. Millions of events are worth the short cut.
 */
function nearbyMicros(cents: number): Micros | null {
  const product = cents * MICROS_PER_CENT;
  const nearest = Math.round(product);
  return Math.abs(product) < 1e12 && Math.abs(product - nearest) < 0.499 ? micros(nearest) : null;
}

/** `amount` × `numerator` / `denominator`, exact until it is rounded once, half to even. */
export function scaleMicros(amount: Micros, { numerator, denominator }: Ratio): Micros {
  const divisor = BigInt(denominator);
  const dividend = BigInt(amount) * BigInt(numerator);
  const size = dividend < 0n ? -dividend : dividend;
  const quotient = size / divisor;
  const rest = (size % divisor) * 2n;
  const isUp = rest > divisor || (rest === divisor && quotient % 2n === 1n);
  const scaled = Number(isUp ? quotient + 1n : quotient);
  return micros(dividend < 0n ? -scaled : scaled);
}

/** A fraction of two integers; the denominator is positive. */
interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** `text` × 10^places as a half-even rounded integer, worked out on the decimal digits, never on a float. */
function shiftDecimal(text: string, places: number): Micros | null {
  const match = DECIMAL.exec(text.trim());
  const whole = match?.[2] ?? "";
  const fraction = match?.[3] ?? "";
  if (match === null || whole + fraction === "") return null;
  const point = whole.length + Number(match[4] ?? 0) + places;
  const digits = whole + fraction;
  if (point > 40) return /^0+$/.test(digits) ? ZERO : null;
  if (point < 0) return ZERO;
  const integer = BigInt(digits.slice(0, point).padEnd(point, "0") || "0");
  const rounded = roundsUp(integer, digits.slice(point)) ? integer + 1n : integer;
  const value = Number(match[1] === "-" ? -rounded : rounded);
  return Number.isSafeInteger(value) ? micros(value) : null;
}

function roundsUp(integer: bigint, rest: string): boolean {
  const first = rest.charAt(0);
  if (first === "" || first < "5") return false;
  const isTie = first === "5" && /^0*$/.test(rest.slice(1));
  return !isTie || integer % 2n === 1n;
}
