import { Buffer } from "node:buffer";
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
// @ts-types="@types/tar-stream"
import { pack } from "tar-stream";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import { redactForOthers } from "../../domain/redact.ts";
import type { BundleFile } from "./bundle_files.ts";

/** How a bundle is written. */
export interface WriteBundleOptions {
  /** Known secrets, masked wherever they stand. */
  readonly secrets: readonly string[];
  /** The person's own folder, which reads "~". */
  readonly home: string | null;
  readonly at: Temporal.Instant;
  readonly signal: AbortSignal;
}

/**
 * Writes the files into a new .tar.gz that only its owner may read. Every text is masked on its way in, whatever it is.
 * @throws TrackerError where the file is there already or cannot be written.
 */
export async function writeBundle(
  path: string,
  { files, ...options }: WriteBundleOptions & { files: readonly BundleFile[] },
): Promise<void> {
  const { at, signal } = options;
  const tar = pack();
  const mtime = new Date(at.epochMilliseconds);
  for (const { name, content } of files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(masked(content, options)) : content;
    tar.entry({ name: `tracker-doctor/${name}`, mode: 0o600, mtime, size: bytes.length }, Buffer.from(bytes));
  }
  tar.finalize();
  try {
    // "wx": nothing that is there already is overwritten.
    await pipeline(tar, createGzip(), createWriteStream(path, { flags: "wx", mode: 0o600 }), { signal });
  } catch (error) {
    const isThere = messageOf(error).includes("EEXIST");
    throw new TrackerError(`Cannot write "${path}"${isThere ? " as it is there already" : `: ${messageOf(error)}`}`, {
      hint: "Give '--bundle' the name of a new file in a folder that this user may write to.",
      cause: error,
    });
  }
}

function masked(text: string, { secrets, home }: WriteBundleOptions): string {
  return redactForOthers(text, { secrets, home });
}
