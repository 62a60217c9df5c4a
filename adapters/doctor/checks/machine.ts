import { messageOf } from "../../../domain/errors.ts";
import { fail, ok, skipped, warn } from "../../../domain/operations/doctor.ts";
import { lockHolder } from "../../files/exclusive_lock.ts";
import type { Check } from "../check.ts";

const SMALL_SECONDS = 60;
/** From here on certificates and sessions are refused, and days are others than Cursor's. */
const LARGE_SECONDS = 600;

/** This machine's clock, against the one that the usage page's host tells. */
export const clock: Check = {
  name: "clock",
  title: "Clock",
  async run({ clock, siteAnswer }) {
    const answer = await siteAnswer();
    if ("fault" in answer || answer.date === null) return skipped("the site tells no time to compare with");
    const seconds = Math.round(answer.date.until(clock.now()).total("seconds"));
    const skew = Math.abs(seconds);
    const found = `${skew} s ${seconds < 0 ? "behind" : "ahead of"} the site's`;
    if (skew <= SMALL_SECONDS) return ok(skew <= 2 ? "agrees with the site's" : found);
    const why = "Days, cycles and the session's age are counted by it.";
    const mend = "timedatectl set-ntp true";
    return skew <= LARGE_SECONDS ? warn(found, { why, mend }) : fail(found, { why, mend });
  },
};

/** The zone whose days are shown. */
export const timeZone: Check = {
  name: "time_zone",
  title: "Time zone",
  run({ config: { timeZone }, set, clock }) {
    const system = Temporal.Now.timeZoneId();
    const now = clock.now();
    const time = now.toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: "minute" });
    const isSame =
      now.toZonedDateTimeISO(timeZone).offsetNanoseconds === now.toZonedDateTimeISO(system).offsetNanoseconds;
    if (isSame || set.has("TIME_ZONE")) return ok(`${timeZone}, where it is ${time}`);
    return warn(`days are those of ${timeZone}, this machine is in ${system}`, {
      why: "TIME_ZONE is not set.",
      mend: `Set TIME_ZONE=${system}, or TIME_ZONE=${timeZone} if that is meant`,
    });
  },
};

/** BIND: free for the server, or held by the one that runs. */
export const port: Check = {
  name: "port",
  title: "Port",
  async run({ config: { bind: { hostname, port }, dataDir }, signal }) {
    const address = `${hostname}:${port}`;
    const server = lockHolder(`${dataDir}/serve.lock`);
    const state = tryListen(hostname, port);
    if (state === "free") {
      if (server === null || port === 0) return ok(`${address} is free`);
      return warn(`${address} is free, though a server runs (process ${server.pid ?? "unknown"})`, {
        why: "That server was started with another BIND.",
        mend: "Start the server again, with the BIND of this configuration",
      });
    }
    if (state === "in_use") {
      const isOurs = server !== null && await answersAsTracker({ hostname, port, signal });
      if (isOurs) return ok(`${address} is held by our own server (process ${server.pid ?? "unknown"})`);
      const mend = `Stop that program, or set BIND=${hostname}:${port + 1}`;
      return fail(`${address} is in use`, { why: "Another program listens there.", mend });
    }
    return fail(`${address} cannot be opened`, {
      why: `${state.error}.`,
      mend: "Set BIND to an address of this machine and a port above 1023",
    });
  },
};

function tryListen(hostname: string, port: number): "free" | "in_use" | { readonly error: string } {
  try {
    Deno.listen({ hostname, port }).close();
    return "free";
  } catch (error) {
    return error instanceof Deno.errors.AddrInUse ? "in_use" : { error: messageOf(error) };
  }
}

async function answersAsTracker(
  { hostname, port, signal }: { hostname: string; port: number; signal: AbortSignal },
): Promise<boolean> {
  const host = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
  try {
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}/healthz`;
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(3_000)]) });
    const text = await answer.text();
    return text.includes('"status"');
  } catch {
    return false; // whoever listens there speaks no HTTP, or not ours
  }
}
