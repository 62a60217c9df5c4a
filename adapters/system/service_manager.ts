import { messageOf } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";

const MICROSECONDS_PER_MS = 1_000;

/** The service manager that started this process, as sd_notify(3) talks to it. */
interface ServiceManager extends Disposable {
  /** How often it must hear from this process; null where it does not watch. */
  readonly watchdogMs: number | null;
  /** Sends assignments such as "READY=1". What cannot be sent is logged; it is no reason to stop. */
  tell(...assignments: readonly string[]): Promise<void>;
}

/** The environment that is read, and emptied, so that no child process speaks for this one. */
interface Environment {
  get(name: string): string | undefined;
  delete(name: string): void;
}

/** The manager that NOTIFY_SOCKET names; null where this process was started by hand. */
export function openServiceManager(
  { env = Deno.env, pid = Deno.pid, log }: { env?: Environment; pid?: number; log: Pick<Log, "warn"> },
): ServiceManager | null {
  const socket = env.get("NOTIFY_SOCKET");
  const watchdogMs = watchdogOf(env, pid);
  for (const name of ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]) env.delete(name);
  if (socket === undefined || !/^[/@]./.test(socket)) return null;
  // "@" stands for the zero byte that begins the name of a socket outside the file system.
  const path = socket.replace(/^@/, "\0");
  let sender: Deno.DatagramConn;
  try {
    sender = Deno.listenDatagram({ transport: "unixpacket", path: `\0tracker-notify-${crypto.randomUUID()}` });
  } catch (error) {
    log.warn("service_manager.call_failed", { error: messageOf(error) });
    return null;
  }
  return {
    watchdogMs,
    async tell(...assignments) {
      try {
        await sender.send(new TextEncoder().encode(assignments.join("\n")), { transport: "unixpacket", path });
      } catch (error) {
        log.warn("service_manager.call_failed", { error: messageOf(error) });
      }
    },
    [Symbol.dispose]: () => sender.close(),
  };
}

function watchdogOf(env: Environment, pid: number): number | null {
  const microseconds = Number(env.get("WATCHDOG_USEC") ?? "");
  const isForThis = (env.get("WATCHDOG_PID") ?? String(pid)) === String(pid);
  return isForThis && microseconds > 0 ? microseconds / MICROSECONDS_PER_MS : null;
}
