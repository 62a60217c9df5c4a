import type { Alert } from "../../domain/alerts/alert.ts";
import type { ChannelSetup, Notification } from "../../domain/alerts/notification.ts";
import type { AlertRule } from "../../domain/alerts/rule.ts";
import type { Snapshot, TokenCounts } from "../../domain/capture/usage.ts";
import type { Config } from "../../domain/config.ts";
import { type Micros, sumMicros } from "../../domain/money.ts";
import { figuresByModel, type ModelFigures, sumTokens } from "../../domain/report/models.ts";
import type { Reports } from "../../domain/report/reports.ts";
import type { PoolStanding, Standing } from "../../domain/report/standing.ts";
import type { Services } from "../services.ts";
import type { JobState } from "./run_tally.ts";

/** Pools beyond these are left out: there are two or three. */
const MOST_POOLS = 10;
const NEWEST_NOTIFICATIONS = 1_000;
/** The costliest models have series of their own, the rest one together: whatever models there will be, no more. */
const MOST_MODELS = 20;
const REST = "other";
const LONGEST_NAME = 100;

/** What metrics are told of: the state of everything at one moment. */
export interface Seen {
  readonly config: Config;
  readonly now: Temporal.Instant;
  /** Of the current cycle; null where there are no figures yet. */
  readonly standing: Standing | null;
  readonly pools: readonly PoolStanding[];
  readonly models: readonly SeenModel[];
  /** The last snapshot. */
  readonly latest: Snapshot | null;
  readonly jobs: ReadonlyMap<string, JobState>;
  readonly alertRules: readonly AlertRule[];
  readonly openAlerts: readonly Alert[];
  readonly channels: readonly ChannelSetup[];
  readonly notifications: readonly Notification[];
}

/** A model's figures in the current cycle, or those of the cheaper ones together. */
interface SeenModel {
  readonly model: string;
  readonly tokens: TokenCounts;
  /** By the metric that counts as spent; null where a part of it is unknown. */
  readonly spend: Micros | null;
}

type LookedAt = Pick<Services, "config" | "clock" | "stores" | "messaging" | "alertRules"> & {
  readonly reports: Reports;
};

/** Looks at everything once. */
export function look(
  { config, clock, stores, messaging, alertRules, reports }: LookedAt,
  jobs: ReadonlyMap<string, JobState>,
): Seen {
  const standing = reports.standing();
  return {
    config,
    now: clock.now(),
    standing,
    pools: standing?.pools.slice(0, MOST_POOLS) ?? [],
    models: standing === null ? [] : seenModels(figuresByModel(standing.rows), config),
    latest: stores.usage.latest(),
    jobs,
    alertRules,
    openAlerts: stores.alerts.listOpen(),
    channels: messaging.known,
    notifications: stores.notifications.list(NEWEST_NOTIFICATIONS),
  };
}

function seenModels(costliestFirst: readonly ModelFigures[], { spendMetric }: Config): SeenModel[] {
  const nameOf = ({ model }: ModelFigures, place: number) => place < MOST_MODELS ? model.slice(0, LONGEST_NAME) : REST;
  const groups = Map.groupBy(
    costliestFirst.map((figures, place) => ({ ...figures, name: nameOf(figures, place) })),
    ({ name }) => name,
  );
  return [...groups].map(([model, figures]) => ({
    model,
    tokens: sumTokens(figures.map(({ tokens }) => tokens)),
    spend: sumMicros(figures.map(({ apiCost, costToYou }) => spendMetric === "api_cost" ? apiCost : costToYou)),
  }));
}
