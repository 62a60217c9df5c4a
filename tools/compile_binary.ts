/** What the binary may do: no FFI, no code from elsewhere. `sys` is for the host's name and user id. */
const PERMISSIONS = ["--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-run", "--allow-sys"];

/** A server that idles for most of an hour had better be small than fast at its peak. */
const V8_FLAGS = "--v8-flags=--optimize-for-size,--max-semi-space-size=2";

/** Packages that only tests load, or that no imported file of another package asks for. */
const UNUSED_PACKAGES = [
  "@svgdotjs",
  "@types",
  "@yr",
  "axe-core",
  "bare-buffer",
  "bare-events",
  "bare-fs",
  "bare-path",
  "bare-stream",
  "bare-url",
  "fast-check",
  "hyparquet",
  "postal-mime",
  "smtp-server",
];
/** Parts of packages: samples that overflow the compiler's stack, and styles in colours that are not ours. */
const UNUSED_PARTS = ["bintrees/1.0.2/test", "@picocss/pico/2.1.1/css", "@picocss/pico/2.1.1/scss"];
/** The one file of these parts that is imported. */
const USED_FILE = "/pico.min.css";

/** Runs `deno compile`; DENORT_BIN, where set, is its base binary. Answers whether it succeeded. */
export async function compile({ output, quiet = false }: { output: string; quiet?: boolean }): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      ...(quiet ? ["--quiet"] : []),
      ...PERMISSIONS,
      "--no-prompt",
      V8_FLAGS,
      ...await leftOut(),
      "--output",
      output,
      "main.ts",
    ],
    cwd: new URL("..", import.meta.url),
    stdout: quiet ? "null" : "inherit",
    stderr: quiet ? "piped" : "inherit",
  }).spawn().status;
  return success;
}

/** `--exclude` for what the binary has no use for: a package that is locked is embedded, whoever imports it. */
async function leftOut(): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], stderr: "inherit" }).output();
  const { npmCache }: { npmCache: string } = JSON.parse(new TextDecoder().decode(stdout));
  const registries = entriesOf(npmCache);
  const parts = registries.flatMap((registry) => UNUSED_PARTS.flatMap((part) => entriesOf(`${registry}/${part}`)))
    .filter((path) => !path.endsWith(USED_FILE));
  const packages = registries.flatMap((registry) => UNUSED_PACKAGES.map((name) => `${registry}/${name}`));
  return [...parts, ...packages.flatMap(contentsOf)].map((path) => `--exclude=${path}`);
}

/** What lies in the versions of a package, or of all packages of a scope; their package.json has to stay. */
function contentsOf(folder: string): string[] {
  const entries = entriesOf(folder);
  if (!entries.includes(`${folder}/package.json`)) return entries.flatMap(contentsOf);
  return entries.filter((entry) => !entry.endsWith("/package.json"));
}

/** The paths in a folder; none where it is no folder. */
function entriesOf(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => `${folder}/${name}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
}
