import { fail, ok, warn } from "../../../domain/doctor.ts";
import { messageOf } from "../../../domain/errors.ts";
import { lockHolder } from "../../exclusive_lock.ts";
import type { Check } from "../check.ts";

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
