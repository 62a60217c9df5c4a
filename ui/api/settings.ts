import { type Setting, SETTING_SOURCES } from "../../domain/config.ts";
import type { Json } from "../../domain/json.ts";
import type { Micros } from "../../domain/money.ts";
import { type DoctorReport, worstOf } from "../../domain/operations/doctor.ts";
import type { StoredSize, Version } from "../../domain/operations/installation.ts";
import type { Budget } from "../../domain/report/budget.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { budgetsJson } from "./budget.ts";
import { money } from "./schemas.ts";
import { z } from "zod";

/** What GET /api/settings tells. */
interface SettingsParts {
  readonly settings: readonly Setting[];
  readonly budgets: readonly Budget[];
  readonly thresholds: readonly Micros[];
  readonly versions: readonly Version[];
  readonly sizes: readonly StoredSize[];
  readonly report: DoctorReport | null;
}

const setting = answerOf<Setting>()({
  name: [z.string(), ({ name }) => name],
  value: [z.string().nullable(), ({ value }) => value],
  is_hidden: [z.boolean(), ({ isHidden }) => isHidden],
  is_set: [z.boolean(), ({ isSet }) => isSet],
  source: [z.enum(SETTING_SOURCES), ({ source }) => source],
});

const version = answerOf<Version>()({
  name: [z.string(), ({ name }) => name],
  version: [z.string(), ({ version }) => version],
});

const size = answerOf<StoredSize>()({
  name: [z.string(), ({ name }) => name],
  bytes: [z.int(), ({ bytes }) => bytes],
  files: [z.int(), ({ files }) => files],
  is_partial: [
    z.boolean().describe("Whether there were too many files to look at all of them"),
    ({ isPartial }) => isPartial,
  ],
});

/** How the tracker is set up. A value that is not to be shown is null, and `is_set` tells whether there is one. */
const answer = answerOf<SettingsParts>()({
  settings: [z.array(setting.schema), ({ settings }) => settings.map(setting.json)],
  effective_budget_cents: [money, ({ budgets }) => budgetsJson(budgets).effective_budget_cents],
  thresholds_micros: [z.array(z.int()), ({ thresholds }) => thresholds.map(Number)],
  versions: [z.array(version.schema), ({ versions }) => versions.map(version.json)],
  sizes: [z.array(size.schema), ({ sizes }) => sizes.map(size.json)],
  doctor: [
    z.unknown().describe("Null before the first look; the same as `doctor --json` prints"),
    ({ report }) => report === null ? null : doctorJson(report),
  ],
});

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

const route = routeOf({
  method: "get",
  path: "/api/settings",
  summary: "How the tracker is set up: configuration without secrets, versions, sizes, and what the doctor found last",
  responses: {
    200: jsonOf("`value` is null where nothing is set, and where it is not to be shown", answer.schema),
  },
});

/** GET /api/settings */
export function settingsRoute(app: WebApp, { config, stores, installation, doctorMemo }: WebServices): void {
  app.openapi(route, async (context) =>
    context.json(
      answer.json({
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
