import { bashCompletions } from "../../../../../ui/cli/commands/completions/bash.ts";
import { fishCompletions } from "../../../../../ui/cli/commands/completions/fish.ts";
import { commandNodes } from "../../../../../ui/cli/commands/completions/tree.ts";
import { zshCompletions } from "../../../../../ui/cli/commands/completions/zsh.ts";
import { createProgram } from "../../../../../ui/cli/program.ts";
import { tempDir } from "../../../../temp_dir.ts";
import { idleContext } from "../../idle_context.ts";
import assert from "node:assert/strict";

const nodes = commandNodes(await createProgram(idleContext));

async function shell(command: string, args: readonly string[], cwd = "/"): Promise<string | null> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const hasShell = async (name: string) => await shell(name, ["--version"]) !== null;

/** What bash itself offers after these words, of which the last one is being written. */
async function bashOffers(words: readonly string[], cwd?: string): Promise<string[]> {
  using dir = tempDir();
  Deno.writeTextFileSync(`${dir.path}/tracker.bash`, bashCompletions(nodes));
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const script = `source '${dir.path}/tracker.bash'
complete -p tracker >/dev/null
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _tracker
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return ((await shell("bash", ["--norc", "-c", script], cwd)) ?? "").split("\n").filter((line) => line !== "").sort();
}

Deno.test({
  name: "bash completes commands, their commands, options, and values that are known",
  ignore: !await hasShell("bash"),
  async fn() {
    assert.deepEqual(await bashOffers(["tracker", "sc"]), ["scrape"]);
    assert.deepEqual(await bashOffers(["tracker", "runs", ""]), ["cancel", "list", "retry", "show"]);
    assert.deepEqual(await bashOffers(["tracker", "runs", "list", "--j"]), ["--job", "--json"]);
    assert.deepEqual(await bashOffers(["tracker", "--json", "runs", "list", "--li"]), ["--limit"]);
    assert.deepEqual(await bashOffers(["tracker", "export", "usage", "--format", ""]), ["csv", "json", "parquet"]);
    assert.deepEqual(await bashOffers(["tracker", "completions", "f"]), ["fish"]);
    assert.deepEqual(await bashOffers(["tracker", "scrape", "x"]), []);
  },
});

Deno.test({
  name: "bash completes files where a file belongs, also with spaces",
  ignore: !await hasShell("bash"),
  async fn() {
    using dir = tempDir();
    Deno.writeTextFileSync(`${dir.path}/my backup.tar.gz`, "");
    assert.deepEqual(await bashOffers(["tracker", "restore", "my"], dir.path), ["my backup.tar.gz"]);
    assert.deepEqual(await bashOffers(["tracker", "export", "usage", "--output", "my"], dir.path), [
      "my backup.tar.gz",
    ]);
    assert.deepEqual(await bashOffers(["tracker", "restore", "--ch"], dir.path), ["--check"]);
  },
});

Deno.test({
  name: "fish completes commands, their commands, options, and values that are known",
  ignore: !await hasShell("fish"),
  async fn() {
    using dir = tempDir();
    Deno.writeTextFileSync(`${dir.path}/tracker.fish`, fishCompletions(nodes));
    const offers = async (line: string) => {
      const script = `source ${dir.path}/tracker.fish; complete -C '${line}'`;
      const text = await shell("fish", ["--no-config", "-c", script], dir.path) ?? "";
      return text.split("\n").map((line) => line.split("\t")[0]).filter((word) => word !== "").sort();
    };
    assert.deepEqual(await offers("tracker sc"), ["scrape"]);
    assert.deepEqual(await offers("tracker runs "), ["cancel", "list", "retry", "show"]);
    assert.deepEqual(await offers("tracker runs list --j"), ["--job", "--json"]);
    assert.deepEqual(await offers("tracker export usage --format "), ["csv", "json", "parquet"]);
  },
});

Deno.test({
  name: "zsh takes its script",
  ignore: !await hasShell("zsh"),
  async fn() {
    using dir = tempDir();
    Deno.writeTextFileSync(`${dir.path}/_tracker`, zshCompletions(nodes));
    assert.equal(await shell("zsh", ["-n", `${dir.path}/_tracker`]), "");
    const script = `fpath=(${dir.path} $fpath); autoload -Uz compinit; compinit -u -D; print -r -- $_comps[tracker]`;
    assert.equal((await shell("zsh", ["-f", "-c", script]))?.trim(), "_tracker");
  },
});

Deno.test("every command and option stands in every script, and no quote of a description ends a word", () => {
  for (const make of [bashCompletions, zshCompletions, fishCompletions]) {
    const text = make(nodes);
    for (const { path, options } of nodes) {
      assert.ok(text.includes(path), path);
      for (const { long } of options) assert.ok(text.includes(long.replace(/^--/, "")), long);
    }
  }
  const odd = [{
    path: "",
    options: [],
    commands: [{ name: "a", description: "it's $(odd)" }],
    choices: [],
    takesFile: false,
  }];
  assert.match(zshCompletions(odd), /'a:it'\\''s \$\(odd\)'/);
  assert.match(fishCompletions(odd), /-d 'it\\'s \$\(odd\)'/);
});
