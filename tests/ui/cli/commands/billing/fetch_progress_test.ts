import { type FetchProgress, type Progress, TimeLeft } from "../../../../../domain/billing/fetch.ts";
import { barFollower, progressLine, withFetchProgress } from "../../../../../ui/cli/commands/billing/fetch.ts";
import { FakeTime } from "../../../../fake_time.ts";
import assert from "node:assert/strict";

const JANUARY = Temporal.PlainYearMonth.from("2026-01");

function page(number: number, share: number): FetchProgress {
  return { month: JANUARY, page: number, pages: 12, share };
}

Deno.test("the bar moves forward only, and says how much time is left", () => {
  const time = new FakeTime("2026-03-20T12:00:00Z");
  const shown: [number, string][] = [];
  const bar = barFollower(({ share }, left) => shown.push([share, left]), new TimeLeft(time));
  bar.fetching(page(1, 0));
  time.set("2026-03-20T12:00:10Z");
  bar.fetching(page(2, 0.25));
  bar.fetching(page(1, 0.2));
  bar.fetching(page(3, 0.5));
  assert.deepEqual(shown, [
    [0, ""],
    [0.25, "about 30 s left"],
    [0.25, "about 40 s left"],
    [0.5, "about 10 s left"],
  ]);
});

Deno.test("a fetch that goes on begins with the share that was done, and judges the time by its own pace", () => {
  const time = new FakeTime("2026-03-20T12:00:00Z");
  const shown: [number, string][] = [];
  const bar = barFollower(({ share }, left) => shown.push([share, left]), new TimeLeft(time));
  bar.fetching(page(7, 0.5));
  time.set("2026-03-20T12:00:10Z");
  bar.fetching(page(8, 0.6));
  assert.deepEqual(shown, [[0.5, ""], [0.6, "about 40 s left"]]);
});

Deno.test("the bar's line fits into a terminal of any width", () => {
  const at = (columns: number) => progressLine(page(3, 0.25), { left: "about 30 s left", columns });
  assert.equal(at(100), "━━━━━━────────────────── 25 % Fetching page 3/12 for January 2026… about 30 s left");
  assert.equal(at(80), "25 % Fetching page 3/12 for January 2026… about 30 s left");
  assert.equal(at(56), "25 % Fetching page 3/12 for January 2026… ~30 s left");
  assert.equal(at(40), "25 % ~30 s left");
  assert.equal(at(12), "25 %");
});

Deno.test("without a person who watches, each page is a line, until the work is done", async () => {
  const written: string[] = [];
  const followers = new Set<Progress>();
  const services = {
    clock: new FakeTime("2026-03-20T12:00:00Z"),
    fetchProgress: {
      follow(follower: Progress) {
        followers.add(follower);
        return { [Symbol.dispose]: () => void followers.delete(follower) };
      },
    },
  };
  const terminal = {
    write: () => {},
    writeError: (text: string) => written.push(text),
    isInteractive: false,
    columns: 80,
  };
  const answer = await withFetchProgress(terminal, services, () => {
    for (const follower of followers) follower.fetching(page(3, 0.2));
    return Promise.resolve("done");
  });
  assert.equal(answer, "done");
  assert.deepEqual(written, ["Fetching page 3/12 for January 2026…\n"]);
  assert.equal(followers.size, 0);
});
