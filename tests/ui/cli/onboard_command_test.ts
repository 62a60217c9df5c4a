import type { CliContext, OnboardWay } from "../../../ui/cli/context.ts";
import { runCli } from "../../../ui/cli/program.ts";
import { idleContext } from "./idle_context.ts";
import assert from "node:assert/strict";

/** Runs `tracker onboard` with a login that ends as given; what it asked for, wrote and ended with. */
async function run(args: readonly string[], end: "window_closed" | "time_out" | "idle") {
  const result = { out: "", error: "", code: 0, ways: [] as OnboardWay[] };
  const context: CliContext = {
    ...idleContext,
    terminal: {
      write: (text) => void (result.out += text),
      writeError: (text) => void (result.error += text),
      isInteractive: false,
      columns: 80,
    },
    interrupted: new AbortController().signal,
    onboard({ way }) {
      result.ways.push(way);
      return Promise.resolve(end);
    },
    exitWith: (code) => void (result.code = code),
  };
  await runCli(["onboard", ...args], context);
  return result;
}

Deno.test("onboard without a login ends with 10, says why and that nothing is lost", async () => {
  const ends = { window_closed: /window was closed/, time_out: /took too long/, idle: /Nothing was done/ } as const;
  for (const end of ["window_closed", "time_out", "idle"] as const) {
    const { code, out, error } = await run([], end);
    assert.equal(code, 10);
    assert.equal(out, "");
    assert.match(error, ends[end]);
    assert.match(error, /^Try: {3}Run 'tracker onboard' again, the same way; nothing is lost\.$/m);
  }
});

Deno.test("onboard --json writes a scrape's document also where no login was done", async () => {
  const { out, code } = await run(["--json"], "time_out");
  assert.equal(code, 10);
  const result = JSON.parse(out);
  assert.equal(result.outcome, "logged_out");
  assert.equal(result.snapshot_id, null);
  assert.match(result.error, /took too long/);
  assert.match(result.hint, /nothing is lost/);
});

Deno.test("onboard --remote takes a port and a private address", async () => {
  const { ways } = await run(["--remote"], "idle");
  assert.deepEqual(ways, [{ kind: "remote", port: null, bind: null, headless: false }]);
  const given = await run(["--remote", "--port", "8790", "--bind", "fd00::1", "--headless"], "idle");
  assert.deepEqual(given.ways, [{ kind: "remote", port: 8790, bind: "fd00::1", headless: true }]);
  assert.deepEqual((await run([], "idle")).ways, [{ kind: "window" }]);
});

Deno.test("options of --remote without it, and wrong ones, end with 2 before anything is opened", async () => {
  const wrong = [
    ["--port", "8790"],
    ["--bind", "127.0.0.1"],
    ["--headless"],
    ["--remote", "--port", "0"],
    ["--remote", "--port", "65536"],
    ["--remote", "--port", "http"],
    ["--remote", "--bind", "tracker.example"],
  ];
  for (const args of wrong) {
    const { code, ways } = await run(args, "idle");
    assert.equal(code, 2, args.join(" "));
    assert.deepEqual(ways, []);
  }
});
