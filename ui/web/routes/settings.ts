import { createRoute, z } from "@hono/zod-openapi";
import { SETTING_SOURCES } from "../../../domain/config.ts";
import { settingsJson } from "../../settings_json.ts";
import type { WebApp, WebServices } from "../app.tsx";
import { money } from "../schemas.ts";

const route = createRoute({
  method: "get",
  path: "/api/settings",
  summary: "How the tracker is set up: configuration without secrets, versions, sizes, and what the doctor found last",
  responses: {
    200: {
      description: "`value` is null where nothing is set, and where it is not to be shown",
      content: {
        "application/json": {
          schema: z.object({
            settings: z.array(z.object({
              name: z.string(),
              value: z.string().nullable(),
              is_hidden: z.boolean(),
              is_set: z.boolean(),
              source: z.enum(SETTING_SOURCES),
            })),
            effective_budget_cents: money,
            thresholds_micros: z.array(z.int()),
            versions: z.array(z.object({ name: z.string(), version: z.string() })),
            sizes: z.array(z.object({
              name: z.string(),
              bytes: z.int(),
              files: z.int(),
              is_partial: z.boolean().describe("Whether there were too many files to look at all of them"),
            })),
            doctor: z.unknown().describe("Null before the first look; the same as `doctor --json` prints"),
          }),
        },
      },
    },
  },
});

/** GET /api/settings */
export function settingsRoute(app: WebApp, { config, stores, installation, doctorMemo }: WebServices): void {
  app.openapi(route, async (context) =>
    context.json(
      settingsJson({
        settings: config.settings,
        budgets: stores.budgets.list(),
        thresholds: config.thresholds,
        versions: installation.versions(),
        sizes: await installation.sizes(),
        report: doctorMemo.latest().report,
      }),
      200,
    ));
}
