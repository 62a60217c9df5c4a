import { readModule, readModules, type SourceModule } from "./modules.ts";
import { isProductFile, ROOT, sourceFiles } from "./source_files.ts";
import assert from "node:assert/strict";

/** Which folders a folder may import; npm packages and Node's modules are told apart from the folders. */
const ALLOWED: Readonly<Record<string, { readonly folders: readonly string[]; readonly packages: boolean }>> = {
  domain: { folders: ["domain"], packages: false },
  jobs: { folders: ["jobs", "domain"], packages: false },
  adapters: { folders: ["adapters", "domain"], packages: true },
  ui: { folders: ["ui", "jobs/actions", "domain"], packages: true },
  fixtures: { folders: ["fixtures", "domain"], packages: true },
  compose: { folders: ["compose", "adapters", "jobs", "ui", "domain", "fixtures"], packages: true },
  "main.ts": { folders: ["compose", "ui"], packages: false },
};

/** "file imports target" of each import that leads outward. */
function outward({ path, imports }: SourceModule): string[] {
  const rule = ALLOWED[path.split("/")[0] ?? ""];
  const isAllowed = ({ target, isOfProject }: SourceModule["imports"][number]) =>
    isOfProject ? rule?.folders.some((folder) => target.startsWith(`${folder}/`)) : rule?.packages;
  return imports.filter((one) => isAllowed(one) !== true).map(({ target }) => `${path} imports ${target}`);
}

Deno.test("arrows point inward only, in every file of the program", async () => {
  const modules = readModules((await sourceFiles([".ts", ".tsx"])).filter(isProductFile));
  assert.deepEqual(modules.flatMap(outward), []);
  const edges = modules.flatMap(({ imports }) => imports).length;
  assert.ok(edges > 1_000, `the program has imports: ${edges}`);
});

Deno.test("the check finds an arrow that points outward", () => {
  const wrong = (path: string, target: string) => outward(readModule(path, `import { x } from "${target}";`)).length;
  assert.equal(wrong("domain/cycle.ts", "../adapters/system/clock.ts"), 1);
  assert.equal(wrong("domain/readers/row.ts", "zod"), 1);
  assert.equal(wrong("domain/cycle.ts", "node:crypto"), 1);
  assert.equal(wrong("ui/web/app.ts", "../../jobs/scrape.ts"), 1);
  assert.equal(wrong("ui/web/app.ts", "../../jobs/actions/retry.ts"), 0);
  assert.equal(wrong("adapters/config/config.ts", "../../domain/money.ts"), 0);
  assert.equal(wrong("adapters/config/config.ts", "zod"), 0);
  assert.equal(wrong("elsewhere/a.ts", "../domain/money.ts"), 1);
  assert.deepEqual(outward(readModule("domain/a.ts", 'export type { B } from "../ui/b.ts";')), [
    "domain/a.ts imports ui/b.ts",
  ]);
});

Deno.test("the domain knows no clock, no Deno and no console", async () => {
  const forbidden = /\bDeno\.|\bnew Date\b|\bDate\.|Temporal\.Now|\bconsole\.|\bfetch\(|setTimeout|Math\.random/;
  const files = (await sourceFiles([".ts"])).filter((path) => path.startsWith("domain/"));
  assert.ok(files.length > 10);
  for (const path of files) {
    const code = (await Deno.readTextFile(`${ROOT}${path}`)).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert.equal(forbidden.exec(code)?.[0] ?? null, null, path);
  }
});
