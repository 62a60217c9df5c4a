import type { TokenCounts } from "../../domain/capture/usage.ts";
import type { StoredCycle } from "../../domain/history/stored_cycle.ts";
import type { Json } from "../../domain/json.ts";
import type { WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { answerOf } from "./answer.ts";
import type { Env } from "@hono/hono";
import type { Hook } from "@hono/zod-openapi";
import { z } from "zod";

/** Schemas that several routes share. */

/** Money, or null where it is unknown. */
export const money = z.int().nullable();

/** Any JSON: the document leaves open what is in it. */
export const anyJson = z.unknown() as unknown as z.ZodType<Json, Json>;

/** Token counts as every answer has them. */
export const tokens = answerOf<TokenCounts>()({
  input_with_cache_write: [z.int(), (counts) => counts.inputWithCacheWrite],
  input_without_cache_write: [z.int(), (counts) => counts.inputWithoutCacheWrite],
  cache_read: [z.int(), (counts) => counts.cacheRead],
  output: [z.int(), (counts) => counts.output],
  total: [z.int(), (counts) => counts.total],
});

/** A date in a query. */
export const date = z.string().transform((text, context): Temporal.PlainDate => {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    try {
      return Temporal.PlainDate.from(text);
    } catch {
      // Falls through: a date that no calendar has.
    }
  }
  context.addIssue({ code: "custom", message: `must be a date such as 2026-11-10: current value is "${text}"` });
  return z.NEVER;
}).meta({ type: "string", format: "date" });

/** Which cycle is meant: the day that it starts on, or the current one. */
export const cycleQuery = z.object({
  cycle: date.optional().meta({ description: "The day the cycle starts on; the current cycle by default" }),
});

/** What every route may answer instead. */
export const refusals = {
  400: { description: "The request is not understood" },
  404: { description: "There is no such cycle" },
} as const;

/** The number in a path such as /api/runs/42. */
export const idParameter = z.object({
  id: wholeNumber({ least: 1, most: Number.MAX_SAFE_INTEGER }).meta({ type: "integer", minimum: 1, example: 42 }),
});

/** A whole number in a path or a query. */
export function wholeNumber({ least, most }: { least: number; most: number }) {
  return z.string().transform((text, context): number => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    context.addIssue({
      code: "custom",
      message: `must be a whole number from ${least} to ${most}: current value is "${text}"`,
    });
    return z.NEVER;
  }).meta({ type: "integer", minimum: least, maximum: most });
}

/** What every write may answer instead. */
export const writeRefusals = {
  400: { description: "The request is not understood" },
  401: { description: "The login is missing or wrong" },
  403: {
    description: "No login is configured, or the request comes from another site, or from a page without its token",
  },
  429: { description: "Too many wrong logins came from this address" },
} as const;

/** Turns a request that does not fit its schema into a problem: 422 for what a body says, 400 for the rest. */
export const refuseInvalid: Hook<unknown, Env, string, unknown> = (result) => {
  if (result.success) return;
  const issue = result.error.issues[0];
  const place = issue?.path.join(".") ?? "";
  const isBody = result.target === "json";
  throw new HttpProblem({
    status: isBody ? 422 : 400,
    title: isBody ? "Unprocessable content" : "Bad request",
    detail: `${place === "" ? result.target : `'${place}'`} ${issue?.message ?? "is not valid"}`,
  });
};

/** The cycle that a request asks for, null where there are no figures yet. @throws HttpProblem 404 for an unknown one. */
export function askedCycle({ reports }: WebServices, key: Temporal.PlainDate | undefined): StoredCycle | null {
  const cycle = reports.cycle(key);
  if (cycle !== null || key === undefined) return cycle;
  throw new HttpProblem({
    status: 404,
    title: "Not found",
    detail: `There is no cycle that starts on ${key}.`,
    hint: "See /api/cycles for the cycles that are known.",
  });
}

/** The number in a page's path. @throws HttpProblem 404 where it is none. */
export function pathId(text: string, { what }: { what: string }): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new HttpProblem({ status: 404, title: "Not found", detail: `There is no ${what} ${text.slice(0, 40)}.` });
}
