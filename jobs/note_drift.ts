import { lostFigures, type ObservedShape, type ShapeNews, updateShapes } from "../domain/payload_shapes.ts";
import type { LogFields } from "../domain/ports.ts";
import type { Stores } from "../domain/stores.ts";

/**
 * Remembers what a capture's payloads look like. A figure that can no longer be read opens one alert, which lasts until
 * every such figure is back. Answers what is new, for the log.
 */
export function noteDrift(
  { shapes, alerts }: Pick<Stores, "shapes" | "alerts">,
  { observed, at }: { observed: readonly ObservedShape[]; at: Temporal.Instant },
): readonly ShapeNews[] {
  const update = updateShapes(shapes.list(), { observed, at });
  for (const shape of update.shapes) shapes.save(shape);
  const lost = lostFigures(shapes.list());
  if (lost.length === 0) alerts.clear("schema_drift", at);
  else if (alerts.listOpen("schema_drift").length === 0) {
    alerts.open({
      kind: "schema_drift",
      dedupeKey: `schema_drift:${at}`,
      details: `Cursor no longer sends ${lost.join(", ")}: shown as unknown. Look for a newer tracker; ` +
        "'tracker replay --apply' then reads the kept captures again.",
      at,
    });
  }
  return update.news;
}

/** What changed, as fields of a log event. */
export function driftFields(
  endpoint: string,
  { added, lost, retyped, lostFigures }: Omit<ShapeNews, "endpoint">,
): LogFields {
  return {
    endpoint,
    added: [...added],
    lost: [...lost],
    retyped: retyped.map(({ path, before, after }) => `${path}: ${before} to ${after}`),
    lost_figures: [...lostFigures],
  };
}
