import { z } from "zod";

/** Evidence as it is kept in the database and sent between threads. */
export const evidenceJson = z.object({
  requestedUrl: z.string(),
  finalUrl: z.string().nullable(),
  pageStatus: z.number().nullable(),
  title: z.string().nullable(),
  hasLoginForm: z.boolean(),
  isChallenged: z.boolean(),
  apiCalls: z.array(z.object({ path: z.string(), status: z.number() })),
  problems: z.array(z.string()),
  timedOut: z.boolean(),
  hasCrashed: z.boolean(),
  durationMs: z.number(),
});
