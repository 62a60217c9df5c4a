/** The project's folder. */
export const ROOT = new URL("../..", import.meta.url).pathname;

/** Paths of the files that git tracks, or would, from the project's folder. */
export async function sourceFiles(endings: readonly string[]): Promise<string[]> {
  const { stdout, success } = await new Deno.Command("git", {
    args: ["ls-files", "--cached", "--others", "--exclude-standard"],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error("git could not list the files");
  return new TextDecoder().decode(stdout).split("\n")
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .filter((path) => exists(`${ROOT}${path}`));
}

/** Whether the file is of the program itself or of the simulated site that its demo shows, rather than of work on it. */
export function isProductFile(path: string): boolean {
  return !/^(?:tests|bench|tools)\//.test(path);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // deleted, and not yet committed
  }
}
