import type { Reports } from "../../domain/report/reports.ts";
import type { MetricRegistry } from "../metrics/registry.ts";
import type { Services } from "../services.ts";
import type { CsrfTokens } from "./auth.ts";
import type { DoctorMemo } from "./doctor_memo.ts";
import type { LiveFeed } from "./live/feed.ts";
import { OpenAPIHono } from "@hono/zod-openapi";

/** What answers HTTP. */
export type WebApp = OpenAPIHono;

/** What the routes work with: the services, and reports that remember what they worked out. */
export interface WebServices extends Services {
  readonly reports: Reports;
  readonly metrics: MetricRegistry;
  readonly tokens: CsrfTokens;
  readonly live: LiveFeed;
  readonly doctorMemo: DoctorMemo;
}

/** How the app is served. */
export interface WebAppOptions {
  /** Names that the network calls this machine; requests for others are refused. Default none. */
  readonly ownNames?: readonly string[];
  /** Aborted when the server stops: streams that would never end by themselves end then. */
  readonly closing?: AbortSignal;
}
