import { clientOf } from "../pages_client.ts";
import { fillRuns, finishedRun, LOGGED_OUT, pagesServices, untilEnded } from "../pages_services.ts";
import assert from "node:assert/strict";

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
