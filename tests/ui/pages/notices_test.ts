import type { FailedOutcome } from "../../../domain/capture/outcome.ts";
import { noteGoodScrape, noteLogin, noteLogout } from "../../../domain/capture/session.ts";
import type { Run } from "../../../domain/runs/run.ts";
import { noticesText } from "../../../ui/cli/commands/status.ts";
import { createWebApp } from "../../../ui/web/app.ts";
import { noticesOf } from "../../../ui/words/notices.ts";
import { instant } from "../../domain/history/snapshots.ts";
import { fillTwoCycles, type TestServices, testServices } from "../services_harness.ts";
import { parse } from "node-html-parser";
import assert from "node:assert/strict";

const AT = instant("2026-11-10T23:00:00Z");

/** The services after a scrape that failed so. */
function failedBy(outcome: FailedOutcome, { stores, services }: TestServices) {
  stores.alerts.open({ kind: "scrape_error", dedupeKey: "x", details: "It failed.", at: AT });
  const failure = { name: "CaptureFailed", message: "It failed.", hint: "Mend it.", details: { outcome } };
  const run: Run = {
    id: 7,
    job: "scrape",
    key: "k",
    status: "failed",
    input: null,
    output: null,
    failure,
    owner: "p",
    fence: 1,
    retries: 0,
    createdAt: AT,
    finishedAt: AT,
    cancelRequestedAt: null,
  };
  return { ...services, runs: { ...services.runs, list: () => [run] } };
}

async function banners(services: TestServices["services"]) {
  const root = parse(await (await createWebApp(services).request("/")).text());
  return root.querySelectorAll(".banner").map((banner) => ({
    role: banner.getAttribute("role"),
    text: banner.text.replaceAll(/\s+/g, " ").trim(),
    mend: banner.querySelector("code")?.text,
  }));
}

Deno.test("each failed outcome has a banner above the last good figures, with the command that mends it", async () => {
  const mends: readonly (readonly [FailedOutcome, string])[] = [
    ["logged_out", "tracker onboard"],
    ["challenged", "tracker onboard"],
    ["layout_changed", "tracker doctor --bundle report.tar.gz"],
    ["empty_period", "tracker scrape"],
    ["unreachable", "tracker doctor"],
    ["no_browser", "tracker doctor --fix"],
    ["disk_full", "tracker doctor"],
  ];
  for (const [outcome, mend] of mends) {
    using services = testServices();
    fillTwoCycles(services);
    const [banner, ...others] = await banners(failedBy(outcome, services));
    assert.deepEqual([banner?.role, banner?.mend, others.length], ["alert", mend, 0], outcome);
    assert.match(banner?.text ?? "", /It failed\. Mend it\./);
  }
});

Deno.test("after a log-out the last good figures stay, with their age", async () => {
  using services = testServices({ now: "2026-11-11T09:00:00Z" });
  fillTwoCycles(services);
  const root = parse(await (await createWebApp(failedBy("logged_out", services)).request("/")).text());
  assert.match(root.querySelector("h1")?.text ?? "", /^\$10\.00 of your \$20\.00 is used/);
  assert.match(root.text, /checked 9 h ago/);
});

Deno.test("a session near its usual end is warned of, on the page and in the terminal", async () => {
  using services = testServices();
  const { sessions } = services.stores;
  for (const day of [1, 3]) {
    const begin = instant(`2026-11-0${day}T00:00:00Z`);
    noteLogin(sessions, begin);
    noteGoodScrape(sessions, { at: begin.add({ hours: 20 }), expiresAt: null, account: "hmac-00000001:aa" });
    noteLogout(sessions, begin.add({ hours: 21 }));
  }
  noteLogin(sessions, instant("2026-11-10T05:00:00Z"));
  services.clock.at = instant("2026-11-10T22:59:00Z");
  assert.deepEqual(await banners(services.services), []);
  services.clock.at = instant("2026-11-10T23:00:00Z");
  assert.deepEqual(await banners(services.services), [{
    role: "status",
    text: "The session with Cursor ends soon. You have been logged in for 18 hours. Sessions here usually last " +
      "20 hours. Log in again to lose no hour of figures.tracker onboard",
    mend: "tracker onboard",
  }]);
  assert.match(
    noticesText(noticesOf(services.services), 200),
    /^The session with Cursor ends soon\..*\nTry: {3}tracker onboard\n/,
  );
});

Deno.test("in a narrow terminal a notice is broken between words", () => {
  const trouble = { headline: "It is so", details: "Because of that.", mend: "tracker x", since: AT };
  assert.equal(
    noticesText({ trouble, warnings: [] }, 20),
    "It is so. Because of\nthat.\nTry:   tracker x\n\n",
  );
});

Deno.test("another account is told for a week", async () => {
  using services = testServices();
  const { sessions } = services.stores;
  const at = instant("2026-11-10T12:00:00Z");
  noteGoodScrape(sessions, { at: at.subtract({ hours: 1 }), expiresAt: null, account: "hmac-00000001:aa" });
  noteGoodScrape(sessions, { at, expiresAt: null, account: "hmac-00000001:bb" });
  assert.match(
    (await banners(services.services))[0]?.text ?? "",
    /^Another account is logged in\. Since 10 Nov 2026, 12:00 UTC/,
  );
  services.clock.at = at.add({ hours: 7 * 24 });
  assert.deepEqual(await banners(services.services), []);
});
