import type { PageReader, ParsedPayload, RawPayload } from "../capture.ts";
import type { Json } from "../json.ts";

/** A raw payload made ready for the recognizers; null for one that answers an error or is no whole JSON. */
export function parsePayload(payload: RawPayload, pages: PageReader): ParsedPayload | null {
  if (payload.kind === "html") return { kind: "html", page: pages.read(payload.body) };
  if (payload.status < 200 || payload.status >= 300) return null;
  const body = parseJson(payload.body);
  if (body === undefined) return null;
  const endpoint = pathOf(payload.url).split("/").filter((part) => part !== "").at(-1) ?? "";
  const request = payload.requestBody === null ? null : parseJson(payload.requestBody) ?? null;
  return { kind: "network_json", endpoint, request, body };
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // any JSON text is Json; the recognizers check the rest
  } catch {
    return undefined;
  }
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/[?#].*$/, "");
}
