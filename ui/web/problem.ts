import type { Context } from "@hono/hono";

/** An error as RFC 9457 has it. */
export interface Problem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
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

/** Answers with `application/problem+json`. */
export function problemResponse(context: Context, problem: Problem): Response {
  const body = JSON.stringify({ type: "about:blank", ...problem });
  return context.body(body, problem.status, { "content-type": "application/problem+json; charset=utf-8" });
}
