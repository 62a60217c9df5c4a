import type { HomeFigures } from "../pages/home_view.ts";
import type { Chart } from "./chart.ts";
import type { Child } from "@hono/hono/jsx";

/** A panel of the usage page. */
export interface Tile {
  readonly id: string;
  readonly name: string;
  /** How much room it takes in a row of twelve columns. */
  readonly columns: 4 | 5 | 6 | 7 | 8 | 12;
  /** Shows a cycle's figures. */
  draw(figures: HomeFigures): TileContent;
}

/** What a tile shows. */
export interface TileContent {
  /** How to read it, in one line. */
  readonly note: Child;
  readonly badge?: Child;
  /** A chart, with what it says for those who do not see it; or a sentence where a chart would say no more. */
  readonly chart?: { readonly drawing: Chart; readonly label: string };
  readonly sentence?: Child;
  /** The colours' names where the chart itself does not tell them. */
  readonly keys?: readonly ChartKey[];
  /** Always shown, under the chart. */
  readonly body?: Child;
  /** The chart's figures, one click away. */
  readonly table?: FigureTable;
}

/** What a colour stands for, and how much it is. */
export interface ChartKey {
  readonly name: string;
  readonly color: string;
  readonly value?: string;
  readonly look?: "hatched";
}

/** Figures as a table: the first column names the row, the others are numbers. */
export interface FigureTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Child[])[];
}
