import type { TroubleNotice } from "../../domain/capture/scrape.ts";
import { formatMicros } from "../../domain/money.ts";
import type { Budget } from "../../domain/report/budget.ts";
import { type ByDay, type Range, RANGES } from "../tiles/by_day.ts";
import { jsonForScript } from "../tiles/chart.ts";
import { drawDays } from "../tiles/daily_spend.tsx";
import { TileFrame, TileGrid } from "../tiles/tile_frame.tsx";
import { TILES } from "../tiles/tiles.ts";
import { assetPath } from "../web/assets.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { formatDate } from "../words/format.ts";
import type { Notices } from "../words/notices.ts";
import { HomeCards, Meter } from "./home_cards.tsx";
import { type HomeFigures, type HomeView, homeView } from "./home_view.ts";
import { Layout } from "./layout.tsx";
import { raw } from "@hono/hono/html";

/** GET /: the answer, the figures at a glance, and the tiles; of a past cycle with ?cycle=, of more days with ?range=. */
export function homePage(app: WebApp, services: WebServices): void {
  app.get("/", (context) => {
    const asked = context.req.query("cycle");
    const key = asked === undefined || asked === "" ? undefined : dateOf(asked);
    if (key !== undefined && services.reports.cycle(key) === null) throw noSuchCycle(key.toString());
    const range = rangeOf(context.req.query("range"));
    const openAlerts = services.stores.alerts.listOpen().length;
    const page = <HomePage view={homeView(services, { key, range })} openAlerts={openAlerts} />;
    return context.html(`<!doctype html>${page}`);
  });
}

function rangeOf(text: string | undefined): Range | undefined {
  if (text === undefined || text === "") return undefined;
  const range = RANGES.find(({ id }) => id === text);
  if (range !== undefined) return range;
  const detail = `'range' must be one of ${RANGES.map(({ id }) => id).join(", ")}: current value is "${text}"`;
  throw new HttpProblem({ status: 400, title: "Bad request", detail });
}

function dateOf(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    throw noSuchCycle(text);
  }
}

function noSuchCycle(text: string): HttpProblem {
  const detail = `There is no cycle that starts on ${text}.`;
  return new HttpProblem({ status: 404, title: "Not found", detail, hint: "See /api/cycles." });
}

function HomePage({ view, openAlerts }: { view: HomeView; openAlerts: number }) {
  return (
    <Layout title="Usage" freshness={view.freshness} openAlerts={openAlerts} scripts={<Scripts />}>
      <HomeNotices view={view} />
      {view.figures === null ? <NoFigures imported={view.imported} /> : <Figures figures={view.figures} />}
    </Layout>
  );
}

/** Its modules are asked for at once rather than one after another. */
function Scripts() {
  return (
    <>
      {(["options.js", "marks.js", "tooltip.js", "axis.js"] as const).map((name) => (
        <link rel="modulepreload" href={assetPath(name)} />
      ))}
      <script type="module" src={assetPath("charts.js")} />
    </>
  );
}

function Figures({ figures }: { figures: HomeFigures }) {
  const { standing, timeZone } = figures;
  return (
    <>
      <div class="above">
        <p class="line">{figures.line}</p>
        <CycleChoice figures={figures} />
      </div>
      <Answer figures={figures} />
      <Meter standing={standing} />
      <HomeCards figures={figures} />
      <RangeChoice figures={figures} />
      <TileGrid tiles={TILES} figures={figures}>
        <BudgetPanel budgets={figures.budgets} asOf={standing.asOf} timeZone={timeZone} />
      </TileGrid>
    </>
  );
}

/** Which days the charts over time show; plain links. */
function RangeChoice({ figures: { byDay, standing } }: { figures: HomeFigures }) {
  const cycle = standing.isCurrent ? {} : { cycle: standing.cycle.key.toString() };
  return (
    <nav class="ranges" aria-label="Days shown">
      <span>Day by day</span>
      {RANGES.map(({ id, name }) => {
        const query = new URLSearchParams({ ...cycle, ...(id === "cycle" ? {} : { range: id }) }).toString();
        const isChosen = id === byDay.range.id;
        return <a href={query === "" ? "/" : `/?${query}`} aria-current={isChosen ? "true" : undefined}>{name}</a>;
      })}
    </nav>
  );
}

