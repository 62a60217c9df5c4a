import { isJsonObject, type Json, type JsonObject } from "../../domain/json.ts";
import { DamagedDocument, readDocument } from "./document.ts";
import { type MonthHeader, parseHeader } from "./header.ts";

/** A part of a month's file. The header comes last: it is only believed when all events were counted. */
type MonthPart =
  | { readonly kind: "events"; readonly events: readonly JsonObject[] }
  | { readonly kind: "header"; readonly header: MonthHeader & { totalEvents: number } };

/** Which month the file must be of, as "01-2026". */
interface MonthSource {
  readonly month: string;
  readonly signal: AbortSignal;
}

const ARRAY_KEY = "events";
/** What a whole file can end with, white space apart. */
const LAST_BYTES = 64;

/**
 * Streams a month's file, in the memory of one batch of events.
 * @throws DamagedDocument where it is no such file, is cut off, or has not as many events as it says.
 */
export async function* readMonth(path: string, { month, signal }: MonthSource): AsyncGenerator<MonthPart> {
  const fields: JsonObject = {};
  let events: number | null = null;
  for await (const part of readDocument(path, { arrayKey: ARRAY_KEY, signal })) {
    if (part.kind === "field") {
      fields[part.key] = part.value;
    } else {
      events = (events ?? 0) + part.values.length;
      yield { kind: "events", events: objectsOf(part.values) };
    }
  }
  if (events === null) throw new DamagedDocument(`it has no "${ARRAY_KEY}"`);
  const header = headerOf(fields, month);
  if (header.totalEvents !== null && header.totalEvents !== events) {
    throw new DamagedDocument(`it says that it has ${header.totalEvents} events, but it has ${events}`);
  }
  yield { kind: "header", header: { ...header, totalEvents: events } };
}

/**
 * The header of a file that this program wrote, without reading its events; null for another tool's file.
 * @throws DamagedDocument where it is no such file or is cut off.
 */
export async function readMonthHeader(
  path: string,
  { month, signal }: MonthSource,
): Promise<MonthHeader & { totalEvents: number } | null> {
  const fields: JsonObject = {};
  for await (const part of readDocument(path, { arrayKey: ARRAY_KEY, signal, chunkBytes: 1 << 16 })) {
    if (part.kind === "elements") break;
    fields[part.key] = part.value;
  }
  if (!("complete" in fields)) return null;
  const header = headerOf(fields, month);
  if (header.totalEvents === null) return null;
  if (!/\]\s*\}\s*$/.test(await endOf(path))) throw new DamagedDocument("it is cut off");
  return { ...header, totalEvents: header.totalEvents };
}

function headerOf(fields: JsonObject, month: string): MonthHeader {
  const header = parsedHeader(fields);
  if (header.month === month) return header;
  throw new DamagedDocument(`it is of month "${header.month}", but its name says "${month}"`);
}

function parsedHeader(fields: JsonObject): MonthHeader {
  try {
    return parseHeader(fields);
  } catch (cause) {
    throw new DamagedDocument("its fields are not those of a month file", { cause });
  }
}

function objectsOf(values: Json[]): JsonObject[] {
  if (values.every(isJsonObject)) return values;
  throw new DamagedDocument("one of its events is no object");
}

async function endOf(path: string): Promise<string> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  await file.seek(Math.max(0, size - LAST_BYTES), Deno.SeekMode.Start);
  const bytes = new Uint8Array(LAST_BYTES);
  const read = await file.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, read ?? 0));
}
