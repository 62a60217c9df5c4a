import type { Context } from "@hono/hono";

/** An error as RFC 9457 has it. */
export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 414 | 415 | 421 | 422 | 429 | 431 | 500 | 503;
  readonly title: string;
  readonly detail: string;
  /** How to mend it. */
  readonly hint?: string;
}

/** Ends the request with a problem. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** What every problem is sent with: no browser keeps it, takes it for a page, or shows it in a frame. */
const PROBLEM_HEADERS = {
  "content-type": "application/problem+json; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** Answers with `application/problem+json`; headers that were set on the context are kept. */
export function problemResponse(context: Context, problem: Problem): Response {
  return context.body(textOf(problem), problem.status, PROBLEM_HEADERS);
}

/** The same where there is no context. */
export function problemAnswer(problem: Problem): Response {
  return new Response(textOf(problem), { status: problem.status, headers: PROBLEM_HEADERS });
}

function textOf(problem: Problem): string {
  return JSON.stringify({ type: "about:blank", ...problem });
}
