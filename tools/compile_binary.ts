import { currentCommit } from "./commit.ts";
import { PERMISSIONS } from "./permissions.ts";

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
  "postal-mime",
  "smtp-server",
];
/** Parts of packages: samples that overflow the compiler's stack, and styles in colours that are not ours. */
const UNUSED_PARTS = ["bintrees/1.0.2/test", "@picocss/pico/2.1.1/css", "@picocss/pico/2.1.1/scss"];
/** The one file of these parts that is imported. */
const USED_FILE = "/pico.min.css";

const ROOT = new URL("..", import.meta.url);
/** Not tracked by git; it is put into the binary, where adapters/system/installation.ts reads it. */
const BUILD_FILE = new URL("dist/build.json", ROOT);

/** What is compiled. */
interface CompileOptions {
  readonly output: string;
  readonly quiet?: boolean;
  /** The machine it is for, in Deno's words. Default: this one. */
  readonly triple?: string;
}

/** What came of it. */
interface Compiled {
  readonly success: boolean;
  /** What Deno said; empty where it was not quiet. */
  readonly errors: string;
}

/**
 * Runs `deno compile`. DENORT_BIN, where set, is its base binary for this machine; those for others are always fetched,
 * as one machine's would be taken for another's without a word.
 */
export async function compile(
  { output, quiet = false, triple = Deno.build.target }: CompileOptions,
): Promise<Compiled> {
  await writeBuildFile();
  const isForThis = triple === Deno.build.target;
  const { DENORT_BIN, ...others } = Deno.env.toObject();
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      ...(quiet ? ["--quiet"] : []),
      ...PERMISSIONS,
      "--no-prompt",
      V8_FLAGS,
      ...(isForThis ? [] : ["--target", triple]),
      "--include",
      "dist/build.json",
      ...await leftOut(),
      "--output",
      output,
      "main.ts",
    ],
    cwd: ROOT,
    clearEnv: true,
    env: { ...others, ...(isForThis && DENORT_BIN !== undefined ? { DENORT_BIN } : {}) },
    stdout: quiet ? "piped" : "inherit",
    stderr: quiet ? "piped" : "inherit",
  });
  if (!quiet) return { success: (await command.spawn().status).success, errors: "" };
  const { success, stderr } = await command.output();
  return { success, errors: new TextDecoder().decode(stderr) };
}

/** By rename: another compilation may read it at this moment. */
async function writeBuildFile(): Promise<void> {
  await Deno.mkdir(new URL(".", BUILD_FILE), { recursive: true });
  const partial = new URL(`build.${crypto.randomUUID()}.partial`, BUILD_FILE);
  await Deno.writeTextFile(partial, `${JSON.stringify({ commit: await currentCommit(ROOT) })}\n`);
  await Deno.rename(partial, BUILD_FILE);
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
