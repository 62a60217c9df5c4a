import { VERSION } from "../../../domain/version.ts";
import type { CliContext } from "../../../ui/cli/context.ts";
import { runCli } from "../../../ui/cli/program.ts";
import { store } from "../../adapters/sqlite/test_database.ts";
import { row, snapshot } from "../../domain/history/snapshots.ts";
import { fillTwoCycles, type TestServices, testServices } from "../services_harness.ts";
import { idleContext } from "./idle_context.ts";
import assert from "node:assert/strict";

/** Runs a command over the services; what it wrote, and its exit code. */
async function run(
  { services }: Pick<TestServices, "services">,
  args: readonly string[],
  { columns = 80, integrity = [] }: { columns?: number; integrity?: readonly string[] } = {},
) {
  const result = { out: "", error: "", code: 0 };
  const context: CliContext = {
    ...idleContext,
    terminal: {
      write: (text) => void (result.out += text),
      writeError: (text) => void (result.error += text),
      isInteractive: false,
      columns,
    },
    interrupted: new AbortController().signal,
    config: () => services.config,
    withServices: (_options, use) => use(services),
    commit: () => "abc1234",
    checkIntegrity: () => Promise.resolve({ problems: integrity }),
    exitWith: (code) => void (result.code = code),
  };
  await runCli(args, context);
  return result;
}

Deno.test("status answers in a sentence, a table and a sparkline", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { out, code } = await run(services, ["status"]);
  assert.equal(code, 0);
  assert.equal(
    out,
    `Pro plan · cycle 1 Nov – 1 Dec · day 11 of 30 · UTC · checked just now

$10.00 of your $20.00 is used. At this pace it will be $30.00 by 1 December, and
the budget is gone on 21 November.

Spent      $10.00 (included)
Projected  $30.00, linear: over budget
Method     PROJECTION_METHOD is linear.
Today      $0.00, usual day $1.00
Per day    ██████████▁

model  spent  share  tokens
opus   $6.00   60 %      10
auto   $4.00   40 %      10
`,
  );
});

Deno.test("status fits the terminal, however narrow and however long a model's name", async () => {
  using services = testServices();
  const long = "a-model-with-a-name-that-no-terminal-shows-in-full";
  store(services.stores, snapshot("2026-11-02T00:00:00Z", [row(long, 2)]));
  for (const columns of [40, 60, 120]) {
    const { out } = await run(services, ["status"], { columns });
    const widest = Math.max(...out.split("\n").map((line) => line.length));
    assert.ok(widest <= columns, `${widest} > ${columns}`);
  }
});

Deno.test("status --json is what /api/summary answers", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { out } = await run(services, ["status", "--json"]);
  const answer = await (await services.app.request("/api/summary")).json();
  assert.deepEqual(JSON.parse(out), answer);
});

Deno.test("status without figures says what to do", async () => {
  using services = testServices();
  const { out, code } = await run(services, ["status"]);
  assert.equal(code, 0);
  assert.match(out, /^No figures yet\. Run 'tracker onboard' once/);
});

Deno.test("budget set keeps every change, and budget show lists them", async () => {
  using services = testServices();
  assert.match((await run(services, ["budget", "show"])).out, /^No budget is set/);
  assert.equal((await run(services, ["budget", "set", "20"])).out, "The budget is now $20.00 a cycle.\n");
  services.clock.at = services.clock.at.add({ hours: 1 });
  const { out } = await run(services, ["budget", "set", "$19.99", "--json"]);
  assert.deepEqual(JSON.parse(out), { effective_budget_cents: 1999, created_at: "2026-11-11T01:00:00Z" });
  const shown = (await run(services, ["budget", "show"])).out;
  assert.equal(
    shown,
    `budget  since
$19.99  11 Nov 2026, 01:00 UTC  in force
$20.00  11 Nov 2026, 00:00 UTC
`,
  );
  const json = JSON.parse((await run(services, ["budget", "show", "--json"])).out);
  assert.deepEqual([json.effective_budget_cents, json.budgets.length], [1999, 2]);
});

Deno.test("a bad budget is refused with exit code 2, and nothing is changed", async (t) => {
  using services = testServices();
  for (const text of ["-5", "19.999", "NaN", "Infinity", "1e9", "1000000.01", "twenty", "", "20 21"]) {
    await t.step(JSON.stringify(text), async () => {
      const { code, error } = await run(services, ["budget", "set", "--", text]);
      assert.equal(code, 2);
      assert.match(error, /^Error: Cannot set the budget as it must be/);
    });
  }
  assert.equal((await run(services, ["budget", "set"])).code, 2);
  assert.deepEqual(services.stores.budgets.list(), []);
});

Deno.test("projection says what both methods say and which is in use", async () => {
  using services = testServices();
  fillTwoCycles(services);
  const { out } = await run(services, ["projection"]);
  assert.match(out, /linear\s+\$30\.00 {2}in use\newma\s+\$30\.00\n/);
  const json = JSON.parse((await run(services, ["projection", "--json"])).out);
  assert.equal(json.projected_cents, 3000);
});

Deno.test("projection --scorecard shows mean errors by day of the cycle", async () => {
  using services = testServices({ env: { PROJECTION_METHOD: "auto" } });
  assert.match((await run(services, ["projection", "--scorecard"])).out, /^No cycle has finished yet/);
  fillTwoCycles(services);
  const { out } = await run(services, ["projection", "--scorecard"]);
  assert.match(out, /^Mean error at the end of each day, over 1 finished cycle\n/);
  assert.match(out, /\n +30 {3}\$0\.00 {2}0\.0 % {2}\$0\.00 {2}0\.0 %\n/);
  assert.match(out, /auto took linear: 1 finished cycles with known spend, 2 are needed to compare\.\n$/);
  const json = JSON.parse((await run(services, ["projection", "--scorecard", "--json"])).out);
  assert.deepEqual([json.method, json.cycles, json.by_day.length], ["linear", 1, 30]);
});

Deno.test("--version names version and commit, as a line or as JSON", async () => {
  using services = testServices();
  assert.equal((await run(services, ["--version"])).out, `tracker ${VERSION} (abc1234)\n`);
  assert.deepEqual(JSON.parse((await run(services, ["--version", "--json"])).out), {
    version: VERSION,
    commit: "abc1234",
  });
});

Deno.test("a command that fails with --json says it to people, then to programs, and answers nothing", async () => {
  using services = testServices();
  const { out, error, code } = await run(services, ["budget", "set", "much", "--json"]);
  const told = JSON.parse(error.trimEnd().split("\n").at(-1) ?? "");
  assert.deepEqual(Object.keys(told), ["error", "hint"]);
  assert.equal(error, `Error: ${told.error}\nTry:   ${told.hint}\n${JSON.stringify(told)}\n`);
  assert.deepEqual([out, code], ["", 2]);
  assert.equal((await run(services, ["budget", "set", "much"])).error, `Error: ${told.error}\nTry:   ${told.hint}\n`);
  const problems = ["row 7 is missing"];
  const damaged = await run(services, ["integrity", "--json"], { integrity: problems });
  assert.deepEqual(JSON.parse(damaged.out), { ok: false, problems });
  assert.equal(damaged.code, 1);
});
