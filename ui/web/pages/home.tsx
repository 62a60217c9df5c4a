import { formatMicros } from "../../../domain/money.ts";
import type { ModelFigures } from "../../../domain/figures.ts";
import { cacheEfficiency } from "../../../domain/figures.ts";
import type { CostBasis, Pool } from "../../../domain/usage.ts";
import type { Services } from "../../services.ts";
import type { WebApp } from "../app.tsx";
import { formatCount, formatShare } from "../format.ts";
import { type HomeFigures, type HomeView, homeView } from "./home_view.ts";
import { Layout } from "./layout.tsx";

/** GET /: the figures at a glance. */
export function homePage(app: WebApp, services: Services): void {
  app.get("/", (context) => context.html(`<!doctype html>${<HomePage view={homeView(services)} />}`));
}

function HomePage({ view }: { view: HomeView }) {
  return (
    <Layout title="Usage" freshness={view.freshness}>
      {view.trouble === null ? null : (
        <p class="banner" role="alert">
          <strong>The last scrape brought no figures.</strong> {view.trouble.details}
        </p>
      )}
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
  const { spend, costToYou, tokens, models, pools, daysRemaining } = figures;
  return (
    <>
      <p class="line">{figures.line}</p>
      <h1>{figures.headline}</h1>
      <section class="cards" aria-label="Figures of this cycle">
        <Card title="Spent" badge={spend.bases.length === 1 ? spend.bases[0] : undefined}>
          <b>{formatMicros(spend.known)}</b>
          <small>{spend.bases.length > 1 ? `${spend.bases.join(" and ")} together` : "at API prices"}</small>
        </Card>
        <Card title="Billed to you">
          <b>{formatMicros(costToYou.known)}</b>
          <small>{costToYou.known === null ? "the page does not tell" : "on top of the plan"}</small>
        </Card>
        <Card title="Tokens">
          <b>{formatCount(tokens.total)}</b>
          <small>{formatShare(cacheEfficiency(tokens))} of input read from cache</small>
        </Card>
        <Card title="Days left">
          <b>{daysRemaining === null ? "–" : Math.ceil(daysRemaining)}</b>
          <small>{daysRemaining === null ? "the cycle's end is unknown" : "in this cycle"}</small>
        </Card>
        {pools.length === 0 ? null : <PoolsCard pools={pools} />}
      </section>
      <ModelTable models={models} />
    </>
  );
}

function Card(props: { title: string; badge?: CostBasis | undefined; children: unknown }) {
  return (
    <article class="card">
      <h2>
        {props.title} {props.badge === undefined ? null : <Badge basis={props.badge} />}
      </h2>
      {props.children}
    </article>
  );
}

function PoolsCard({ pools }: { pools: readonly Pool[] }) {
  return (
    <article class="card">
      <h2>Pools</h2>
      {pools.map(({ name, percentUsed, used }) => (
        <div class="pool">
          <span>{name}</span>
          <span>{percentUsed === null ? formatMicros(used) : `${Math.round(percentUsed)}\u00a0%`}</span>
          {percentUsed === null ? null : <progress max="100" value={Math.min(percentUsed, 100)} aria-label={name} />}
        </div>
      ))}
    </article>
  );
}

function Badge({ basis }: { basis: CostBasis }) {
  return <span class={`badge ${basis}`}>{basis === "unknown" ? "cost unknown" : basis}</span>;
}

function ModelTable({ models }: { models: readonly ModelFigures[] }) {
  if (models.length === 0) return null;
  const total = models.reduce((sum, { apiCost }) => sum + (apiCost ?? 0), 0);
  return (
    <section class="card table">
      <h2>Spend by model</h2>
      <p class="note">API cost in this cycle, and what a thousand tokens of any kind came to</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Model</th>
              <th scope="col" class="number">Spent</th>
              <th scope="col" class="number">Share</th>
              <th scope="col" class="number">Tokens</th>
              <th scope="col" class="number">Per 1K</th>
              <th scope="col" class="number">Cache</th>
            </tr>
          </thead>
          <tbody>{models.map((figures) => <ModelRow figures={figures} total={total} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

function ModelRow({ figures, total }: { figures: ModelFigures; total: number }) {
  const { model, apiCost, tokens, costPer1kTokens, costBasis } = figures;
  const share = apiCost === null || total === 0 ? null : apiCost / total;
  return (
    <tr>
      <th scope="row">
        {model} {costBasis === "unknown" ? <Badge basis="unknown" /> : null}
      </th>
      <td class="number">{formatMicros(apiCost)}</td>
      <td class="number share">
        {share === null ? null : <meter max="1" value={share} aria-hidden="true" />} {formatShare(share)}
      </td>
      <td class="number">{formatCount(tokens.total)}</td>
      <td class="number">{formatMicros(costPer1kTokens)}</td>
      <td class="number">{formatShare(figures.cacheEfficiency)}</td>
    </tr>
  );
}
