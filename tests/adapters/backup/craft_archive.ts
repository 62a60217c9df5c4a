import type { JsonObject } from "../../../domain/json.ts";
import { createHash } from "node:crypto";
// @ts-types="@types/tar-stream"
import { type Headers, pack as tarPack } from "tar-stream";

/** A file that goes into an archive, whatever it says of itself. */
interface CraftedFile {
  readonly header: Headers;
  readonly content?: string | Uint8Array;
}

/** Any tar.gz that somebody could make. */
export async function craftArchive(files: readonly CraftedFile[]): Promise<Uint8Array<ArrayBuffer>> {
  const pack = tarPack();
  for (const { header, content } of files) {
    if (content === undefined) pack.entry(header);
    else pack.entry(header, typeof content === "string" ? content : new Uint8Array(content) as never);
  }
  pack.finalize();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of pack) chunks.push(new Uint8Array(chunk));
  return await gzip(new Blob(chunks).stream());
}

/** Compresses a stream. */
export async function gzip(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream.pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
}

/** A manifest that lists these files truthfully; `changes` replace fields of it. */
export function manifestFor(files: Readonly<Record<string, Uint8Array>>, changes: JsonObject = {}): string {
  const entries = Object.entries(files).map(([name, bytes]) => ({ name, size: bytes.length, sha256: sha256(bytes) }));
  return JSON.stringify({
    format: "tracker-backup",
    format_version: 1,
    program_version: "0.1.0",
    schema_version: 1,
    created_at: "2026-11-22T03:40:00Z",
    entries,
    ...changes,
  });
}

/** A whole archive of a manifest and the files that it lists. */
export function craftBackup(
  files: Readonly<Record<string, Uint8Array>>,
  { manifest = manifestFor(files) }: { manifest?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return craftArchive([
    { header: { name: "manifest.json" }, content: manifest },
    ...Object.entries(files).map(([name, content]) => ({ header: { name }, content })),
  ]);
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
