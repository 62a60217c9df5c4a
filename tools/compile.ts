import { compile } from "./compile_binary.ts";
import { binaryName, type Target, TARGETS } from "./targets.ts";
import { createHash } from "node:crypto";
import { stripVTControlCharacters } from "node:util";

// `deno task compile [--output FILE]` makes the binary for this machine; `deno task compile --all [--output FOLDER]` makes
// those of all targets with their checksums, by default in dist/. A target that cannot be made is named with the reason,
// the others are made all the same, and the exit code is 1.
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
const at = Deno.args.indexOf("--output");
const output = at < 0 ? null : Deno.args[at + 1] ?? null;
const isForAll = Deno.args.includes("--all");
Deno.exit(await (isForAll ? compileAll(output ?? "dist") : compileOne(output ?? "tracker")) ? 0 : 1);

async function compileOne(file: string): Promise<boolean> {
  return (await compile({ output: file })).success;
}

async function compileAll(folder: string): Promise<boolean> {
  await Deno.mkdir(folder, { recursive: true });
  const sums: string[] = [];
  const failed: Target[] = [];
  for (const target of TARGETS) {
    const file = binaryName(target);
    const { success, errors } = await compile({
      output: await absolute(folder, file),
      triple: target.triple,
      quiet: true,
    });
    if (!success) {
      failed.push(target);
      say(`${target.name}: not made. ${reasonOf(errors)}`);
      continue;
    }
    const bytes = await Deno.readFile(`${folder}/${file}`);
    const sum = createHash("sha256").update(bytes).digest("hex");
    sums.push(`${sum}  ${file}\n`);
    say(`${target.name}: ${file}, ${(bytes.length / 1_048_576).toFixed(1)} MiB, sha256 ${sum}`);
  }
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, sums.join(""));
  say(`${sums.length} of ${TARGETS.length} made; their checksums are in ${folder}/SHA256SUMS.`);
  if (failed.length > 0) say(`Not made: ${failed.map(({ name }) => name).join(", ")}.`);
  return failed.length === 0;
}

async function absolute(folder: string, file: string): Promise<string> {
  return `${await Deno.realPath(folder)}/${file}`;
}

/** Deno's own words, without its stack of itself. */
function reasonOf(errors: string): string {
  const lines = errors.split("\n").map((line) => stripVTControlCharacters(line).trim());
  const download = lines.find((line) => line.includes("error sending request"));
  if (download !== undefined) return `Its base binary cannot be fetched: ${download.replace(/^\d+: /, "")}`;
  return lines.filter((line) => line !== "").slice(0, 3).join(" ") || "deno compile failed without a word.";
}
