import type { Installation } from "../../domain/installation.ts";

/** An installation that is the same on every machine. */
export const INSTALLATION: Installation = {
  versions: () => [{ name: "tracker", version: "9.9.9" }, { name: "SQLite", version: "3.0.0" }],
  sizes: () => Promise.resolve([{ name: "database", bytes: 1_500_000, files: 2, isPartial: false }]),
};
