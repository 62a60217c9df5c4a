import { MonthFolder } from "../../../adapters/month_files/folder.ts";
import { PageFolder } from "../../../adapters/month_files/pages.ts";
import type { LedgerEntry } from "../../../domain/billing/ledger.ts";
import { type FetchedWindow, monthWindows } from "../../../domain/billing/month.ts";
import type { FetchedMonth } from "../../../domain/billing/month_files.ts";
import { MonthAggregator, type Rollup } from "../../../domain/billing/rollup.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { micros } from "../../../domain/money.ts";
import { rawEvent } from "../../domain/billing/raw_events.ts";
import { FakeLog } from "../../fake_log.ts";
import { withTempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";
import { join } from "node:path";

const JANUARY = Temporal.PlainYearMonth.from("2026-01");
const FILE = "01-2026-usage-based-data.json";
const RUN = 7;
const signal = new AbortController().signal;
const ERRORED: LedgerEntry = {
  reason: "errored",
  kind: "Errored, Not Charged",
  user: "ada@example.com",
  events: 1,
  micros: micros(4_110_000),
};

interface Harness {
  readonly folder: string;
  readonly pages: PageFolder;
  readonly months: MonthFolder;
  readonly log: FakeLog;
  readonly path: string;
}

async function withMonths(body: (harness: Harness) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const log = new FakeLog();
    const pages = new PageFolder(folder);
    await body({ folder, pages, months: new MonthFolder(folder, { pages, log }), log, path: join(folder, FILE) });
  });
}

function rollupOf(billed: readonly JsonObject[], excluded: readonly LedgerEntry[]): Rollup {
  const aggregator = new MonthAggregator(JANUARY);
  for (const event of billed) aggregator.add(event);
  aggregator.addPart({ rows: [], excluded });
  return aggregator.result();
}

/** Three pages with three billed events and two that are not. */
async function fetched({ pages }: Harness): Promise<FetchedMonth> {
  const windows: FetchedWindow[] = monthWindows(JANUARY).map((window, index) => {
    return { ...window, reportedEvents: index === 0 ? 5 : 0, events: index === 0 ? 5 : 0, isProven: true };
  });
  return {
    month: JANUARY,
    fetchedAt: Temporal.Instant.from("2026-02-24T16:30:00.987Z"),
    windows,
    pages: [
      await pages.save(RUN, {
        name: "p1",
        billed: [rawEvent({ model: "a" }), rawEvent({ model: "b\n" })],
        rollup: rollupOf([rawEvent({ model: "a" }), rawEvent({ model: "b\n" })], []),
      }),
      await pages.save(RUN, { name: "p2", billed: [], rollup: rollupOf([], [ERRORED]) }),
      await pages.save(RUN, {
        name: "p3",
        billed: [rawEvent({ model: "ü" })],
        rollup: rollupOf([rawEvent({ model: "ü" })], [ERRORED]),
      }),
    ],
  };
}

async function eventsOf(months: MonthFolder): Promise<JsonObject[]> {
  return (await Array.fromAsync(months.events(JANUARY, { signal }))).flat();
}

Deno.test("MonthFolder writes the file of a month from its pages", async () => {
  await withMonths(async (harness) => {
    const { file: written } = await harness.months.assemble(RUN, await fetched(harness));
    assert.deepEqual([written.events, written.isComplete, written.isOurs], [3, true, true]);
    const content = JSON.parse(await Deno.readTextFile(harness.path));
    assert.deepEqual(Object.keys(content), [
      "month",
      "fetched_at",
      "total_events",
      "complete",
      "windows",
      "excluded",
      "events",
    ]);
    assert.deepEqual([content.month, content.fetched_at, content.total_events], ["01-2026", "2026-02-24T16:30:00Z", 3]);
    assert.deepEqual(content.excluded, [{ ...ERRORED, events: 2, micros: 8_220_000 }]);
    assert.deepEqual(content.windows[0], {
      start: "2026-01-01T00:00:00.000Z",
      end: "2026-01-15T23:59:59.999Z",
      reported_events: 5,
      events: 5,
      proven: true,
    });
    assert.deepEqual(content.events, [rawEvent({ model: "a" }), rawEvent({ model: "b\n" }), rawEvent({ model: "ü" })]);
  });
});

Deno.test("MonthFolder reads back what it wrote, and lists it", async () => {
  await withMonths(async (harness) => {
    const { months, log } = harness;
    const { file: written } = await months.assemble(RUN, await fetched(harness));
    assert.deepEqual((await eventsOf(months)).map((event) => event["model"]), ["a", "b\n", "ü"]);
    for (const isThorough of [false, true]) {
      const found = await months.inspect(JANUARY, { isThorough, signal });
      assert.deepEqual({ ...found, fetchedAt: null }, { ...written, fetchedAt: null });
      assert.equal(found?.fetchedAt?.toString(), "2026-02-24T16:30:00Z");
    }
    assert.deepEqual((await months.list()).map(String), ["2026-01"]);
    assert.deepEqual(log.entries, []);
  });
});

