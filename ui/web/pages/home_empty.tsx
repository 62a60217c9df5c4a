import { raw } from "@hono/hono/html";
import { jsonForScript } from "../tiles/chart.ts";
import { drawDays } from "../tiles/daily_spend.tsx";
import { TileFrame } from "../tiles/tile_frame.tsx";
import type { ByDay } from "./by_day.ts";

/** Before the first scrape: how to make one, and the days that imported events tell already. */
export function NoFigures({ imported }: { imported: ByDay | null }) {
  return (
    <>
      <section class="empty">
        <h1>No figures yet.</h1>
        <p>
          Log in to Cursor once with <code>tracker onboard</code>, then run <code>tracker scrape</code>{" "}
          or wait for the next full hour.
        </p>
      </section>
      {imported === null ? null : <Imported days={imported} />}
    </>
  );
}

function Imported({ days }: { days: ByDay }) {
  const content = drawDays(days, null);
  const charts = content.chart === undefined ? {} : { imported: content.chart.drawing };
  return (
    <div class="tiles">
      <TileFrame tile={{ id: "imported", name: "Imported history", columns: 12 }} content={content} />
      <script type="application/json" id="charts">{raw(jsonForScript(charts))}</script>
    </div>
  );
}
