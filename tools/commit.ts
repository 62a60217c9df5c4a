/**
 * The short hash of the commit that is built, "-dirty" behind it where files differ from it. COMMIT, where set, tells it
 * to a build without git, as in a container; else it is null there.
 */
export async function currentCommit(folder: URL): Promise<string | null> {
  const told = Deno.env.get("COMMIT") ?? "";
  if (/^[0-9a-f]{7,40}(-dirty)?$/.test(told)) return told;
  const hash = await git(["rev-parse", "--short=7", "HEAD"], folder);
  if (hash === null) return null;
  const changes = await git(["status", "--porcelain", "--untracked-files=no"], folder);
  return changes === "" ? hash : `${hash}-dirty`;
}

async function git(args: readonly string[], folder: URL): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("git", { args: [...args], cwd: folder, stderr: "null" })
      .output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
