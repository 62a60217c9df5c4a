import { accessSync, constants } from "node:fs";

/** Whether a folder's rights let others in; null where it is not there. Windows has no such rights. */
export function openToOthers(path: string): { readonly mode: number; readonly isOpen: boolean } | null {
  try {
    const mode = (Deno.statSync(path).mode ?? 0) & 0o777;
    return { mode, isOpen: Deno.build.os !== "windows" && (mode & 0o077) !== 0 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

/** Whether this user may write into the folder. */
export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** "755". */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(3, "0");
}

/** "1.4 GB". */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
