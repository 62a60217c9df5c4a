import type { Json, JsonObject } from "./json.ts";
import { type Micros, micros, microsFromCents, microsFromDollars } from "./money.ts";

/** A field holds something that no known generation of Cursor has sent. The payload is refused rather than misread. */
export class UnreadableField extends Error {
  override readonly name = "UnreadableField";

  constructor(field: string, value: unknown, expected: string) {
    super(`Cannot read '${field}' as it must be ${expected}: current value is ${show(value)}`);
  }
}

/** What `read` answers; null where it meets a field that cannot be read, which `report` is told. */
export function tryRead<T>(read: () => T, report: (problem: string) => void = () => undefined): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableField)) throw error;
    report(error.message);
    return null;
  }
}

/** Texts that stand for "no value" in Cursor's numbers. */
const NO_VALUE = new Set(["", "-", "–", "—", "nan", "n/a", "null", "none"]);
const COUNT = /^(\d+(?:\.\d+)?)([kmb])?$/i;
const PERCENT = /^\d+(?:\.\d+)?(?:e-?\d{1,2})?$/i;
const SUFFIX: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9 };

/**
 * A count as number, text (`"1,024"`, `"1024"`, `"1.2M"`) or nothing. Null where there is no value.
 * @throws UnreadableField for a negative count or any other text or type.
 */
export function readCount(value: Json | undefined, field: string): number | null {
  if (value === undefined) return null;
  if (typeof value === "number" && value >= 0 && Number.isSafeInteger(value)) return Math.abs(value);
  const text = readText(value, field, "a count");
  if (text === null) return null;
  const match = COUNT.exec(text);
  const count = match === null ? NaN : Math.round(Number(match[1]) * (SUFFIX[match[2]?.toLowerCase() ?? ""] ?? 1));
  if (!Number.isSafeInteger(count)) throw new UnreadableField(field, value, "a count of zero or more");
  return count;
}

/** What a money cell says: an amount, that the plan covers it, or nothing. */
export type MoneyCell =
  | { readonly kind: "amount"; readonly amount: Micros }
  | { readonly kind: "included" }
  | { readonly kind: "missing" };

/** A field of money, and the unit of its bare numbers. */
interface MoneyField {
  readonly name: string;
  readonly unit: "cents" | "dollars";
  /** Whether it may be below zero, as credits on an invoice are. */
  readonly isSigned?: boolean;
}

/**
 * An amount of money: `20.18` (in `unit`), `"$1,234.56"` (always dollars), `"Included"`, `"Free"`, `"-"` or nothing.
 * @throws UnreadableField for any other text or type, and below zero except where `isSigned` (credits on an invoice).
 */
export function readMoney(value: Json | undefined, field: MoneyField): MoneyCell {
  const told = readAmount(value, field);
  return typeof told === "object" ? { kind: "amount", amount: told.amount } : { kind: told };
}

/** No event costs this many cents: below it an amount is sure to be one. */
const PLAUSIBLE_CENTS = 1e9;

/**
 * An amount in cents before any rounding, as a decimal number or text, for sums that are rounded once; null where
 * `readMoney` finds no amount. @throws UnreadableField as `readMoney` does.
 */
export function readExactCents(value: Json | undefined, field: MoneyField): number | string | null {
  if (value === undefined) return null;
  if (typeof value === "number" && value >= 0 && value < PLAUSIBLE_CENTS && field.unit === "cents") return value;
  const told = readAmount(value, field);
  if (typeof told !== "object") return null;
  const [digits = "", exponent = "0"] = told.decimal.toLowerCase().split("e");
  return `${digits}e${Number(exponent) + (told.unit === "dollars" ? 2 : 0)}`;
}

/** An amount as it is told, with the unit that it is told in; else what stands there instead. */
function readAmount(
  value: Json | undefined,
  field: MoneyField,
): { decimal: string; unit: MoneyField["unit"]; amount: Micros } | "included" | "missing" {
  const text = readText(value, field.name, "an amount of money");
  if (text === null) return "missing";
  if (isCovered(text)) return "included";
  const decimal = text.replace(/^([+-]?)\s*(?:us\s*)?\$\s*/i, "$1").replace(/\s*(?:usd|\$)$/i, "");
  const unit = decimal === text ? field.unit : "dollars";
  const amount = unit === "dollars" ? microsFromDollars(decimal) : microsFromCents(decimal);
  if (amount === null) throw new UnreadableField(field.name, value, `an amount such as "$1,234.56" or a number`);
  if (amount < 0 && field.isSigned !== true) throw new UnreadableField(field.name, value, "an amount of zero or more");
  return { decimal, unit, amount };
}

/** Whether a text says in place of an amount that the plan covers it: "Included", "Free", "Included in Pro". */
export function isCovered(text: string): boolean {
  return /^(included|free)\b/i.test(text);
}

/** A percentage as number or text (`"27 %"`); null where there is no value. @throws UnreadableField otherwise. */
export function readPercent(value: Json | undefined, field: string): number | null {
  const text = readText(value, field, "a percentage");
  if (text === null) return null;
  const bare = text.replace(/\s*%$/, "");
  const percent = PERCENT.test(bare) ? Number(bare) : NaN;
  if (!Number.isFinite(percent)) throw new UnreadableField(field, value, "a percentage of zero or more");
  return percent;
}

/**
 * A moment as ISO text, epoch milliseconds (number or text) or a bare date (midnight UTC); null where there is none.
 * @throws UnreadableField otherwise.
 */
export function readInstant(value: Json | undefined, field: string): Temporal.Instant | null {
  const text = readText(value, field, "a time", { keepCommas: true });
  if (text === null) return null;
  const instant = instantOf(text);
  if (instant === null) throw new UnreadableField(field, value, "ISO 8601 text or epoch milliseconds");
  const year = instant.toZonedDateTimeISO("UTC").year;
  if (year < 2000 || year > 2199) throw new UnreadableField(field, value, "a time in the years 2000 to 2199");
  return instant;
}

function instantOf(text: string): Temporal.Instant | null {
  try {
    if (/^\d{11,15}$/.test(text)) return Temporal.Instant.fromEpochMilliseconds(Number(text));
    if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.Instant.from(`${text}T00:00:00Z`);
    return Temporal.Instant.from(text);
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

/** An amount in cents where absence means that Cursor does not tell; "Included" counts as nothing to pay. */
export function readCents(value: Json | undefined, name: string): Micros | null {
  const cell = readMoney(value, { name, unit: "cents" });
  return cell.kind === "amount" ? cell.amount : cell.kind === "included" ? micros(0) : null;
}

/** The object under `key`, or an empty one where it is missing or null. @throws UnreadableField for another type. */
export function readObject(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw new UnreadableField(key, value, "an object");
  return value;
}

function readText(
  value: Json | undefined,
  field: string,
  expected: string,
  { keepCommas = false }: { keepCommas?: boolean } = {},
): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null;
  if (typeof value !== "string") throw new UnreadableField(field, value, expected);
  const text = value.replace(/[\s\u00a0]+/g, " ").trim();
  if (NO_VALUE.has(text.toLowerCase())) return null;
  return keepCommas ? text : text.replace(/,(?=\d{3}(?:\D|$))/g, "");
}

function show(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** One name per model: the JSON calls "default" what the CSV export and the page call "auto". */
export function modelName(text: string): string {
  const name = text.trim();
  return name.toLowerCase() === "default" ? "auto" : name;
}
