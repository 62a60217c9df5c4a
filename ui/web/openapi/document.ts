import { VERSION } from "../../../domain/version.ts";
import type { WebApp } from "../app.tsx";
import { completeDocument } from "./complete.ts";
import type { ApiDocument } from "./types.ts";

const DESCRIPTION = `What the dashboard shows, as JSON.

- Money is in \`_micros\` (exact micro-dollars) beside \`_cents\` (rounded half to even). \`null\` is unknown, never 0.
- Times are ISO 8601 in UTC; days are those of the configured time zone.
- Errors are problem documents (RFC 9457) with a \`hint\` on how to mend them.
- Reads answer GET and HEAD, carry an \`ETag\`, and are sent compressed (br, gzip) to who accepts it.
- Writes need Basic authentication with DASH_USER and DASH_PASS. Browsers need the token of a page besides.`;

/** The description of the whole API, from the definitions of its routes. */
export function apiDocument(app: WebApp): ApiDocument {
  return completeDocument(app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "tracker",
      version: VERSION,
      description: DESCRIPTION,
      license: { name: "MIT" },
    },
    servers: [{ url: "/", description: "This server" }],
    tags: [
      { name: "Usage", description: "Figures of a billing cycle" },
      { name: "Team billing", description: "A team's on-demand billing by month, user and model" },
      { name: "Alerts", description: "Conditions that came true, and messages about them" },
      { name: "Jobs", description: "Runs of jobs with their steps" },
      { name: "Monitoring", description: "Whether all is well" },
    ],
  }));
}
