import { monthName } from "../../domain/billing/month.ts";
import { generateEvents } from "../../fixtures/cursor_sim/admin_events.ts";
import { handWorkedMonth, rawEvent } from "../domain/billing/raw_events.ts";
import { fileName, inMonth, jsonOf, KEY, monthFile, monthsAgo, withAdmin } from "./admin_harness.ts";
import { until, withTracker } from "./harness.ts";
import assert from "node:assert/strict";
import { join } from "node:path";

const JANUARY_OF_ANOTHER_TOOL = {
  month: "01-2026",
  fetched_at: "2026-02-24T16:30:00Z",
  total_events: 1,
  events: [{
    timestamp: "1767979225854",
    userEmail: "dev@company.com",
    model: "claude-4.6-opus-high-thinking",
    kind: "Usage-based",
    maxMode: true,
    isChargeable: true,
    isTokenBasedCall: true,
    tokenUsage: {
      inputTokens: 126,
      outputTokens: 450,
      cacheWriteTokens: 6112,
      cacheReadTokens: 11964,
      totalCents: 20.18,
    },
    cursorTokenFee: 1.18,
  }],
};

/** What the hand-worked month comes to. */
const HAND_WORKED_SUMMARY = {
  total_micros: 792_500,
  total_cents: 79,
  current_month_micros: 0,
  current_month_cents: 0,
  months_analyzed: 3,
  costliest_model: "aurora-4",
  top_user: "ada@example.com",
  excluded: [
    { reason: "errored", events: 1, micros: 4_110_000, cents: 411 },
    { reason: "included", events: 1, micros: 80_000, cents: 8 },
    { reason: "unknown_kind", events: 1, micros: 30_000, cents: 3 },
  ],
};

