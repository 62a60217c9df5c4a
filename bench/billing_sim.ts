import { adminApi } from "../fixtures/cursor_sim/admin_api.ts";
import { KEY, monthEvents, NOW } from "./billing_data.ts";

// `deno run bench/billing_sim.ts EVENTS`: serves the simulated Admin API, and prints its port, until it is killed.
if (import.meta.main) {
  const api = adminApi({ apiKey: KEY, events: monthEvents(Number(Deno.args[0])), clock: { now: () => NOW } });
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => Deno.stdout.writeSync(new TextEncoder().encode(`${port}\n`)),
  }, api.fetch);
}
