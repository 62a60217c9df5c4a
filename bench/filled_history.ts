import { loadConfig } from "../adapters/config/config.ts";
import { tableFiles } from "../adapters/files/tables.ts";
import { openDatabase } from "../adapters/sqlite/open.ts";
import { sqliteStores } from "../adapters/sqlite/stores.ts";
import { transaction } from "../adapters/sqlite/transaction.ts";
import { ALERT_RULES } from "../domain/alerts/rules.ts";
import type { UsageRow } from "../domain/capture/usage.ts";
import { cycleBetween } from "../domain/cycle.ts";
import { micros } from "../domain/money.ts";
import type { Stores } from "../domain/stores.ts";
import type { Services } from "../ui/services.ts";

const MODELS = 6;
const EVENTS_PER_YEAR = 33_334;
const START = Temporal.Instant.from("2016-11-10T12:00:00Z");

/** How much history a database is filled with. */
export interface History {
  readonly years: number;
  readonly hoursPerSnapshot: number;
}

/** Services over a new database with so much history, at the moment of its last snapshot. */
export function fill(
  dir: string,
  { years, hoursPerSnapshot }: History,
): { services: Services; stores: Stores } & Disposable {
  const hours = Math.round(years * 365.25 * 24);
  const now = START.add({ hours });
  const clock = { now: () => now };
  const db = openDatabase(dir, { clock });
  const stores = sqliteStores(db);
  transaction(db, () => {
    insertSnapshots(stores, { hours, hoursPerSnapshot });
    stores.history.rebuild();
  });
  const never = () => {
    throw new Error("No run is started here");
  };
  const unused = () => Promise.reject(new Error("Nothing of this is asked for here"));
  const quiet = () => undefined;
  const services: Services = {
    config: loadConfig({ env: { PROJECTION_METHOD: "auto" }, workingDir: dir }),
    clock,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    stores,
    runs: {
      jobs: [],
      list: () => [],
      show: () => null,
      run: unused,
      begin: never,
      retry: unused,
      beginRetry: never,
      cancel: () => false,
      resume: unused,
    },
    schedule: [],
    tables: tableFiles,
    replay: unused,
    monthFiles: { list: () => Promise.resolve([]), events: async function* () {} },
    fetchProgress: { follow: () => ({ [Symbol.dispose]() {} }) },
    installation: { versions: () => [], sizes: unused },
    doctor: unused,
    messaging: {
      known: [],
      channels: [],
      dashboardUrl: null,
      newMessageId: () => "<bench@tracker.invalid>",
      render: unused,
    },
    alertRules: ALERT_RULES,
  };
  return { services, stores, [Symbol.dispose]: () => db.close() };
}

/** Every hour brings its share of the year's requests, a cent and a thousand tokens each, to one model after another. */
function insertSnapshots(
  { usage }: Stores,
  { hours, hoursPerSnapshot }: { hours: number; hoursPerSnapshot: number },
): void {
  const perHour = EVENTS_PER_YEAR / (365.25 * 24);
  let cycleStart = START;
  let cycleEnd = monthAfter(START);
  let requests = new Array<number>(MODELS).fill(0);
  let sent = 0;
  for (let hour = hoursPerSnapshot; hour <= hours; hour += hoursPerSnapshot) {
    const capturedAt = START.add({ hours: hour });
    if (Temporal.Instant.compare(capturedAt, cycleEnd) >= 0) {
      [cycleStart, cycleEnd] = [cycleEnd, monthAfter(cycleEnd)];
      requests = new Array<number>(MODELS).fill(0);
    }
    for (; sent < hour * perHour; sent++) requests[sent % MODELS] = (requests[sent % MODELS] ?? 0) + 1;
    usage.insert({
      usage: {
        cycle: cycleBetween(cycleStart, cycleEnd),
        rows: requests.map(rowOf),
        pools: [{ name: "Other Models", percentUsed: 40, used: null, limit: null }],
        source: "network_json",
        membership: "pro",
      },
      tableHash: String(hour).padStart(64, "0"),
      capturedAt,
      captureId: null,
      payload: null,
    });
  }
}

function rowOf(requests: number, model: number): UsageRow {
  const tokens = requests * 1_000;
  return {
    model: `model-${model}`,
    tokens: { inputWithCacheWrite: 0, inputWithoutCacheWrite: tokens, cacheRead: 0, output: 0, total: tokens },
    apiCost: micros(requests * 10_000),
    costToYou: micros(0),
    costBasis: "included",
  };
}

function monthAfter(at: Temporal.Instant): Temporal.Instant {
  return at.toZonedDateTimeISO("UTC").add({ months: 1 }).toInstant();
}
