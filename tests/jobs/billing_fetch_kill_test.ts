import { fileMonth, monthWindows } from "../../domain/billing/month.ts";
import type { EventQuery } from "../../fixtures/cursor_sim/admin_api.ts";
import { withTempDir } from "../temp_dir.ts";
import { AFTER_FEBRUARY, BillingHarness, generated } from "./billing_harness.ts";
import { Killed } from "./fake_run_context.ts";
import assert from "node:assert/strict";

/** Kills at one in twelve of the points where a process can be killed; the same seed kills at the same ones. */
class Killer {
  kills = 0;
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** The kill points of one execution: one before a step's body, and one behind it. */
  newLife(): () => void {
    return () => {
      this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
      if (this.#state / 2 ** 32 >= 1 / 12) return;
      this.kills++;
      throw new Killed();
    };
  }
}

/** The step that keeps this page of the first quarter of 2026. */
function pageStep({ startDate, page }: EventQuery): string {
  const windows = ["2026-01", "2026-02", "2026-03"].flatMap((text) => {
    const month = Temporal.PlainYearMonth.from(text);
    return monthWindows(month).map(({ startMs }, index) => ({ startMs, name: `${fileMonth(month)}-w${index + 1}` }));
  });
  const name = windows.find(({ startMs }) => startMs === startDate)?.name;
  assert.ok(name !== undefined, `no window starts at ${startDate}`);
  return `page ${name}-r1-p${String(page).padStart(4, "0")}`;
}

async function isFinished(
  job: BillingHarness,
  life: { results: Map<string, string>; killPoint: (step: string) => void },
): Promise<boolean> {
  try {
    await job.execute(life);
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

Deno.test("billing-fetch killed a thousand times at random makes the same files and repeats no finished page", async () => {
  const events = generated(150);
  const unbroken = new Map<string, string>();
  await withTempDir(async (folder) => {
    const job = new BillingHarness({ folder, events, now: AFTER_FEBRUARY, monthsBack: 3 });
    await job.execute();
    for (const month of ["01-2026", "02-2026", "03-2026"]) unbroken.set(month, await job.file(month));
  });
  const killer = new Killer(2026);
  for (let round = 0; killer.kills < 1_000; round++) {
    await withTempDir(async (folder) => {
      const results = new Map<string, string>();
      const repeated: string[] = [];
      const onPage = (query: EventQuery) => {
        const step = pageStep(query);
        if (results.has(step)) repeated.push(step);
      };
      const job = new BillingHarness({ folder, events, now: AFTER_FEBRUARY, monthsBack: 3, onPage });
      while (!await isFinished(job, { results, killPoint: killer.newLife() }));
      assert.ok(results.has("page 01-2026-w1-r1-p0001"));
      assert.deepEqual(repeated, []);
      for (const [month, content] of unbroken) assert.equal(await job.file(month), content, `round ${round}: ${month}`);
      assert.deepEqual(await Array.fromAsync(Deno.readDir(`${folder}/.partial`)), []);
    });
  }
});