Deno.test("MonthFolder knows of no file where there is none", async () => {
  await withMonths(async ({ months }) => {
    assert.equal(await months.inspect(JANUARY, { isThorough: true, signal }), null);
    assert.deepEqual(await months.list(), []);
    await assert.rejects(eventsOf(months), /Cannot read the month file/);
  });
});

Deno.test("MonthFolder keeps the old file where a page is damaged, and PageFolder tells", async () => {
  await withMonths(async (harness) => {
    const { months, pages, path } = harness;
    const month = await fetched(harness);
    await months.assemble(RUN, month);
    const before = await Deno.readTextFile(path);
    assert.equal(await pages.areWhole(RUN, month.pages), true);
    await Deno.writeTextFile(join(pages.folderOf(RUN), "p3.page"), "[]\n{}");
    assert.equal(await pages.areWhole(RUN, month.pages), false);
    await assert.rejects(months.assemble(RUN, month), /the fetched page "p3.page" is missing or damaged/);
    assert.equal(await Deno.readTextFile(path), before);
  });
});

Deno.test("PageFolder discards its own pages, and prunes old ones of other runs", async () => {
  await withMonths(async (harness) => {
    const { pages } = harness;
    const month = await fetched(harness);
    const tomorrow = Temporal.Now.instant().add({ hours: 24 });
    await pages.prune(8, tomorrow.subtract({ hours: 48 }));
    await pages.prune(RUN, tomorrow);
    assert.equal(await pages.areWhole(RUN, month.pages), true);
    await pages.prune(8, tomorrow);
    assert.equal(await pages.areWhole(RUN, month.pages), false);
    await fetched(harness);
    await pages.discard(RUN);
    await pages.discard(RUN);
    assert.equal(await pages.areWhole(RUN, month.pages), false);
  });
});

/** What another tool writes. */
function plainFile(fields: JsonObject): string {
  const events = [rawEvent(), rawEvent()];
  return JSON.stringify(
    { month: "01-2026", fetched_at: "2026-02-24T16:30:00", total_events: 2, events, ...fields },
    null,
    2,
  );
}

Deno.test("MonthFolder accepts another tool's file, complete where it was fetched late enough", async () => {
  await withMonths(async ({ months, path }) => {
    for (
      const [fetchedAt, isComplete] of [["2026-02-24T16:30:00", true], ["2026-02-01T16:30:00+00:00", false]] as const
    ) {
      await Deno.writeTextFile(path, plainFile({ fetched_at: fetchedAt }));
      const found = await months.inspect(JANUARY, { isThorough: false, signal });
      assert.deepEqual([found?.isComplete, found?.isOurs, found?.events], [isComplete, false, 2]);
      assert.equal((await eventsOf(months)).length, 2);
    }
  });
});

Deno.test("MonthFolder sets damaged files aside, one beside the other, with a warning", async () => {
  await withMonths(async ({ folder, months, path, log }) => {
    const damaged = [
      plainFile({}).slice(0, -20),
      plainFile({ month: "02-2026" }),
      plainFile({ total_events: 3 }),
      plainFile({ events: [1, 2] }),
      plainFile({ complete: true }).replace('"events"', '"others"'),
      "",
    ];
    for (const text of damaged) {
      await Deno.writeTextFile(path, text);
      assert.equal(await months.inspect(JANUARY, { isThorough: true, signal }), null);
    }
    const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
    assert.deepEqual(names, [`${FILE}.damaged`, ...[2, 3, 4, 5, 6].map((number) => `${FILE}.damaged-${number}`)]);
    assert.deepEqual(log.events(), damaged.map(() => "billing.month_file_set_aside"));
    assert.equal(log.entries[0]?.fields["reason"], "it is cut off");
    assert.equal(log.entries[2]?.fields["reason"], "it says that it has 3 events, but it has 2");
  });
});

Deno.test("MonthFolder sees at a glance that its own file was cut off", async () => {
  await withMonths(async (harness) => {
    await harness.months.assemble(RUN, await fetched(harness));
    const text = await Deno.readTextFile(harness.path);
    await Deno.writeTextFile(harness.path, text.slice(0, -30));
    assert.equal(await harness.months.inspect(JANUARY, { isThorough: false, signal }), null);
  });
});

Deno.test("MonthFolder reads its own file however it was laid out anew, and each event once", async () => {
  await withMonths(async (harness) => {
    const { months, log, path } = harness;
    await harness.months.assemble(RUN, await fetched(harness));
    const text = await Deno.readTextFile(path);
    const laidOut = [
      JSON.stringify(JSON.parse(text), null, 2),
      JSON.stringify(JSON.parse(text)),
      text.replaceAll("\n", "\r\n"),
      // Edited by hand: the last event takes two lines.
      text.replace(/(\{"timestamp"[^\n]*)("kind"[^\n]*\n\])/, "$1\n$2"),
    ];
    for (const other of laidOut) {
      assert.notEqual(other, text);
      await Deno.writeTextFile(path, other);
      const found = await months.inspect(JANUARY, { isThorough: false, signal });
      assert.deepEqual([found?.isComplete, found?.isOurs, found?.events], [true, true, 3]);
      assert.deepEqual((await eventsOf(months)).map((event) => event["model"]), ["a", "b\n", "ü"]);
    }
    assert.deepEqual(log.entries, []);
  });
});
