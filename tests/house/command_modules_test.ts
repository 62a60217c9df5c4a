import { createProgram } from "../../ui/cli/program.ts";
import { idleContext } from "../ui/cli/idle_context.ts";
import { ROOT, sourceFiles } from "./source_files.ts";
import assert from "node:assert/strict";

/** What a module imports when it is loaded: neither types alone, nor what it loads later. */
type Loads = ReadonlyMap<string, readonly string[]>;

async function moduleLoads(entries: readonly string[]): Promise<Loads> {
  const loads = new Map<string, readonly string[]>();
  for (const entry of entries) {
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry], cwd: ROOT }).output();
    for (const { specifier, dependencies = [] } of JSON.parse(new TextDecoder().decode(stdout)).modules) {
      const loaded: { isDynamic?: boolean; code?: { specifier: string } }[] = dependencies;
      loads.set(
        specifier.replace(`file://${ROOT}`, ""),
        loaded.filter(({ isDynamic = false }) => !isDynamic)
          .flatMap(({ code }) => code === undefined ? [] : [code.specifier.replace(`file://${ROOT}`, "")]),
      );
    }
  }
  return loads;
}

/** All that is loaded with a module. */
function loadedWith(loads: Loads, path: string, seen: Set<string> = new Set()): Set<string> {
  for (const target of loads.get(path) ?? []) {
    if (seen.has(target)) continue;
    seen.add(target);
    loadedWith(loads, target, seen);
  }
  return seen;
}

Deno.test("a command line loads the command that is asked for, and all of them for help and completions", async () => {
  const names = async (...args: string[]) => (await createProgram(idleContext, args)).commands.map((one) => one.name());
  assert.deepEqual(await names("serve"), ["serve"]);
  assert.deepEqual(await names("export", "billing", "--help"), ["export"]);
  const all = await names();
  assert.ok(all.length >= 21 && all.includes("serve") && all.includes("completions"));
  for (const args of [["--help"], ["help", "serve"], ["completions", "bash"], ["scrap"], ["toString"]]) {
    assert.deepEqual(await names(...args), all, args.join(" "));
  }
});

Deno.test("the program loads no command before it knows which one, and no command loads a web server", async () => {
  const files = await sourceFiles([".ts"]);
  const commands = files.filter((path) => /^ui\/cli\/commands\/[^/]+\.ts$/.test(path));
  const loads = await moduleLoads(["ui/cli/program.ts"]);
  const withProgram = [...loadedWith(loads, "ui/cli/program.ts")];
  assert.ok(withProgram.includes("ui/cli/output.ts"));
  assert.deepEqual(withProgram.filter((path) => path.startsWith("ui/cli/commands/")), []);
  assert.ok(commands.length >= 21);
  const isServer = (path: string) => /^npm:\/?(@hono\/|hono@)/.test(path);
  for (const command of commands) {
    const servers = [...loadedWith(loads, command)].filter(isServer);
    assert.deepEqual(servers, [], command);
  }
  // The check finds what it looks for.
  assert.ok([...loadedWith(await moduleLoads(["ui/web/app.ts"]), "ui/web/app.ts")].some(isServer));
});