Deno.test("billing fetch and report come to what was worked out by hand", async () => {
  const month = monthsAgo(2);
  await withAdmin({ events: inMonth(month, handWorkedMonth()) }, async ({ tracker }) => {
    const { code, stdout, stderr } = await tracker.run("billing", "fetch", "--months", "3", "--json");
    assert.equal(code, 0, stderr);
    const { fetched, rolled_up } = JSON.parse(stdout);
    assert.deepEqual(fetched[0], { month: month.toString(), fetched_events: 7, billed_events: 4, complete: true });
    assert.deepEqual(rolled_up, []);
    assert.match(stderr, new RegExp(`^Fetching page 1 for ${monthName(month)}…$`, "m"));
    assert.deepEqual(jsonOf(await tracker.run("billing", "report", "--json")), HAND_WORKED_SUMMARY);

    const html = await Deno.readTextFile(join(tracker.dataDir, "billing_dashboard.html"));
    assert.ok(html.includes("$0.79 was billed on demand in 3 months."));
    assert.doesNotMatch(html, /<(?:script|link|img)[^>]+(?:src|href)="(?!data:)/);
    assert.ok(!stdout.includes(KEY) && !stderr.includes(KEY) && !html.includes(KEY));
  });
});

Deno.test("a complete month is never fetched again, unless it is forced", async () => {
  const month = monthsAgo(2);
  await withAdmin({ events: inMonth(month, handWorkedMonth()) }, async ({ tracker, asked }) => {
    const isOfMonth = ({ startDate }: { startDate: number }) =>
      Temporal.Instant.fromEpochMilliseconds(startDate).toString().startsWith(month.toString());
    const pages = () => asked.filter(isOfMonth).length;
    await tracker.run("billing", "fetch", "--months", "3");
    assert.equal(pages(), 2);
    await tracker.run("billing", "fetch", "--months", "3");
    assert.equal(pages(), 2);
    jsonOf(await tracker.run("billing", "fetch", "--months", "3", "--force", fileName(month), "--json"));
    assert.equal(pages(), 4);
  });
});

Deno.test("a fetch that is killed goes on where it was, and its files equal those of an unbroken one", async () => {
  const months = [monthsAgo(2), monthsAgo(1)];
  const events = months.flatMap((month, index) => {
    const startMs = month.toPlainDate({ day: 1 }).toZonedDateTime("UTC").epochMilliseconds;
    return generateEvents({ seed: index + 1, count: 200, startMs, endMs: startMs + 27 * 86_400_000 });
  });
  const unbroken: string[] = [];
  let pages = 0;
  await withAdmin({ events }, async ({ tracker, asked }) => {
    jsonOf(await tracker.run("billing", "fetch", "--months", "3", "--json"));
    for (const month of months) unbroken.push(await monthFile(tracker, month));
    pages = asked.length;
  });
  const yaml = "billing: { request_delay_seconds: 0.03, page_size: 10 }";
  await withAdmin({ events, yaml }, async ({ tracker, asked }) => {
    for (const stopAt of [7, 29]) {
      const broken = tracker.spawn("billing", "fetch", "--months", "3", "--json");
      await until(() => asked.length >= stopAt);
      broken.kill("SIGKILL");
      assert.equal((await broken.output()).signal, "SIGKILL");
    }
    const { run_id } = jsonOf(await tracker.run("billing", "fetch", "--months", "3", "--json"));
    assert.equal(run_id, 1);
    for (const [index, month] of months.entries()) assert.equal(await monthFile(tracker, month), unbroken[index]);
    // Only a page whose answer was under way when the process was killed is asked for again.
    assert.ok(asked.length >= pages && asked.length <= pages + 2, `${asked.length} pages asked for, of ${pages}`);
  });
});

Deno.test("a wrong key, a team without the API and no key at all end with exit code 2 and say what to do", async () => {
  await withAdmin({ events: [], env: { CURSOR_API_KEY: "key_wrong" } }, async ({ tracker }) => {
    for (const command of ["fetch", "reconcile"]) {
      const { code, stdout, stderr } = await tracker.run("billing", command, "--json");
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(
        stderr,
        /Error: The Admin API refused .* with status 401: Invalid API key\nTry: {3}Set CURSOR_API_KEY/,
      );
      assert.ok(!stderr.includes("key_wrong"));
    }
  });
  await withAdmin({ events: [], faults: { isForbidden: true } }, async ({ tracker }) => {
    const { code, stderr } = await tracker.run("billing", "fetch");
    assert.equal(code, 2);
    assert.match(stderr, /status 403: Enterprise access required/);
  });
  await withTracker({}, async (tracker) => {
    const { code, stderr } = await tracker.run("billing", "fetch");
    assert.equal(code, 2);
    assert.match(stderr, /CURSOR_API_KEY is not set\nTry: {3}Set CURSOR_API_KEY to an Admin API key/);
  });
});

Deno.test("a failed fetch goes on after its cause is mended", async () => {
  const month = monthsAgo(2);
  let isRefused = true;
  const onRequest = (request: number) => isRefused && request > 3 ? { kind: "status", status: 400 } as const : null;
  await withAdmin({ events: inMonth(month, handWorkedMonth()), faults: { onRequest } }, async ({ tracker, asked }) => {
    const first = await tracker.run("billing", "fetch", "--months", "3", "--json");
    assert.equal(first.code, 1);
    assert.equal(asked.length, 3);
    isRefused = false;
    assert.equal(jsonOf(await tracker.run("billing", "fetch", "--months", "3", "--json")).run_id, 1);
    const pages = asked.map(({ startDate, page }) => `${startDate} ${page}`);
    assert.equal(new Set(pages).size, pages.length);
  });
});

Deno.test("files of another tool become a report without a key, again when they change, and damaged ones are set aside", async () => {
  await withTracker({}, async (tracker) => {
    const folder = join(tracker.dataDir, "monthly_usage_data");
    await Deno.mkdir(folder, { recursive: true });
    const path = join(folder, "01-2026-usage-based-data.json");
    await Deno.writeTextFile(path, JSON.stringify(JANUARY_OF_ANOTHER_TOOL));
    const first = jsonOf(await tracker.run("billing", "report", "--json"));
    // 20.18 + 1.18 cents.
    assert.equal(first.total_micros, 213_600);
    assert.equal(first.top_user, "dev@company.com");

    const events = [...JANUARY_OF_ANOTHER_TOOL.events, rawEvent()];
    await Deno.writeTextFile(path, JSON.stringify({ ...JANUARY_OF_ANOTHER_TOOL, total_events: 2, events }, null, 2));
    assert.equal(jsonOf(await tracker.run("billing", "report", "--json")).total_micros, 213_600 + 215_000);

    await Deno.writeTextFile(join(folder, "02-2026-usage-based-data.json"), `{"month": "02-2026", "events": [{`);
    const { code, stderr } = await tracker.run("billing", "report", "--json");
    assert.equal(code, 0);
    assert.match(stderr, /billing\.month_file_set_aside/);
    await Deno.stat(join(folder, "02-2026-usage-based-data.json.damaged"));
  });
});

Deno.test("billing reconcile explains a member's difference by the fee", async () => {
  const cycleStart = Temporal.Now.instant().subtract({ hours: 48 });
  const timestamp = String(cycleStart.add({ hours: 1 }).epochMilliseconds);
  const event = { raw: rawEvent({ timestamp }), timeMs: Number(timestamp), visibleFromMs: null };
  const members = [{ userId: "1", name: "Ada", email: "ada@example.com", spendCents: 20 }];
  await withAdmin({ events: [event], members, cycleStart }, async ({ tracker }) => {
    const { members: compared } = jsonOf(await tracker.run("billing", "reconcile", "--json"));
    assert.deepEqual(compared, [{
      user: "ada@example.com",
      reported_micros: 200_000,
      reported_cents: 20,
      counted_micros: 215_000,
      counted_cents: 22,
      difference_micros: -15_000,
      difference_cents: -2,
      explanations: [{
        cause: "fee",
        reason: null,
        micros: -15_000,
        cents: -2,
        text: "the spend leaves Cursor's token fee out",
      }],
    }]);
    const { stdout } = await tracker.run("billing", "reconcile");
    assert.match(
      stdout,
      /ada@example\.com +\$0\.20 +\$0\.22 +-\$0\.02 +-\$0\.02 the spend leaves Cursor's token fee out/,
    );
  });
});

Deno.test("months and counts that make no sense are refused with exit code 2", async () => {
  await withTracker({ CURSOR_API_KEY: KEY }, async (tracker) => {
    for (const args of [["--months", "0"], ["--months", "all"], ["--force", "2026-01"], ["--force", "13-2026"]]) {
      assert.equal((await tracker.run("billing", "fetch", ...args)).code, 2, args.join(" "));
    }
  });
});
