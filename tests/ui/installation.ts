import { type DoctorReport, fail, ok, skipped, warn } from "../../domain/operations/doctor.ts";
import type { Installation } from "../../domain/operations/installation.ts";

/** An installation that is the same on every machine. */
export const INSTALLATION: Installation = {
  versions: () => [{ name: "tracker", version: "9.9.9" }, { name: "SQLite", version: "3.0.0" }],
  sizes: () => Promise.resolve([{ name: "database", bytes: 1_500_000, files: 2, isPartial: false }]),
};

/** What the doctor finds in these tests. */
export const REPORT: DoctorReport = {
  at: Temporal.Instant.from("2026-11-21T19:59:00Z"),
  version: "9.9.9",
  mended: [],
  checks: [
    { name: "data_dir", title: "Data folder", durationMs: 3, ...ok("It is private and can be written to") },
    {
      name: "login",
      title: "Login",
      durationMs: 1,
      ...fail("The session has ended", { why: "The usage page asks for a login", mend: "tracker onboard" }),
    },
    {
      name: "clock",
      title: "Clock",
      durationMs: 1,
      ...warn("It is 90 s off", { why: "Days would end late", mend: null }),
    },
    { name: "admin_api", title: "Admin API", durationMs: 0, ...skipped("No CURSOR_API_KEY is set") },
  ],
};
