import { ROOT, sourceFiles } from "./source_files.ts";
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

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

async function moduleGraph(): Promise<Module[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", "main.ts"], cwd: ROOT })
    .output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  return modules;
}

/** A project file's path; null for what is not the project's. */
function pathOf(specifier: string): string | null {
  const prefix = `file://${ROOT}`;
  return specifier.startsWith(prefix) ? specifier.slice(prefix.length) : null;
}

function folderOf(specifier: string): string | null {
  return pathOf(specifier)?.split("/")[0] ?? null;
}

function isAllowed(folder: string, target: string): boolean {
  const rule = ALLOWED[folder];
  if (rule === undefined) return false;
  const path = pathOf(target);
  return path === null ? rule.packages : rule.folders.some((allowed) => path.startsWith(`${allowed}/`));
}

Deno.test("arrows point inward only, in the module graph of the program", async () => {
  const wrong: string[] = [];
  let edges = 0;
  for (const { specifier, dependencies = [] } of await moduleGraph()) {
    const folder = folderOf(specifier);
    if (folder === null) continue;
    for (const { code, type } of dependencies) {
      const target = code?.specifier ?? type?.specifier;
      if (target === undefined) continue;
      edges++;
      if (!isAllowed(folder, target)) wrong.push(`${specifier.slice(ROOT.length + 7)} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(edges > 200, `the graph has edges: ${edges}`);
});

Deno.test("the check finds an arrow that points outward", () => {
  const file = (path: string) => `file://${ROOT}${path}`;
  assert.equal(isAllowed("domain", file("adapters/system/clock.ts")), false);
  assert.equal(isAllowed("domain", "npm:zod@4.6.7"), false);
  assert.equal(isAllowed("domain", "node:crypto"), false);
  assert.equal(isAllowed("ui", file("jobs/scrape.ts")), false);
  assert.equal(isAllowed("ui", file("jobs/actions/acknowledge.ts")), true);
  assert.equal(isAllowed("adapters", file("domain/money.ts")), true);
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
