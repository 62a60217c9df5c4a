import { modelDays } from "../domain/report/model_days.ts";
import type { Services } from "./services.ts";

/** How many models have a colour of their own. */
export const MODEL_COLORS = 6;

/** Models are ranked by what they cost in so many days. */
const RANKED_DAYS = 365;

/** Each model's colour, from 1; a model without one is drawn in the colour of all others. */
export type ModelColors = ReadonlyMap<string, number>;

/**
 * The colours that models have on every page and in every report: the costliest of the last year have one, chosen by the
 * model's name, so that it stays the same while others come and go.
 */
export function modelColors({ stores, clock, config }: Pick<Services, "stores" | "clock" | "config">): ModelColors {
  const { timeZone } = config;
  const from = clock.now().toZonedDateTimeISO(timeZone).toPlainDate().subtract({ days: RANKED_DAYS });
  const costs = new Map<string, number>();
  const add = (model: string, cost: number | null) => costs.set(model, (costs.get(model) ?? 0) + (cost ?? 0));
  for (const { model, apiCost } of modelDays({ stores, config }, { from })) add(model, apiCost);
  const firstMonth = from.toPlainYearMonth().toString();
  for (const { model, month, micros } of stores.rollups.rows()) if (month >= firstMonth) add(model, micros);
  return colorsOf(costs);
}

/** The colours of models of which only the cost is known. */
export function colorsOf(costs: ReadonlyMap<string, number>): ModelColors {
  const costliest = [...costs].sort(([a, costOfA], [b, costOfB]) => costOfB - costOfA || (a < b ? -1 : 1))
    .slice(0, MODEL_COLORS).map(([model]) => model);
  const taken = new Map<number, string>();
  for (const model of costliest.sort()) {
    let color = hashOf(model) % MODEL_COLORS;
    while (taken.has(color)) color = (color + 1) % MODEL_COLORS;
    taken.set(color, model);
  }
  return new Map(Array.from(taken, ([color, model]) => [model, color + 1]));
}

/** FNV-1a: spreads names that differ little. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
