/** A new folder that is removed when it is disposed of. */
export function tempDir(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "tracker-test-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Runs `body` with a new folder, which is gone afterwards. */
export async function withTempDir(body: (folder: string) => Promise<void>): Promise<void> {
  using folder = tempDir();
  await body(folder.path);
}
