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
  const near = typeof cents === "number" ? farFromTie(cents * MICROS_PER_CENT) : null;
  return near ?? microsOf(decimalOf(cents), 4);
}

/** Micro-dollars of a decimal amount of dollars; null where it is no number. */
export function microsFromDollars(dollars: number | string): Micros | null {
  return microsOf(decimalOf(dollars), 6);
}

/** Decimal amounts of cents, and what is taken off `cents` before `fee` is added. */
interface ChargeParts {
  readonly cents: number | string;
  readonly percentOff: number;
  readonly fee: number | string;
}

/**
 * Micro-dollars of `cents` less `percentOff` (0 to 100) per cent, plus `fee`: exact on the digits of all three, rounded
 * once, half to even. Null where one of them is no number, and where the amount is beyond what an integer can hold.
 */
export function microsFromParts({ cents, percentOff, fee }: ChargeParts): Micros | null {
  const isPlain = typeof cents === "number" && typeof fee === "number" && cents >= 0 && fee >= 0 &&
    (cents + fee) * MICROS_PER_CENT < EXACT_BELOW;
  const near = isPlain ? farFromTie((cents * (100 - percentOff) / 100 + fee) * MICROS_PER_CENT) : null;
  // An object of its own, so that the one of the short cut need never be made.
  return near ?? exactMicrosFromParts({ cents, percentOff, fee });
}

function exactMicrosFromParts({ cents, percentOff, fee }: ChargeParts): Micros | null {
  const [list, percent, added] = [decimalOf(cents), decimalOf(percentOff), decimalOf(fee)];
  if (list === null || percent === null || added === null) return null;
  const paid = {
    digits: list.digits * (100n * 10n ** BigInt(percent.places) - percent.digits),
    places: list.places + percent.places + 2,
  };
  return microsOf(addDecimals(paid, added), 4);
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

/** Products of floats below this are off by less than a thousandth. */
const EXACT_BELOW = 1e11;

/**
 * The nearest integer, where the product of floats is so small, and so far from a tie, that it is what the digits say
 * too; null otherwise. Millions of events are worth the short cut.
 */
function farFromTie(product: number): Micros | null {
  const nearest = Math.round(product);
  return Math.abs(product) < EXACT_BELOW && Math.abs(product - nearest) < 0.499 ? micros(nearest) : null;
}

/** A decimal number, exactly: `digits` × 10^-`places`; `places` is never negative. */
interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

/** More zeros than this before the point are no amount of money. */
const MAX_ZEROS = 40;

/** Null where it is no number, or one with an exponent far beyond money. */
function decimalOf(value: number | string): Decimal | null {
  const match = DECIMAL.exec(String(value).trim());
  const [whole, fraction] = [match?.[2] ?? "", match?.[3] ?? ""];
  if (match === null || whole + fraction === "") return null;
  const size = BigInt(whole + fraction);
  const places = fraction.length - Number(match[4] ?? 0);
  if (size === 0n) return { digits: 0n, places: 0 };
  if (places < -MAX_ZEROS) return null;
  const digits = (match[1] === "-" ? -size : size) * 10n ** BigInt(Math.max(0, -places));
  return { digits, places: Math.max(0, places) };
}

function addDecimals(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  const scaled = ({ digits, places: own }: Decimal) => digits * 10n ** BigInt(places - own);
  return { digits: scaled(a) + scaled(b), places };
}

/** The number × 10^`shift` as an integer, rounded half to even; null where that is no safe integer. */
function microsOf(decimal: Decimal | null, shift: number): Micros | null {
  if (decimal === null) return null;
  const dividend = decimal.digits * 10n ** BigInt(Math.max(0, shift - decimal.places));
  const divisor = 10n ** BigInt(Math.max(0, decimal.places - shift));
  const [quotient, rest] = [dividend / divisor, dividend % divisor];
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const isUp = twice > divisor || (twice === divisor && quotient % 2n !== 0n);
  const value = Number(isUp ? quotient + (dividend < 0n ? -1n : 1n) : quotient);
  return Number.isSafeInteger(value) ? micros(value) : null;
}
