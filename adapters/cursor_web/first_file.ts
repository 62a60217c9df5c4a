/** The first of the paths that is a file this user may look at; null where none is. */
export function firstFile(paths: Iterable<string>): string | null {
  for (const path of paths) {
    if (isFile(path)) return path;
  }
  return null;
}

/** Whether there is a file at the path, as far as this user can tell. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}
