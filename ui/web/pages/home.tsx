import type { WebApp, WebServices } from "../app.tsx";
import { HttpProblem } from "../problem.ts";
import { formatDate } from "../format.ts";
import { assetPath } from "../assets.ts";
import { TILES } from "../tiles/mod.ts";
import { TileGrid } from "../tiles/tile_frame.tsx";
import { type Range, RANGES } from "./by_day.ts";
import { HomeCards } from "./home_cards.tsx";
import { NoFigures } from "./home_empty.tsx";
import { Notices } from "./home_notices.tsx";
import { type HomeFigures, type HomeView, homeView } from "./home_view.ts";
import { Layout } from "./layout.tsx";
import { Meter } from "./meter.tsx";
import { BudgetPanel } from "./budget_panel.tsx";

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
      <Notices view={view} />
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
