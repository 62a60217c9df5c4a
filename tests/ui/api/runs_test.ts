import { clientOf } from "../pages_client.ts";
import { finishedRun, LOGGED_OUT, pagesServices, untilEnded } from "../pages_services.ts";
import assert from "node:assert/strict";

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
