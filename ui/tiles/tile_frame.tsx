import type { HomeFigures } from "../pages/home_view.ts";
import { type Chart, jsonForScript } from "./chart.ts";
import type { ChartKey, FigureTable, Tile, TileContent } from "./tile.ts";
import { raw } from "@hono/hono/html";
import type { Child } from "@hono/hono/jsx";

/** Tiles in their order, what stands beside them, and the figures that the page's script draws of them. */
export function TileGrid(props: { tiles: readonly Tile[]; figures: HomeFigures; children: Child }) {
  const { tiles, figures, children } = props;
  const drawn = tiles.map((tile) => ({ tile, content: tile.draw(figures) }));
  const charts = Object.fromEntries(
    drawn.flatMap(({ tile, content }): [string, Chart][] =>
      content.chart === undefined ? [] : [[tile.id, content.chart.drawing]]
    ),
  );
  return (
    <>
      <div class="tiles">
        {drawn.map(({ tile, content }) => <TileFrame tile={tile} content={content} />)}
        {children}
      </div>
      <script type="application/json" id="charts">{raw(jsonForScript(charts))}</script>
    </>
  );
}

/** One tile: its title, how to read it, what it shows, and the table behind it. */
export function TileFrame({ tile, content }: { tile: Pick<Tile, "id" | "name" | "columns">; content: TileContent }) {
  const { note, badge, chart, sentence, keys, body, table } = content;
  return (
    <section class={`card table tile w${tile.columns}`} id={`tile-${tile.id}`} aria-labelledby={`title-${tile.id}`}>
      <h2 id={`title-${tile.id}`}>{tile.name} {badge ?? null}</h2>
      <p class="note">{note}</p>
      {sentence === undefined ? null : <p class="sentence">{sentence}</p>}
      {keys === undefined ? null : <Keys keys={keys} />}
      {chart === undefined ? null : (
        <div
          class={chart.drawing.kind === "rows" ? `chart rows rows-${chart.drawing.names.length}` : "chart"}
          data-chart={tile.id}
          role="img"
          aria-label={chart.label}
        />
      )}
      {body ?? null}
      {table === undefined ? null : (
        <details class="as-table">
          <summary aria-label={`${tile.name} as table`}>as table</summary>
          <Figures table={table} label={`${tile.name}, figures`} />
        </details>
      )}
    </section>
  );
}

function Keys({ keys }: { keys: readonly ChartKey[] }) {
  return (
    <ul class="keys">
      {keys.map(({ name, color, value, look }) => (
        <li>
          <span class={`dot ${color} ${look ?? ""}`} aria-hidden="true" /> {name}
          {value === undefined ? null : <b>{value}</b>}
        </li>
      ))}
    </ul>
  );
}

/** A table that scrolls in its own box where it is too wide, by keyboard too. */
function Figures({ table: { head, rows }, label }: { table: FigureTable; label: string }) {
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>{head.map((name, at) => <th scope="col" class={at === 0 ? undefined : "number"}>{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, at) => at === 0 ? <th scope="row">{cell}</th> : <td class="number">{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** What scrolls can be reached by keyboard. */
export function Scroll({ label, children }: { label: string; children: Child }) {
  return <div class="scroll" tabindex={0} role="region" aria-label={label}>{children}</div>;
}
