import { allVariables, variableGroups } from "../../adapters/config/variables.ts";
import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import { VERSION } from "../../domain/version.ts";
import { envExample, variablesTable, withVariablesTable } from "../../tools/docs.ts";
import { createProgram } from "../../ui/cli/program.ts";
import { METRICS } from "../../ui/metrics/metrics.ts";
import { createWebApp } from "../../ui/web/app.ts";
import { idleContext } from "../ui/cli/idle_context.ts";
import { withTestServices } from "../ui/empty_services.ts";
import { ROOT } from "./source_files.ts";
import type { Command } from "commander";
import assert from "node:assert/strict";
import { z } from "zod";

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
  const commands = [...commandPaths(await createProgram(idleContext))];
  assert.ok(commands.includes("runs retry"));
  for (const command of commands) assert.ok(readme.includes(`tracker ${command}`), command);
});

Deno.test("README and .env.example tell every variable as the program reads it; `deno task docs` writes them", async () => {
  const [readme, example, groups] = [await read("README.md"), await read(".env.example"), variableGroups()];
  for (const name of Object.keys(allVariables())) assert.ok(readme.includes(`\n| \`${name}\``), name);
  assert.equal(example, envExample(groups));
  assert.equal(readme, withVariablesTable(readme, variablesTable(groups)));
});

Deno.test("docs/alerts.md tells every kind of alert", async () => {
  const text = await read("docs/alerts.md");
  for (const { kind } of ALERT_RULES) assert.ok(text.includes(`\n| \`${kind}\``), kind);
});

Deno.test("a variable's entry is all that .env.example and README need", () => {
  const about = "How `x` is written, with `a` or `b`";
  const groups = [{
    title: "Odds",
    variables: {
      ODD_FORMAT: { parse: z.string(), default: "a", about },
      ODD_PASS: { parse: z.string(), isSecret: true, unset: "looked for", about: "Opens it" },
      ODD_KEY: { parse: z.string(), isSecret: true, about: "Locks it" },
    },
  }];
  assert.equal(
    envExample(groups).split("\n\n").slice(1).join("\n\n"),
    "# --- Odds ---\n\n# How x is written, with a or b.\nODD_FORMAT=a\n" +
      "# Opens it; where not set: looked for.\nODD_PASS=\n# Locks it.\nODD_KEY=\n",
  );
  assert.match(
    envExample(groups),
    /^# The secrets ODD_PASS and ODD_KEY can each stand in a file instead: ODD_PASS_FILE=/m,
  );
  assert.equal(
    variablesTable(groups),
    "| variable            | default    | meaning                             |\n" +
      "| ------------------- | ---------- | ----------------------------------- |\n" +
      "| `ODD_FORMAT`        | `a`        | How `x` is written, with `a` or `b` |\n" +
      "| `ODD_PASS` (secret) | looked for | Opens it                            |\n" +
      "| `ODD_KEY` (secret)  | –          | Locks it                            |\n",
  );
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

Deno.test("README's table of metrics says of each what the list of metrics says", async () => {
  const readme = await read("README.md");
  const rows = Array.from(
    readme.matchAll(/^\| `((?:tracker|process)_\w+)` +\| (\w+) +\| ([\w, ]*?) *\| (.+?) +\|$/gm),
    ([, name, kind, labels, help]) => [name, kind, labels, `${help}.`],
  );
  assert.deepEqual(
    new Set(rows.map(String)),
    new Set(METRICS.map(({ name, kind, labels, help }) => String([name, kind, labels.join(", "), help]))),
  );
});

Deno.test("the version is the same in the program, deno.json and CHANGELOG", async () => {
  assert.equal(JSON.parse(await read("deno.json")).version, VERSION);
  assert.ok((await read("CHANGELOG.md")).includes(`## [${VERSION}]`));
});
