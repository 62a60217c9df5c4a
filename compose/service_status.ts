import { openServiceManager } from "../adapters/systemd/notify.ts";
import { SCRAPE, scrapeResultOf } from "../domain/scrape_result.ts";
import { every } from "../jobs/cadence.ts";
import type { Services } from "../ui/services.ts";

const STATUS_EVERY_MS = 30_000;

/** Tells systemd, where it started this process, how the server does. */
export interface ServiceStatus extends Disposable {
  /** The server answers from now on. */
  ready(): Promise<void>;
  stopping(): Promise<void>;
}

/** The watchdog hears from the event loop itself: a server that hangs falls silent and is restarted. */
export function serviceStatus(services: Pick<Services, "runs" | "clock" | "log">): ServiceStatus {
  const manager = openServiceManager({ log: services.log });
  if (manager === null) {
    return { ready: () => Promise.resolve(), stopping: () => Promise.resolve(), [Symbol.dispose]: () => {} };
  }
  let timer: ReturnType<typeof setInterval> | undefined;
  const beat = () => manager.tell("WATCHDOG=1", `STATUS=${statusText(services)}`);
  return {
    async ready() {
      await manager.tell("READY=1", `STATUS=${statusText(services)}`);
      timer = setInterval(beat, Math.min(STATUS_EVERY_MS, (manager.watchdogMs ?? Infinity) / 2));
    },
    stopping: () =>
      manager.tell("STOPPING=1", "STATUS=Stopping: finishing what can be finished, the rest goes on later."),
    [Symbol.dispose]() {
      clearInterval(timer);
      manager[Symbol.dispose]();
    },
  };
}

/** "Last scrape 19:00 UTC: stored. Next 20:00 UTC." */
export function statusText({ runs, clock }: Pick<Services, "runs" | "clock">): string {
  const next = `Next ${timeOf(every(60).lastDue(clock.now()).add({ hours: 1 }))} UTC.`;
  const [run] = runs.list({ job: SCRAPE, limit: 1 });
  if (run === undefined) return `No scrape yet. ${next}`;
  const outcome = run.status === "running" ? "going on" : scrapeResultOf(run).outcome ?? run.status;
  return `Last scrape ${timeOf(run.createdAt)} UTC: ${outcome.replaceAll("_", " ")}. ${next}`;
}

function timeOf(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO("UTC").toPlainTime().toString({ smallestUnit: "minute" });
}
