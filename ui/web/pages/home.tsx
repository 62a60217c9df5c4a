import type { WebApp, WebServices } from "../app.tsx";
import { HttpProblem } from "../problem.ts";
import { HomeCards } from "./home_cards.tsx";
import { DayTable, ModelTable } from "./home_tables.tsx";
import { type HomeFigures, type HomeView, homeView } from "./home_view.ts";
import { Layout } from "./layout.tsx";
import { Meter } from "./meter.tsx";
import { NoticeBanners } from "./trouble.tsx";
import { BudgetPanel, ProjectionPanel } from "./projection_panel.tsx";

/** GET /: the answer, the figures at a glance, and the tables behind them; of a past cycle with ?cycle=. */
export function homePage(app: WebApp, services: WebServices): void {
  app.get("/", (context) => {
    const asked = context.req.query("cycle");
    const key = asked === undefined || asked === "" ? undefined : dateOf(asked);
    if (key !== undefined && services.reports.cycle(key) === null) throw noSuchCycle(key.toString());
    return context.html(`<!doctype html>${<HomePage view={homeView(services, key)} />}`);
  });
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

function HomePage({ view }: { view: HomeView }) {
  return (
    <Layout title="Usage" freshness={view.freshness}>
      <NoticeBanners notices={view.notices} />
      {view.figures === null ? <NoFigures /> : <Figures figures={view.figures} />}
    </Layout>
  );
}

function NoFigures() {
  return (
    <section class="empty">
      <h1>No figures yet.</h1>
      <p>
        Log in to Cursor once with <code>tracker onboard</code>, then run <code>tracker scrape</code>{" "}
        or wait for the next full hour.
      </p>
    </section>
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
      <div class="panels">
        <div>
          <ModelTable models={figures.models} />
          <DayTable days={standing.days} metric={figures.spendMetric} asOf={standing.asOf} timeZone={timeZone} />
        </div>
        <div>
          <ProjectionPanel figures={figures} />
          <BudgetPanel budgets={figures.budgets} asOf={standing.asOf} timeZone={timeZone} />
        </div>
      </div>
    </>
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
function CycleChoice({ figures: { cycles, standing } }: { figures: HomeFigures }) {
  if (cycles.length < 2) return null;
  return (
    <form class="cycle" method="get" action="/">
      <label for="cycle">Cycle</label>
      <select id="cycle" name="cycle">
        {cycles.map(({ cycle: { key, cycle }, isCurrent }) => (
          <option value={isCurrent ? "" : key.toString()} selected={key.equals(standing.cycle.key)}>
            {`${key} – ${cycle.end ?? "?"}${isCurrent ? " (now)" : ""}`}
          </option>
        ))}
      </select>
      <button type="submit">Show</button>
    </form>
  );
}
