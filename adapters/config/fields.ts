import { type QuietHours, secret } from "../../domain/config.ts";
import { type Micros, microsFromDollars } from "../../domain/money.ts";
import { z } from "zod";

/** Schemas of the environment's variables: text as it is written there, to what the program works with. */

const DOLLARS = /^\$?\d{1,9}(?:\.\d{1,2})?$/;
const HOST_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/i;

/** "0.0.0.0:8787", "[::1]:8787", ":8787" (every address). */
export const bindAddress = z.string().transform((text, context) => {
  const match = HOST_AND_PORT.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    return fail(context, `must be an address and a port, such as 0.0.0.0:8787: current value is "${text}"`);
  }
  return { hostname: match[1] ?? (match[2] || "0.0.0.0"), port };
});

/** An absolute http or https address. */
export const httpUrl = z.string().transform((text, context) => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    return fail(context, `must be an http or https address: current value is "${withoutUserInfo(text)}"`);
  }
  return url;
});

/** An address that is a secret itself; the fault does not repeat it. */
export const secretUrl = z.string().transform((text, context) => {
  const url = URL.parse(text);
  if (url?.protocol === "http:" || url?.protocol === "https:") return secret(text);
  return fail(context, "must be an http or https address");
});

/** An address that links are made of: an http or https address that a path can be put behind. */
export const dashboardUrl = httpUrl.transform((url, context) => {
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    return fail(context, "must be an http or https address without a user name, a query or a fragment");
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
});

/** "smtp.example.com", "192.168.1.2", "::1": a host alone, without scheme or port. */
export const hostName = z.string().transform((text, context) => {
  const isName = /^(?=.{1,253}$)[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.?$/u.test(text);
  if (isName || (text.includes(":") && URL.canParse(`http://[${text}]/`))) return text;
  return fail(context, `must be a host name or an address, without scheme or port: current value is "${text}"`);
});

export const secretText = z.string().transform((text) => secret(text));

export const portNumber = integer({ min: 1, max: 65_535 });

/** An integer between two limits, both allowed. */
export function integer({ min, max }: { min: number; max: number }) {
  return z.string().transform((text, context) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    return fail(context, `must be a whole number from ${min} to ${max}: current value is "${text}"`);
  });
}

/** A number above zero. */
export const positiveNumber = z.string().transform((text, context) => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value > 0 && value <= 36_500) return value;
  return fail(context, `must be a number above 0: current value is "${text}"`);
});

/** "5,10,15,18": dollars, rising, each once; "none" is no amount at all. */
export const dollarList = z.string().transform((text, context): Micros[] => {
  const amounts = new Set<Micros>();
  for (const part of listParts(text)) {
    const amount = DOLLARS.test(part) ? microsFromDollars(part.replace(/^\$/, "")) : null;
    if (amount === null || amount <= 0) {
      return fail(context, `must be dollars with commas between, such as 5,10,15,18: "${part}" is none`);
    }
    amounts.add(amount);
  }
  return [...amounts].sort((a, b) => a - b);
});

/** "80,100": whole percentages, rising, each once; "none" is none at all. */
export const percentList = z.string().transform((text, context): number[] => {
  const percents = new Set<number>();
  for (const part of listParts(text)) {
    const percent = /^\d{1,4}\s*%?$/.test(part) ? Number(part.replace("%", "")) : 0;
    if (percent < 1 || percent > 1000) {
      const rule = "must be whole percentages from 1 to 1000 with commas between, such as 80,100";
      return fail(context, `${rule}: "${part}" is none`);
    }
    percents.add(percent);
  }
  return [...percents].sort((a, b) => a - b);
});

/** "22:00-07:00": from the first time of day up to the second one, over midnight where that is earlier. */
export const quietHours = z.string().transform((text, context): QuietHours => {
  const [, from, to] = /^((?:[01]\d|2[0-3]):[0-5]\d)\s*-\s*((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text.trim()) ?? [];
  if (from === undefined || to === undefined || from === to) {
    return fail(context, `must be two different times of day such as 22:00-07:00: current value is "${text}"`);
  }
  return { from: Temporal.PlainTime.from(from), to: Temporal.PlainTime.from(to) };
});

/** Parts with commas between, white space ignored. */
const commaList = z.string().transform((text) =>
  text.split(",").map((part) => part.trim()).filter((part) => part !== "")
);

const HOST_NAME = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i;

/** Host names with commas between; "*.example.org" stands for every name below example.org. */
export const hostNames = commaList.transform((names, context) => {
  const wrong = names.find((name) => !HOST_NAME.test(name));
  if (wrong === undefined) return names;
  return fail(context, `must be host names without scheme, port and path, commas between: "${wrong}" is none`);
});

/** An IANA time zone, such as "Europe/Berlin". */
export const timeZone = z.string().transform((text, context) => {
  try {
    return Temporal.Now.zonedDateTimeISO(text).timeZoneId;
  } catch {
    return fail(context, `must be a time zone such as Europe/Berlin or UTC: current value is "${text}"`);
  }
});

/** One of several words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.string().transform((text, context): Words[number] => {
    const word = words.find((word) => word === text.toLowerCase());
    return word ?? fail(context, `must be one of ${words.join(", ")}: current value is "${text}"`);
  });
}

/** An empty part is kept, so that it is found as a fault. */
function listParts(text: string): string[] {
  return text.trim().toLowerCase() === "none" ? [] : text.split(",").map((part) => part.trim());
}

function withoutUserInfo(text: string): string {
  return text.replace(/\/\/[^/@]*@/, "//…@");
}

/** Reports the rule that a text breaks, for a schema to answer with. */
export function fail(context: z.core.$RefinementCtx, message: string): never {
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
