import { bodyLimit } from "@hono/hono/body-limit";
import type { Context } from "@hono/hono";
import { HttpProblem } from "./problem.ts";

const LONGEST_FORM_BYTES = 4_096;

/** The fields of a posted form, however often it is asked for. @throws HttpProblem where the body is too long. */
export async function readForm(context: Context): Promise<ReadonlyMap<string, string>> {
  const type = context.req.header("content-type") ?? "";
  // Such as a browser's fetch without a body: it has no field, which is for the caller to refuse.
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return new Map();
  if (context.req.bodyCache.text === undefined) {
    const limit = bodyLimit({ maxSize: LONGEST_FORM_BYTES, onError: refuseLongForm });
    await limit(context, async () => void await context.req.text());
  }
  return new Map(new URLSearchParams(await context.req.text()));
}

function refuseLongForm(): never {
  const detail = `The form must have at most ${LONGEST_FORM_BYTES} bytes.`;
  throw new HttpProblem({ status: 413, title: "Content too large", detail });
}
