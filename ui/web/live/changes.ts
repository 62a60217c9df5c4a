import type { Alert } from "../../../domain/alerts/alert.ts";
import type { Snapshot } from "../../../domain/capture/usage.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { Services } from "../../services.ts";

/** What may have happened. `changed` stands for whatever has no name of its own, such as a new budget. */
type LiveEventType = "snapshot" | "alert" | "run" | "progress" | "changed";

/** Something that happened, as readers get it. */
export interface LiveEvent {
  readonly type: LiveEventType;
  readonly data: JsonObject;
}

/** Changes are looked for among so many of the newest runs and alerts; running runs always. */
const MOST_RUNS = 30;
const MOST_ALERTS = 30;

/** What the database holds, by what tells a change of it. */
interface State {
  readonly version: string;
  readonly snapshot: string;
  readonly alerts: ReadonlyMap<number, string>;
  readonly runs: ReadonlyMap<number, string>;
}

/** Finds what changed in the database since it was asked last, whichever process wrote it. */
export class Changes {
  readonly #services: Pick<Services, "stores" | "runs">;
  #before: State | null = null;

  constructor(services: Pick<Services, "stores" | "runs">) {
    this.#services = services;
  }

  /** Nothing at the first time. Cheap where nothing was written. */
  next(): LiveEvent[] {
    const { stores } = this.#services;
    const version = stores.version();
    const before = this.#before;
    if (version === before?.version) return [];
    const snapshot = stores.usage.latest();
    const alerts = new Map(stores.alerts.list(MOST_ALERTS).map((alert) => [alert.id, alertData(alert)]));
    const runs = this.#runs();
    const now: State = {
      version,
      snapshot: JSON.stringify(snapshotData(snapshot)),
      alerts: texts(alerts),
      runs: texts(runs),
    };
    this.#before = now;
    if (before === null) return [];
    const events: LiveEvent[] = [
      ...(snapshot === null || now.snapshot === before.snapshot
        ? []
        : [{ type: "snapshot", data: snapshotData(snapshot) } as const]),
      ...changed(alerts, { before: before.alerts, now: now.alerts }).map((data) => ({ type: "alert", data } as const)),
      ...changed(runs, { before: before.runs, now: now.runs }).map((data) => ({ type: "run", data } as const)),
    ];
    return events.length > 0 ? events : [{ type: "changed", data: {} }];
  }

  #runs(): Map<number, JsonObject> {
    const { runs } = this.#services;
    const listed = [...runs.list({ limit: MOST_RUNS }), ...runs.list({ status: "running", limit: MOST_RUNS })];
    return new Map(listed.map((run) => {
      const { id, job, key, status, createdAt, finishedAt, cancelRequestedAt } = run;
      const detail = status === "running" ? runs.show(id) : null;
      return [id, {
        id,
        job,
        key,
        status,
        created_at: createdAt.toString(),
        finished_at: finishedAt?.toString() ?? null,
        is_cancelling: status === "running" && cancelRequestedAt !== null,
        ...(detail === null ? {} : {
          steps: detail.steps.length,
          attempts: detail.attempts.length,
          step: detail.attempts.at(-1)?.step ?? null,
        }),
      }];
    }));
  }
}

function snapshotData(snapshot: Snapshot | null): JsonObject {
  if (snapshot === null) return {};
  const { id, capturedAt, lastCheckedAt, rowsCount } = snapshot;
  return { id, captured_at: capturedAt.toString(), last_checked_at: lastCheckedAt.toString(), rows_count: rowsCount };
}

function alertData({ id, kind, triggeredAt, clearedAt }: Alert): JsonObject {
  return { id, kind, triggered_at: triggeredAt.toString(), cleared_at: clearedAt?.toString() ?? null };
}

function texts(all: ReadonlyMap<number, JsonObject>): Map<number, string> {
  return new Map([...all].map(([id, data]) => [id, JSON.stringify(data)]));
}

/** Oldest first. What was not among the newest before is new only where its id is. */
function changed(
  all: ReadonlyMap<number, JsonObject>,
  { before, now }: { before: ReadonlyMap<number, string>; now: ReadonlyMap<number, string> },
): JsonObject[] {
  return [...all].filter(([id]) => before.get(id) !== now.get(id)).sort(([a], [b]) => a - b).map(([, data]) => data);
}

/** Where the pages listen for what is new. */
export const EVENTS_PATH = "/api/events";
