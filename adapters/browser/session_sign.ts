import type { RawPayload, SessionSign } from "../../domain/capture/capture.ts";
import { endpointOf } from "./in_page.ts";
import type { BrowserContext } from "playwright-core";
import { z } from "zod";

const SESSION_COOKIES = /session|token|auth|workos/i;
const me = z.object({ email: z.string() });

/** What the browser's cookies tell: secrets to be masked, and when the session ends. No value is ever kept. */
interface CookieSigns {
  readonly secrets: readonly string[];
  readonly expiresAt: Temporal.Instant | null;
}

/** Looks at the cookies: those that scripts cannot read, and those that are called like a session. */
export async function cookieSigns(context: BrowserContext, usageUrl: URL): Promise<CookieSigns> {
  const cookies = await context.cookies();
  const secrets = cookies.filter(({ name, httpOnly }) => httpOnly || SESSION_COOKIES.test(name));
  const own = (await context.cookies(usageUrl.href)).filter(({ name, httpOnly }) =>
    httpOnly && SESSION_COOKIES.test(name)
  );
  const ends = own.filter(({ expires }) => expires > 0).map(({ expires }) => Math.floor(expires * 1000));
  return {
    secrets: secrets.map(({ value }) => value),
    expiresAt: ends.length === 0 ? null : Temporal.Instant.fromEpochMilliseconds(Math.min(...ends)),
  };
}

/** Whose session it is, where the page asked the site for that. */
export function sessionSign(
  payloads: readonly RawPayload[],
  { expiresAt, accountOf }: { expiresAt: Temporal.Instant | null; accountOf: (email: string) => string | null },
): SessionSign {
  const answer = payloads.findLast(({ url, status }) => endpointOf(url) === "me" && status < 300);
  const email = answer === undefined ? null : emailOf(answer.body);
  return { account: email === null ? null : accountOf(email), expiresAt };
}

function emailOf(body: string): string | null {
  try {
    return me.safeParse(JSON.parse(body)).data?.email ?? null;
  } catch {
    return null; // cut off on its way: the next capture tells it
  }
}
