import { type Setting, SETTING_SOURCES } from "../../domain/config.ts";
import type { Json } from "../../domain/json.ts";
import type { Micros } from "../../domain/money.ts";
import { type DoctorReport, worstOf } from "../../domain/operations/doctor.ts";
import type { StoredSize, Version } from "../../domain/operations/installation.ts";
import type { Budget } from "../../domain/report/budget.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { budgetsJson } from "./budget.ts";
import { money } from "./schemas.ts";
import { createRoute, z } from "@hono/zod-openapi";

/** What GET /api/settings tells. */
interface SettingsParts {
  readonly settings: readonly Setting[];
  readonly budgets: readonly Budget[];
  readonly thresholds: readonly Micros[];
  readonly versions: readonly Version[];
  readonly sizes: readonly StoredSize[];
  readonly report: DoctorReport | null;
}

/** How the tracker is set up. A value that is not to be shown is null, and `is_set` tells whether there is one. */
function settingsJson({ settings, budgets, thresholds, versions, sizes, report }: SettingsParts) {
  return {
    settings: settings.map(({ name, value, isHidden, isSet, source }) => ({
      name,
      value,
      is_hidden: isHidden,
      is_set: isSet,
      source,
    })),
    effective_budget_cents: budgetsJson(budgets).effective_budget_cents,
    thresholds_micros: thresholds.map(Number),
    versions: versions.map(({ name, version }) => ({ name, version })),
    sizes: sizes.map(({ name, bytes, files, isPartial }) => ({ name, bytes, files, is_partial: isPartial })),
    doctor: report === null ? null : doctorJson(report),
  };
}

/** The doctor's report as programs read it. */
export function doctorJson(report: DoctorReport): Json {
  const { at, version, checks, mended } = report;
  return {
    version,
    at: at.toString({ smallestUnit: "second" }),
    status: worstOf(report),
    mended: [...mended],
    checks: checks.map(({ name, title, status, found, why, mend, durationMs }) => ({
      name,
      title,
      status,
      found,
      why,
      mend,
      duration_ms: durationMs,
    })),
  };
}

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
