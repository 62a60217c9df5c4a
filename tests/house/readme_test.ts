import { allVariables } from "../../adapters/config/variables.ts";
import { VERSION } from "../../domain/version.ts";
import { createProgram } from "../../ui/cli/program.ts";
import { METRICS } from "../../ui/metrics/names.ts";
import { createWebApp } from "../../ui/web/app.ts";
import { idleContext } from "../ui/cli/idle_context.ts";
import { withTestServices } from "../ui/web/empty_services.ts";
import { ROOT } from "./source_files.ts";
import type { Command } from "commander";
import assert from "node:assert/strict";

const read = (path: string) => Deno.readTextFile(`${ROOT}${path}`);

function* commandPaths(command: Command, path: readonly string[] = []): Iterable<string> {
  for (const child of command.commands) {
    const childPath = [...path, child.name()];
    if (child.commands.length === 0) yield childPath.join(" ");
    yield* commandPaths(child, childPath);
  }
}

Deno.test("README names every command", async () => {
  const readme = await read("README.md");
  const commands = [...commandPaths(createProgram(idleContext))];
  assert.ok(commands.includes("runs retry"));
  for (const command of commands) assert.ok(readme.includes(`tracker ${command}`), command);
});

Deno.test("README and .env.example name every variable", async () => {
  const [readme, example] = [await read("README.md"), await read(".env.example")];
  for (const name of Object.keys(allVariables())) {
    assert.ok(readme.includes(`\`${name}\``), `README: ${name}`);
    assert.match(example, new RegExp(`^${name}=`, "m"), `.env.example: ${name}`);
  }
});

Deno.test("README names every route", async () => {
  const readme = await read("README.md");
  await withTestServices((services) => {
    const routes = createWebApp(services).routes.filter(({ method }) => method !== "ALL");
    assert.ok(routes.length >= 5);
    for (const { path } of routes) assert.ok(readme.includes(`\`${path}\``), path);
    return Promise.resolve();
  });
});

Deno.test("README names every metric", async () => {
  const readme = await read("README.md");
  for (const name of Object.keys(METRICS)) assert.ok(readme.includes(`\`${name}\``), name);
});

Deno.test("the version is the same in the program, deno.json and CHANGELOG", async () => {
  assert.equal(JSON.parse(await read("deno.json")).version, VERSION);
  assert.ok((await read("CHANGELOG.md")).includes(`## [${VERSION}]`));
});
