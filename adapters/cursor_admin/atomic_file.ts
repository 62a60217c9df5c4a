import { dirname } from "node:path";

/** Gets a file's bytes, some at a time. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/** How a file is replaced. */
export interface ReplaceOptions {
  /** Where it is written first; in the same file system. */
  readonly temporary: string;
  /** Whether it must survive a power failure, and not only the end of the process. */
  readonly isDurable: boolean;
}

/** Writes the file whole or not at all: whoever reads `path` sees the old file or the new one. */
export async function replaceFile(
  path: string,
  options: ReplaceOptions,
  write: (write: Write) => Promise<void>,
): Promise<void> {
  const { temporary, isDurable } = options;
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await Deno.mkdir(dirname(temporary), { recursive: true, mode: 0o700 });
  {
    using file = await Deno.open(temporary, { write: true, create: true, truncate: true, mode: 0o600 });
    await write((bytes) => writeAll(file, bytes));
    if (isDurable) await file.sync();
  }
  await Deno.rename(temporary, path);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}
