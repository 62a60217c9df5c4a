import { fail, ok, skipped, warn } from "../../../domain/doctor.ts";
import { TrackerError } from "../../../domain/errors.ts";
import type { Log } from "../../../domain/ports.ts";
import { AdminClient } from "../../cursor_admin/client.ts";
import type { Check } from "../check.ts";

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
const REFUSED = 2;

/** The Admin API's key, by one real request for a single event of the last hour. */
export const adminApi: Check = {
  name: "admin_api",
  title: "Admin API",
  limitMs: () => 15_000,
  async run({ config: { apiKey, adminUrl }, clock, signal }) {
    if (apiKey === null) return skipped("CURSOR_API_KEY is not set; only team billing needs it");
    const endMs = clock.now().epochMilliseconds;
    const query = { startMs: endMs - 3_600_000, endMs, page: 1, pageSize: 1 };
    try {
      const client = new AdminClient({
        baseUrl: adminUrl.href,
        apiKey: apiKey.reveal(),
        clock,
        log: SILENT,
        retries: 0,
        timeoutMs: 12_000,
      });
      await client.usageEvents(query, { signal });
      return ok(`${adminUrl.host} takes the key`);
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      const told = { why: error.hint ?? "Team billing cannot be fetched.", mend: "tracker billing fetch" };
      if (error.exitCode !== REFUSED) return warn(error.message, told);
      return fail(error.message, { ...told, mend: "Set CURSOR_API_KEY to an Admin API key" });
    }
  },
};
