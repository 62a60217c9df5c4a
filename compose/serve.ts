import { takeExclusiveLock } from "../adapters/files/exclusive_lock.ts";
import { privateDir } from "../adapters/files/files.ts";
import { machineNames } from "../adapters/system/machine_names.ts";
import { openServiceManager } from "../adapters/system/service_manager.ts";
import { sleep, within } from "../adapters/system/timer.ts";
import { untilAborted } from "../domain/abort.ts";
import { ALERT_SWEEP } from "../domain/alerts/delivery.ts";
import { BILLING_FETCH, BILLING_ROLLUP } from "../domain/billing/fetch.ts";
import { SCRAPE, scrapeResultOf } from "../domain/capture/scrape.ts";
import type { Config } from "../domain/config.ts";
import { messageOf, TrackerError } from "../domain/errors.ts";
import { BACKUP, INTEGRITY_CHECK } from "../domain/operations/backup.ts";
import { dailyAt, dueJobs, every, schedule, type ScheduleEntry, sundaysAt } from "../jobs/schedule.ts";
import type { Services } from "../ui/services.ts";
import { lazyWebApp } from "../ui/web/lazy_app.ts";
import { Listener } from "./listener.ts";
import { type Echo, type OpenServices, openServices } from "./services.ts";

/** When each job is due; a new one is one line here. */
const scheduleOf = ({ apiKey }: Config): readonly ScheduleEntry[] => [
  { job: SCRAPE, cadence: every(60) },
  { job: ALERT_SWEEP, cadence: every(15) },
  // Without a key there is nothing to fetch, but other tools' month files are rolled up all the same.
  { job: apiKey === null ? BILLING_ROLLUP : BILLING_FETCH, cadence: dailyAt("04:20") },
  { job: BACKUP, cadence: dailyAt("03:40") },
  { job: INTEGRITY_CHECK, cadence: sundaysAt("05:10") },
];

/** Work that is due at start waits this long: loading the browser library would hold up the first answers by half a second. */
const ANSWER_FIRST_MS = 1_000;

/** How long open connections may take to end after a stop was asked for. */
const DRAIN_MS = 3_000;

/** Where a server listens. */
type Address = Listener["addr"];

/** Serves the dashboard and runs the schedule until `interrupted`. @throws TrackerError where another one does already. */
export async function serve(config: Config, { interrupted, echo }: { interrupted: AbortSignal; echo: Echo }) {
  privateDir(config.dataDir);
  const lock = takeExclusiveLock(`${config.dataDir}/serve.lock`, { what: `serve the data folder "${config.dataDir}"` });
  try {
    const services = openServices(config, { echo, captureIn: "child_process" });
    try {
      using status = serviceStatus(services);
      interrupted.addEventListener("abort", status.stopping, { once: true });
      await serveServices(services, { interrupted, onListen: status.ready });
    } finally {
      await services.close();
    }
  } finally {
    lock.release();
  }
}

/** The same over services that are open already, and stay open. */
export async function serveServices(
  services: OpenServices,
  { interrupted, onListen = () => {} }: { interrupted: AbortSignal; onListen?: (address: Address) => void },
): Promise<void> {
  const server = await listen(services, interrupted);
  onListen(server.addr);
  const work = startJobs(services, interrupted);
  await untilAborted(interrupted);
  services.log.info("serve.stopping");
  await within(DRAIN_MS, server.shutdown());
  await services.engine.stop();
  await work;
  services.log.info("serve.stopped");
}

/** Opens BIND. @throws TrackerError where the address is taken or not this machine's. */
async function listen(services: OpenServices, interrupted: AbortSignal): Promise<Listener> {
  const { hostname, port } = services.config.bind;
  const jobs = dueJobs(scheduleOf(services.config));
  const options = { ownNames: machineNames(), closing: interrupted };
  const answer = lazyWebApp({ ...services, schedule: jobs }, options);
  try {
    const listener = await Listener.open({ hostname, port, answer, log: services.log });
    services.log.info("serve.listening", { url: urlOf(listener.addr) });
    return listener;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const why = WHY_NOT[code] ?? { reason: `: ${messageOf(error)}`, hint: OWN_ADDRESS };
    throw new TrackerError(`Cannot listen on ${hostname}:${port}${why.reason}`, { hint: why.hint, cause: error });
  }
}

const OWN_ADDRESS = "Set BIND to an address of this machine and a free port above 1023.";
/** By the system's code. */
const WHY_NOT: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  EADDRINUSE: {
    reason: " as the port is in use",
    hint: "Stop the program that listens there, or set BIND to another port.",
  },
  EADDRNOTAVAIL: { reason: " as the address is none of this machine's", hint: OWN_ADDRESS },
  // What the runtime makes of the same.
  EINVAL: { reason: " as the address is none of this machine's", hint: OWN_ADDRESS },
  EACCES: { reason: " as this user may not use that port", hint: OWN_ADDRESS },
};

/** Where a person opens the dashboard. */
export function urlOf({ hostname, port }: Address): string {
  const host = hostname === "0.0.0.0" || hostname === "::" ? "localhost" : hostname;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
}

/** Goes on with what a crash interrupted, then with the tick that was missed; from now on by the clock. */
async function startJobs({ config, engine, clock, log }: OpenServices, signal: AbortSignal): Promise<void> {
  const jobs = schedule({ engine, entries: scheduleOf(config), clock, log, signal });
  try {
    await engine.resume();
    await sleep(ANSWER_FIRST_MS, signal);
    if (signal.aborted) return;
    await jobs.catchUp();
    engine.prune();
  } catch (error) {
    if (!signal.aborted) log.error("serve.start_up_failed", { error: messageOf(error) });
  }
}

const STATUS_EVERY_MS = 30_000;

/** Tells systemd, where it started this process, how the server does. */
interface ServiceStatus extends Disposable {
  /** The server answers from now on. */
  ready(): Promise<void>;
  stopping(): Promise<void>;
}

/** The watchdog hears from the event loop itself: a server that hangs falls silent and is restarted. */
function serviceStatus(services: Pick<Services, "runs" | "clock" | "log">): ServiceStatus {
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
function statusText({ runs, clock }: Pick<Services, "runs" | "clock">): string {
  const next = `Next ${timeOf(every(60).lastDue(clock.now()).add({ hours: 1 }))} UTC.`;
  const [run] = runs.list({ job: SCRAPE, limit: 1 });
  if (run === undefined) return `No scrape yet. ${next}`;
  const outcome = run.status === "running" ? "going on" : scrapeResultOf(run).outcome ?? run.status;
  return `Last scrape ${timeOf(run.createdAt)} UTC: ${outcome.replaceAll("_", " ")}. ${next}`;
}

function timeOf(at: Temporal.Instant): string {
  return at.toZonedDateTimeISO("UTC").toPlainTime().toString({ smallestUnit: "minute" });
}