function Answer({ figures: { answer, standing } }: { figures: HomeFigures }) {
  const { used, outlook } = answer;
  return (
    <h1>
      {used}
      {outlook === null ? null : (
        <>
          {` ${outlook.lead} `}
          <em class={`amount ${standing.projection.status}`}>{outlook.amount}</em>
          {outlook.rest}
        </>
      )}
    </h1>
  );
}

/** A plain form: it works without any script. */
function CycleChoice({ figures: { cycles, standing, byDay, asOfDate } }: { figures: HomeFigures }) {
  if (cycles.length < 2) return null;
  return (
    <form class="cycle" method="get" action="/">
      <label for="cycle">Cycle</label>
      <select id="cycle" name="cycle">
        {cycles.map(({ cycle: { key, cycle }, isCurrent }) => (
          <option value={isCurrent ? "" : key.toString()} selected={key.equals(standing.cycle.key)}>
            {`${formatDate(key, asOfDate)} – ${formatDate(cycle.end, asOfDate)}${isCurrent ? " (now)" : ""}`}
          </option>
        ))}
      </select>
      {byDay.range.id === "cycle" ? null : <input type="hidden" name="range" value={byDay.range.id} />}
      <button type="submit">Show</button>
    </form>
  );
}

/** What is wrong, and what mends it; nothing where all is well. */
function HomeNotices({ view: { notices, staleSince, drifted } }: { view: HomeView }) {
  return (
    <>
      <NoticeBanners notices={notices} />
      {staleSince === null ? null : (
        <p class="banner warning" role="status">
          <strong>These figures are old.</strong> They were last checked on{" "}
          {staleSince}. Scrapes come every hour while the server runs: <code>tracker status</code> and{" "}
          <code>tracker runs list</code> say what they did, <code>tracker scrape</code> makes one now.
        </p>
      )}
      {drifted.map(({ endpoint, drift }) => (
        <p class="banner warning" role="status">
          <strong>Cursor changed what it sends.</strong> <code>{endpoint}</code> no longer tells{" "}
          {drift.lostFigures.join(" and ")}: until a later version of tracker reads it, these are unknown, not zero.
        </p>
      ))}
    </>
  );
}

/** Banners above the figures: why no new ones come, and what is about to keep them from coming. */
function NoticeBanners({ notices: { trouble, warnings } }: { notices: Notices }) {
  return (
    <>
      {trouble === null ? null : <Banner notice={trouble} role="alert" />}
      {warnings.map((warning) => <Banner notice={warning} role="status" />)}
    </>
  );
}

function Banner({ notice: { headline, details, mend }, role }: { notice: TroubleNotice; role: "alert" | "status" }) {
  return (
    <p class={role === "alert" ? "banner" : "banner warning"} role={role}>
      <strong>{headline}.</strong> {details}
      {mend === null ? null : <code class="mend">{mend}</code>}
    </p>
  );
}

/** Before the first scrape: how to make one, and the days that imported events tell already. */
function NoFigures({ imported }: { imported: ByDay | null }) {
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

/** Budgets that are shown; all of them are in the API. */
const MOST_BUDGETS = 8;

/** The budget and its changes. */
function BudgetPanel(
  { budgets, asOf, timeZone }: { budgets: readonly Budget[]; asOf: Temporal.Instant; timeZone: string },
) {
  const localDate = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  return (
    <section class="card table tile plain w4">
      <h2>Budget</h2>
      {budgets.length === 0
        ? (
          <p class="note">
            None is set. Set one in the <a href="/settings">settings</a>, or with <code>tracker budget set 20</code>.
          </p>
        )
        : (
          <table class="plain">
            <tbody>
              {budgets.slice(0, MOST_BUDGETS).map(({ amount, setAt }, index) => (
                <tr>
                  <th scope="row">
                    {formatMicros(amount)} {index === 0 ? <span class="badge">in force</span> : null}
                  </th>
                  <td class="number">since {formatDate(localDate(setAt), localDate(asOf))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
    </section>
  );
}
