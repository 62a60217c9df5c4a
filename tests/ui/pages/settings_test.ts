import { dollars, instant } from "../../domain/history/snapshots.ts";
import { clientOf } from "../pages_client.ts";
import { LOGIN, pagesServices } from "../pages_services.ts";
import assert from "node:assert/strict";

const SECRETS = {
  ...LOGIN,
  SMTP_USER: "me@mail.example",
  SMTP_PASS: "mail-secret",
  ALERT_TO: "you@mail.example",
  SMTP_HOST: "smtp.mail.example",
  WEBHOOK_URL: "https://hooks.example/secret-path",
  WEBHOOK_SECRET: "sign-secret",
  HEARTBEAT_URL: "https://beat.example/secret-path",
  CURSOR_API_KEY: "key-secret",
  CURSOR_USAGE_URL: "https://me:url-secret@cursor.example/usage",
  THRESHOLDS: "7,9.50",
};

Deno.test("no secret is in /settings or GET /api/settings, only that it is set", async () => {
  await using services = pagesServices({ env: SECRETS });
  const { get } = clientOf(services);
  const answer = await (await get("/api/settings")).json();
  const texts = [JSON.stringify(answer), await (await get("/settings")).text()];
  for (const text of texts) {
    assert.doesNotMatch(text, /secret-path|mail-secret|sign-secret|key-secret|url-secret|correct horse/);
  }
  const named = (name: string) => answer.settings.find((setting: { name: string }) => setting.name === name);
  assert.deepEqual(named("SMTP_PASS"), {
    name: "SMTP_PASS",
    value: null,
    is_hidden: true,
    is_set: true,
    source: "environment",
  });
  assert.equal(named("DASH_USER").value, null);
  assert.equal(named("CURSOR_USAGE_URL").value, "https://…@cursor.example/usage");
  assert.deepEqual([named("THRESHOLDS").value, named("THRESHOLDS").source], ["7,9.50", "environment"]);
  assert.deepEqual([named("TIME_ZONE").value, named("TIME_ZONE").source], ["UTC", "default"]);
  assert.deepEqual([named("BROWSER_PATH").value, named("BROWSER_PATH").is_set], [null, false]);
  assert.deepEqual(answer.thresholds_micros, [7_000_000, 9_500_000]);
  assert.deepEqual(answer.sizes, [{ name: "database", bytes: 1_500_000, files: 2, is_partial: false }]);
});

Deno.test("the doctor looks when the page is first asked for, and its report is kept", async () => {
  await using services = pagesServices();
  const { get, submit } = clientOf(services);
  assert.equal((await (await get("/api/settings")).json()).doctor, null);
  // The answer is remembered until something changes.
  services.clock.set("2026-11-21T20:01:00Z");
  const { doctor } = await (await get("/api/settings")).json();
  assert.equal(doctor.status, "fail");
  assert.equal(doctor.checks[1].mend, "tracker onboard");
  const page = await (await get("/settings")).text();
  assert.match(page, /1 broken, 1 to look at/);
  assert.match(page, /Try: <code>tracker onboard<\/code>/);
  const again = await submit("/settings", "/settings/doctor");
  assert.equal(again.headers.get("location"), "/settings?said=doctor-looking");
});

Deno.test("the budget's form sets whole cents of dollars and refuses the rest", async (t) => {
  await using services = pagesServices();
  const { submit } = clientOf(services);
  const cases: [string, number | null][] = [
    ["20", 20],
    ["$19.50", 19.5],
    ["1,250", 1250],
    ["0", 0],
    ["", null],
    ["-1", null],
    ["1.005", null],
    ["1e3", null],
    ["NaN", null],
    ["1000000.01", null],
    ["20 or so", null],
    ["9".repeat(400), null],
  ];
  for (const [typed, expected] of cases) {
    await t.step(`${typed.slice(0, 20)} → ${expected}`, async () => {
      const before = services.stores.budgets.list().length;
      const moved = await submit("/settings", "/settings/budget", { dollars: typed });
      assert.equal(moved.status, 303);
      const said = expected === null ? "budget-refused" : "budget-set";
      assert.equal(moved.headers.get("location"), `/settings?said=${said}`);
      const budgets = services.stores.budgets.list();
      assert.equal(budgets.length, expected === null ? before : before + 1);
      if (expected !== null) assert.equal(budgets[0]?.amount, dollars(expected));
    });
  }
});

Deno.test("/settings tells the budget, the thresholds and what is as by default", async () => {
  await using services = pagesServices();
  services.stores.budgets.set(dollars(20), instant("2026-11-01T00:00:00Z"));
  const page = await (await clientOf(services).get("/settings")).text();
  assert.match(page, /<h1>\$20\.00 may be spent in a cycle; alerts at \$5\.00, \$10\.00, \$15\.00, \$18\.00\.<\/h1>/);
  assert.match(page, /\$20\.00 <span class="badge">in force<\/span>/);
  assert.match(page, /since 1 Nov/);
  assert.match(page, /\d+ as by default, or not set/);
  assert.match(page, /1\.4\u00a0MiB in 2 files/);
});
