import { modelDays } from "../../domain/report/days.ts";
import type { Services } from "../services.ts";

/** How many models have a colour of their own. */
export const MODEL_COLORS = 6;

/** Models are ranked by what they cost in so many days. */
const RANKED_DAYS = 365;

/** Each model's colour, from 1; a model without one is drawn in the colour of all others. */
export type ModelColors = ReadonlyMap<string, number>;

/**
 * The colours that models have on every page and in every report: the costliest of the last year have one, those of the
 * account before those of the team. It is chosen by the model's name, so that it stays while others come and go.
 */
export function modelColors({ stores, clock, config }: Pick<Services, "stores" | "clock" | "config">): ModelColors {
  const { timeZone } = config;
  const from = clock.now().toZonedDateTimeISO(timeZone).toPlainDate().subtract({ days: RANKED_DAYS });
  const [own, team] = [new Map<string, number>(), new Map<string, number>()];
  for (const { model, apiCost } of modelDays({ stores, config }, { from })) add(own, model, apiCost ?? 0);
  const firstMonth = from.toPlainYearMonth().toString();
  for (const { model, month, micros } of stores.rollups.rows()) if (month >= firstMonth) add(team, model, micros);
  return colorsOf(own, team);
}

function add(costs: Map<string, number>, model: string, cost: number): void {
  costs.set(model, (costs.get(model) ?? 0) + cost);
}

/**
 * The colours of models by what they cost the account and its team. A model of the team alone may have the colour of one
 * that the team does not use: the two are on no page together.
 */
export function colorsOf(
  own: ReadonlyMap<string, number>,
  team: ReadonlyMap<string, number> = new Map(),
): ModelColors {
  const colors = colored(own, new Map());
  const onlyTeams = new Map([...team].filter(([model]) => !own.has(model)));
  const shared = new Map([...colors].filter(([model]) => team.has(model)));
  return new Map([...colors, ...colored(onlyTeams, shared)]);
}

/** Gives the costliest of the models the colours that those beside them have left. */
function colored(costs: ReadonlyMap<string, number>, beside: ModelColors): ModelColors {
  const costliest = [...costs].sort(([a, costOfA], [b, costOfB]) => costOfB - costOfA || (a < b ? -1 : 1))
    .slice(0, MODEL_COLORS - beside.size).map(([model]) => model);
  const taken = new Set(beside.values());
  const colors = new Map<string, number>();
  for (const model of costliest.sort()) {
    let color = hashOf(model) % MODEL_COLORS;
    while (taken.has(color + 1)) color = (color + 1) % MODEL_COLORS;
    taken.add(color + 1);
    colors.set(model, color + 1);
  }
  return colors;
}

/** FNV-1a: spreads names that differ little. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
