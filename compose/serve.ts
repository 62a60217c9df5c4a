import { takeExclusiveLock } from "../adapters/exclusive_lock.ts";
import { machineNames } from "../adapters/machine_names.ts";
import { privateDir } from "../adapters/data_dir.ts";
import { ALERT_SWEEP } from "../domain/alert_sweep.ts";
import { BACKUP, INTEGRITY_CHECK } from "../domain/backup/ports.ts";
import { BILLING_FETCH, BILLING_ROLLUP } from "../domain/billing/jobs.ts";
import type { Config } from "../domain/config.ts";
import { messageOf, TrackerError } from "../domain/errors.ts";
import { SCRAPE } from "../domain/scrape_result.ts";
import { dailyAt, every, sundaysAt } from "../jobs/cadence.ts";
import { sleep } from "../jobs/engine/sleep.ts";
import { dueJobs, schedule, type ScheduleEntry } from "../jobs/schedule.ts";
import { lazyWebApp } from "../ui/web/lazy_app.ts";
import { Listener } from "./listener.ts";
import { serviceStatus } from "./service_status.ts";
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
  { interrupted, onListen = () => {} }: { interrupted: AbortSignal; onListen?: (address: Deno.NetAddr) => void },
): Promise<void> {
  const server = listen(services, interrupted);
  onListen(server.addr);
  const work = startJobs(services, interrupted);
  await untilAborted(interrupted);
  services.log.info("serve.stopping");
  await drain(server);
  await services.engine.stop();
  await work;
  services.log.info("serve.stopped");
}

/** Opens BIND. @throws TrackerError where the address is taken or not this machine's. */
function listen(services: OpenServices, interrupted: AbortSignal): Listener {
  const { hostname, port } = services.config.bind;
  const jobs = dueJobs(scheduleOf(services.config));
  const options = { ownNames: machineNames(), closing: interrupted };
  const answer = lazyWebApp({ ...services, schedule: jobs }, options);
  try {
    return new Listener({
      hostname,
      port,
      answer,
      log: services.log,
      onListen: (address) => services.log.info("serve.listening", { url: urlOf(address) }),
    });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      const hint = "Stop the program that listens there, or set BIND to another port.";
      throw new TrackerError(`Cannot listen on ${hostname}:${port} as the port is in use`, { hint, cause: error });
    }
    throw new TrackerError(`Cannot listen on ${hostname}:${port}: ${messageOf(error)}`, {
      hint: "Set BIND to an address of this machine and a free port above 1023.",
      cause: error,
    });
  }
}

/** Where a person opens the dashboard. */
export function urlOf({ hostname, port }: { hostname: string; port: number }): string {
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

async function drain(server: Listener): Promise<void> {
  const drained = server.shutdown();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, DRAIN_MS));
  await Promise.race([drained, late]);
  clearTimeout(timer);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
