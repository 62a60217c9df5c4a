import { fillRuns, finishedRun, LOGGED_OUT, type PagesServices, pagesServices } from "../pages_services.ts";
import { clientOf } from "./pages_client.ts";
import assert from "node:assert/strict";

/** Waits for the run's end, which its engine stores. */
async function untilEnded({ runs }: PagesServices, id: number): Promise<string> {
  for (;;) {
    const status = runs.show(id)?.run.status ?? "gone";
    if (status !== "running") return status;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("GET /api/runs lists the newest first, filtered, page by page", async () => {
  await using services = pagesServices();
  const { get } = clientOf(services);
  const ids = ["a", "b", "c", "d", "e"].map((key) => finishedRun(services, { key }).id);
  finishedRun(services, { key: "f", job: "tidy", failure: LOGGED_OUT });
  const read = async (query: string) => await (await get(`/api/runs${query}`)).json();
  const first = await read("?job=scrape&limit=2");
  assert.deepEqual(first.runs.map((run: { key: string }) => run.key), ["e", "d"]);
  assert.equal(first.next_before, ids[3]);
  const second = await read(`?job=scrape&limit=3&before=${first.next_before}`);
  assert.deepEqual(second.runs.map((run: { key: string }) => run.key), ["c", "b", "a"]);
  assert.equal(second.next_before, null);
  assert.deepEqual((await read("?status=failed")).runs.map((run: { key: string }) => run.key), ["f"]);
  assert.deepEqual(await read("?job=unknown"), { runs: [], next_before: null });
});

Deno.test("GET /api/runs/:id has the run with its steps and attempts, as the command prints it", async () => {
  await using services = pagesServices();
  const { id } = finishedRun(services, { key: "2026-11-21T19:00Z", failure: LOGGED_OUT });
  const failure = {
    name: "CaptureFailed",
    message: "The site shows its login page: the session has ended",
    hint: "Log in again with 'tracker onboard'.",
    details: { outcome: "logged_out", exitCode: 10 },
  };
  assert.deepEqual(await (await clientOf(services).get(`/api/runs/${id}`)).json(), {
    id,
    job: "scrape",
    key: "2026-11-21T19:00Z",
    status: "failed",
    created_at: "2026-11-21T19:00:00Z",
    finished_at: "2026-11-21T19:00:03.2Z",
    output: null,
    failure,
    steps: [],
    attempts: [{
      step: "capture",
      number: 1,
      started_at: "2026-11-21T19:00:00Z",
      finished_at: "2026-11-21T19:00:03.2Z",
      failure,
    }],
  });
});

Deno.test("the API of runs refuses what it does not understand", async (t) => {
  await using services = pagesServices();
  const { get, post } = clientOf(services);
  const { id } = finishedRun(services, { key: "done" });
  const reads: [string, number][] = [
    ["/api/runs?status=lost", 400],
    ["/api/runs?limit=0", 400],
    ["/api/runs?limit=201", 400],
    ["/api/runs?limit=1e2", 400],
    ["/api/runs?limit=-1", 400],
    ["/api/runs?before=x", 400],
    ["/api/runs?before=99999999999999999999", 400],
    [`/api/runs?job=${"x".repeat(65)}`, 400],
    ["/api/runs/0", 400],
    ["/api/runs/abc", 400],
    ["/api/runs/1.5", 400],
    ["/api/runs/-1", 400],
    ["/api/runs/999", 404],
    ["/runs/999", 404],
    ["/runs/abc", 404],
    ["/runs/%3Cscript%3E", 404],
    ["/runs?status=lost", 400],
    ["/runs?before=abc", 400],
  ];
  for (const [path, status] of reads) {
    await t.step(`${path.slice(0, 60)} → ${status}`, async () => {
      const response = await get(path);
      assert.equal(response.status, status);
      assert.match(response.headers.get("content-type") ?? "", /^application\/problem\+json/);
    });
  }
  const writes: [string, number][] = [
    ["/api/runs/999/retry", 404],
    ["/api/runs/abc/retry", 400],
    ["/api/runs/999/cancel", 404],
    ["/api/runs/0/cancel", 400],
    [`/api/runs/${id}/retry`, 409],
    [`/api/runs/${id}/cancel`, 409],
  ];
  for (const [path, status] of writes) {
    await t.step(`POST ${path} → ${status}`, async () => assert.equal((await post(path)).status, status));
  }
  assert.deepEqual(services.runs.list().map(({ status }) => status), ["succeeded"]);
});

Deno.test("POST /api/scrape answers at once with the run, a second one joins it, and it can be cancelled", async () => {
  await using services = pagesServices();
  const { post } = clientOf(services);
  const response = await post("/api/scrape");
  assert.equal(response.status, 202);
  const begun = await response.json();
  assert.deepEqual([begun.job, begun.status, begun.key], ["scrape", "running", "manual:2026-11-21T20:00:00.000Z"]);
  assert.equal(response.headers.get("location"), `/api/runs/${begun.id}`);
  services.clock.set("2026-11-21T20:00:05Z");
  assert.equal((await (await post("/api/scrape")).json()).id, begun.id);
  const cancelled = await post(`/api/runs/${begun.id}/cancel`);
  assert.equal(cancelled.status, 202);
  assert.deepEqual(await cancelled.json(), { id: begun.id, cancel_requested: true });
  assert.equal(await untilEnded(services, begun.id), "cancelled");
});

Deno.test("a failed run is retried, answered at once, and ends well", async () => {
  await using services = pagesServices();
  const { id } = finishedRun(services, { key: "k", failure: LOGGED_OUT });
  const response = await clientOf(services).post(`/api/runs/${id}/retry`);
  assert.equal(response.status, 202);
  assert.equal((await response.json()).status, "running");
  services.gate.resolve("captured");
  assert.equal(await untilEnded(services, id), "succeeded");
  assert.equal(services.runs.show(id)?.run.retries, 1);
});

Deno.test("a stopping server starts nothing and says so", async () => {
  await using services = pagesServices();
  await services.engine.stop();
  const response = await clientOf(services).post("/api/scrape");
  assert.equal(response.status, 409);
  assert.match((await response.json()).detail, /tracker is stopping/);
});

Deno.test("the forms of the runs' pages work without a script: they lead to the run, which says what came of it", async () => {
  await using services = pagesServices();
  const { submit, get } = clientOf(services);
  const begun = await submit("/runs", "/runs/scrape");
  assert.equal(begun.status, 303);
  const place = begun.headers.get("location") ?? "";
  assert.match(place, /^\/runs\/\d+\?said=scrape-started$/);
  const page = await (await get(place)).text();
  assert.match(page, /role="status">The scrape has started\./);
  assert.match(page, /<h1>Run \d+ <em class="amount ">is running<\/em>/);
  const path = place.split("?")[0] ?? "";
  assert.equal((await submit(path, `${path}/cancel`)).headers.get("location"), `${path}?said=run-cancelling`);
  assert.equal(await untilEnded(services, Number(path.split("/")[2])), "cancelled");
  assert.equal((await submit(path, `${path}/retry`)).headers.get("location"), `${path}?said=run-retried`);
  assert.equal((await submit(path, `${path}/retry`)).headers.get("location"), `${path}?said=run-not-retryable`);
  assert.equal((await submit("/runs", "/runs/999/retry")).status, 404);
});

Deno.test("a page says nothing that an address makes up", async () => {
  await using services = pagesServices();
  for (const said of ["<b>hi</b>", "constructor", "__proto__", "toString"]) {
    const page = await (await clientOf(services).get(`/runs?said=${encodeURIComponent(said)}`)).text();
    assert.doesNotMatch(page, /id="flash"|<b>hi/);
  }
});

Deno.test("/runs tells what is due, what failed last, and pages through all runs", async () => {
  await using services = pagesServices();
  const { get } = clientOf(services);
  assert.match(await (await get("/runs")).text(), /<h1>Nothing has run yet\.<\/h1>[\s\S]*No runs yet/);
  fillRuns(services);
  const page = await (await get("/runs")).text();
  assert.match(page, /<em class="amount over">Scrape failed<\/em> 1 h ago; the next try is due in 1 h\./);
  assert.equal(page.match(/data-live-key="run-/g)?.length, 25);
  const older = /href="(\/runs\?before=\d+)" rel="next"/.exec(page)?.[1] ?? "";
  const second = await (await get(older)).text();
  assert.equal(second.match(/data-live-key="run-/g)?.length, 25);
  assert.match(second, /rel="first"/);
  const failed = await (await get("/runs?job=scrape&status=failed")).text();
  assert.equal(failed.match(/data-live-key="run-/g)?.length, 2);
  assert.match(await (await get("/runs?job=tidy&status=failed")).text(), /No run fits/);
});

Deno.test("/runs/:id tells the error with its hint, each try and how long it took", async () => {
  await using services = pagesServices();
  const failure = { ...LOGGED_OUT, message: "<script>alert(1)</script> stood there" };
  const { id } = finishedRun(services, { key: "2026-11-21T19:00Z", failure });
  const page = await (await clientOf(services).get(`/runs/${id}`)).text();
  assert.match(page, /<em class="amount over">failed<\/em> after 3\.2\u00a0s\./);
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt; stood there/);
  assert.match(page, /Try: Log in again with/);
  assert.match(page, /<th scope="row">capture<\/th>/);
  assert.doesNotMatch(page, /<script>alert/);
});
