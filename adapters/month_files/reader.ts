import { isJsonObject, type Json, type JsonObject } from "../../domain/json.ts";
import { DamagedFile, readAnyJson } from "./any_json.ts";
import { HEADER_FIELDS, type MonthHeader, parseHeader } from "./header.ts";
import { type FilePart, NotInLines, readLines } from "./lines.ts";

/** A part of a month's file. The header comes last: it is only believed when all events were counted. */
type MonthPart =
  | { readonly kind: "events"; readonly events: readonly JsonObject[] }
  | { readonly kind: "header"; readonly header: MonthHeader & { totalEvents: number } };

/** Which month the file must be of, as "01-2026". */
interface MonthSource {
  readonly month: string;
  readonly signal: AbortSignal;
}

const EVENTS = "events";
/** What a whole file can end with, white space apart. */
const LAST_BYTES = 64;

/**
 * Streams a month's file, in the memory of one batch of events.
 * @throws DamagedFile where it is no such file, is cut off, or has not as many events as it says.
 */
export async function* readMonth(path: string, { month, signal }: MonthSource): AsyncGenerator<MonthPart> {
  const fields: JsonObject = {};
  let events: number | null = null;
  for await (const part of readParts(path, signal)) {
    if (part.kind === "field") {
      fields[part.key] = part.value;
    } else {
      events = (events ?? 0) + part.values.length;
      yield { kind: "events", events: objectsOf(part.values) };
    }
  }
  if (events === null) throw new DamagedFile(`it has no "${EVENTS}"`);
  const header = headerOf(fields, month);
  if (header.totalEvents !== null && header.totalEvents !== events) {
    throw new DamagedFile(`it says that it has ${header.totalEvents} events, but it has ${events}`);
  }
  yield { kind: "header", header: { ...header, totalEvents: events } };
}

/** Our own files by their lines, which is fast; what is written in any other way, or edited, as any JSON. */
async function* readParts(path: string, signal: AbortSignal): AsyncGenerator<FilePart> {
  let given = 0;
  try {
    for await (const part of readLines(path, { lists: [EVENTS], signal })) {
      if (part.kind === "elements") given += part.values.length;
      yield part;
    }
    return;
  } catch (error) {
    if (!(error instanceof NotInLines)) throw error;
  }
  for await (const part of readAnyJson(path, { fields: HEADER_FIELDS, list: EVENTS, signal })) {
    yield part.kind === "field" ? part : { ...part, values: part.values.slice(given) };
    if (part.kind === "elements") given = Math.max(0, given - part.values.length);
  }
}

/**
 * The header of a file that this program wrote, without reading its events; null for a file that is written otherwise.
 * @throws DamagedFile where it is no such file or is cut off.
 */
export async function readMonthHeader(
  path: string,
  { month, signal }: MonthSource,
): Promise<MonthHeader & { totalEvents: number } | null> {
  const fields: JsonObject = {};
  try {
    for await (const part of readLines(path, { lists: [EVENTS], signal })) {
      if (part.kind === "elements") break;
      fields[part.key] = part.value;
    }
  } catch (error) {
    if (error instanceof NotInLines) return null;
    throw error;
  }
  if (!("complete" in fields)) return null;
  const header = headerOf(fields, month);
  if (header.totalEvents === null) return null;
  if (!/\]\s*\}\s*$/.test(await endOf(path))) throw new DamagedFile("it is cut off");
  return { ...header, totalEvents: header.totalEvents };
}

function headerOf(fields: JsonObject, month: string): MonthHeader {
  const header = parsedHeader(fields);
  if (header.month === month) return header;
  throw new DamagedFile(`it is of month "${header.month}", but its name says "${month}"`);
}

function parsedHeader(fields: JsonObject): MonthHeader {
  try {
    return parseHeader(fields);
  } catch (cause) {
    throw new DamagedFile("its fields are not those of a month file", { cause });
  }
}

function objectsOf(values: readonly Json[]): readonly JsonObject[] {
  if (values.every(isJsonObject)) return values;
  throw new DamagedFile("one of its events is no object");
}

async function endOf(path: string): Promise<string> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  await file.seek(Math.max(0, size - LAST_BYTES), Deno.SeekMode.Start);
  const bytes = new Uint8Array(LAST_BYTES);
  const read = await file.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, read ?? 0));
}
