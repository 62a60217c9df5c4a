import { createProgram } from "../../ui/cli/program.ts";
import { idleContext } from "../ui/cli/idle_context.ts";
import { anchors, fencedBlocks, inlineCode, localLinks } from "./markdown.ts";
import { faultOf, resolve, shellCommands, trackerArguments } from "./shell_commands.ts";
import { ROOT, sourceFiles } from "./source_files.ts";
import assert from "node:assert/strict";

const MAX_IMAGE_BYTES = 300_000;

const read = (path: string) => Deno.readTextFile(`${ROOT}${path}`);
const program = () => createProgram(idleContext);

async function documents(): Promise<{ path: string; text: string }[]> {
  const paths = (await sourceFiles([".md"])).filter((path) => path === "README.md" || path.startsWith("docs/"));
  assert.ok(paths.length >= 5);
  return await Promise.all(paths.map(async (path) => ({ path, text: await read(path) })));
}

Deno.test("every command of tracker in the documents' shell blocks exists, with its options and arguments", async () => {
  const faults: string[] = [];
  let checked = 0;
  for (const { path, text } of await documents()) {
    for (const command of fencedBlocks(text, "sh").flatMap(shellCommands)) {
      const args = trackerArguments(command);
      if (args === null) continue;
      checked++;
      const fault = faultOf(await program(), args);
      if (fault !== null) faults.push(`${path}: ${command}: ${fault}`);
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(checked >= 25, `${checked} commands`);
});

Deno.test("every command of tracker between the documents' backticks exists, with its options", async () => {
  const faults: string[] = [];
  for (const { path, text } of await documents()) {
    for (const code of inlineCode(text).filter((one) => one.startsWith("tracker "))) {
      const words = code.replaceAll(/[[\]]/g, "").split(" ").slice(1).filter((word) => word !== "");
      const { command, rest } = resolve(await program(), words);
      const options = rest.filter((word) => word.startsWith("--"));
      const unknown = options.filter((word) => !command.options.some(({ long }) => long === word));
      if (command.parent === null && words[0] !== "--version") faults.push(`${path}: ${code}: no such command`);
      else if (command.parent !== null && unknown.length > 0) faults.push(`${path}: ${code}: no ${unknown.join(" ")}`);
    }
  }
  assert.deepEqual(faults, []);
});

Deno.test("every task of Deno in the documents exists", async () => {
  const tasks = Object.keys(JSON.parse(await read("deno.json")).tasks);
  for (const { path, text } of await documents()) {
    for (const [, name = ""] of text.matchAll(/\b(?:deno|deno@[\d.]+) task ([\w:]+)/g)) {
      assert.ok(tasks.includes(name), `${path}: deno task ${name}`);
    }
  }
});

Deno.test("every relative link and image of the documents leads to a file, and to a heading of it", async () => {
  const faults: string[] = [];
  let checked = 0;
  for (const { path, text } of await documents()) {
    for (const link of localLinks(text, path)) {
      checked++;
      const file = await Deno.stat(`${ROOT}${link.path}`).catch(() => null);
      if (file?.isFile !== true) faults.push(`${path}: ${link.path} is no file`);
      else if (link.anchor !== "" && !anchors(await read(link.path)).includes(link.anchor)) {
        faults.push(`${path}: ${link.path} has no heading #${link.anchor}`);
      } else if (link.path.endsWith(".png") && file.size > MAX_IMAGE_BYTES) {
        faults.push(`${path}: ${link.path} has ${file.size} bytes`);
      }
    }
  }
  assert.deepEqual(faults, []);
  assert.ok(checked >= 20, `${checked} links`);
});

Deno.test("README links every document", async () => {
  const linked = localLinks(await read("README.md"), "README.md").map(({ path }) => path);
  for (const { path } of await documents()) {
    if (path !== "README.md") assert.ok(linked.includes(path), path);
  }
});

Deno.test("README's first commands are the two that try it", async () => {
  const [first = ""] = fencedBlocks(await read("README.md"), "sh");
  assert.deepEqual(shellCommands(first), ["npx -y deno@2.9.4 task demo", "npx -y deno@2.9.4 task test"]);
});

Deno.test("commands of a shell are found behind sudo, variables and docker, without their comments", () => {
  const text = 'cd / && sudo -u tracker env A=1 B="x y" ./tracker alerts ack \\\n  3   # no more\n' +
    "docker compose run --rm --publish 8788:8788 tracker onboard --remote\n" +
    "docker compose exec tracker tracker status\nsudo install -m 755 tracker /usr/local/bin/tracker\n";
  assert.deepEqual(shellCommands(text).map(trackerArguments), [
    null,
    ["alerts", "ack", "3"],
    ["onboard", "--remote"],
    ["status"],
    null,
  ]);
});

Deno.test("a command, an option or an argument that there is not is found", async () => {
  const tracker = await program();
  const fault = (line: string) => faultOf(tracker, trackerArguments(line) ?? assert.fail(line));
  assert.equal(fault("tracker scrape --json"), null);
  assert.equal(fault("./tracker import a.csv b.csv --self me"), null);
  assert.equal(fault("tracker scrap"), 'there is no command "scrap"');
  assert.equal(fault("tracker alerts snooze 3"), 'there is no command "alerts snooze 3"');
  assert.equal(fault("tracker scrape --fast"), '"scrape" has no option --fast');
  assert.equal(fault("tracker doctor --bundle"), "--bundle needs a value");
  assert.equal(fault("tracker alerts ack"), '"ack" has too few arguments');
  assert.equal(fault("tracker backup a b"), '"backup" has too many arguments');
  assert.equal(fault("tracker completions tcsh"), '"completions" does not take "tcsh"');
});

Deno.test("links, headings and blocks are read as Markdown has them", () => {
  const text = "# A (b), `c`!\n[x](../y.md#a-b-c) ![z](images/z.png) [w](https://w.example) [here](#top)\n" +
    "1. step\n\n   ```sh\n   tracker status\n   ```\n";
  assert.deepEqual(localLinks(text, "docs/d.md"), [
    { path: "y.md", anchor: "a-b-c" },
    { path: "docs/images/z.png", anchor: "" },
    { path: "docs/d.md", anchor: "top" },
  ]);
  assert.deepEqual(anchors(text), ["a-b-c"]);
  assert.deepEqual(fencedBlocks(text, "sh"), ["tracker status\n"]);
});
