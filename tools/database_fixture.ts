import { VERSION } from "../domain/version.ts";
import { makeEvent } from "../tests/domain/events/make_event.ts";
import { instant } from "../tests/domain/history/snapshots.ts";
import { fillTwoCycles, testServices } from "../tests/ui/services_harness.ts";
import { dumpDatabase } from "./dump_database.ts";

// `deno run -A tools/database_fixture.ts`: writes fixtures/databases/VERSION.sql, a database as this version leaves it.
// To be run right before a release. That of a released version is never made again: it is what its users have.
const path = new URL(`../fixtures/databases/${VERSION}.sql`, import.meta.url);
using services = testServices();
fillTwoCycles(services);
const { db, stores } = services.database;
const at = instant("2026-11-10T12:00:00Z");
stores.events.merge([makeEvent({ at: at.toString(), model: "opus" })]);
stores.alerts.open({ kind: "scrape_error", dedupeKey: "scrape_error:fixture", details: "a fixture", at });
db.exec(`
  INSERT INTO runs (job, key, status, input, output, owner, fence, created_at, finished_at) VALUES
    ('scrape', '2026-11-10T12:00Z', 'succeeded', 'null', '{"outcome":"stored"}', '1-a', 1,
     '2026-11-10T12:00:00.000Z', '2026-11-10T12:00:05.000Z');
  INSERT INTO steps (run_id, name, result, finished_at) VALUES (1, 'capture', '{"capture_id":1}', '2026-11-10T12:00:04.000Z');
`);
Deno.writeTextFileSync(path, dumpDatabase(db));
Deno.stdout.writeSync(new TextEncoder().encode(`Wrote ${path.pathname}\n`));
