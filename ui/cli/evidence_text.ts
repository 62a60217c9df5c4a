import { isJsonObject, type Json } from "../../domain/json.ts";

/** What a failed scrape's outcome was decided by, as lines; nothing where a failure has no evidence. */
export function evidenceText(details: Json): string {
  const evidence = isJsonObject(details) ? details["evidence"] : null;
  if (evidence === undefined || !isJsonObject(evidence)) return "";
  const calls = Array.isArray(evidence["apiCalls"]) ? evidence["apiCalls"] : [];
  const problems = Array.isArray(evidence["problems"]) ? evidence["problems"] : [];
  const facts: readonly (readonly [string, Json | undefined])[] = [
    ["page", evidence["finalUrl"] ?? evidence["requestedUrl"]],
    ["status", evidence["pageStatus"]],
    ["title", evidence["title"]],
    ["login form", evidence["hasLoginForm"]],
    ["bot check", evidence["isChallenged"]],
    ["timed out", evidence["timedOut"]],
    ["crashed", evidence["hasCrashed"]],
    ...calls.map((call) => ["call", isJsonObject(call) ? `${call["path"]} ${call["status"]}` : null] as const),
    ...problems.map((problem) => ["problem", problem] as const),
  ];
  const told = facts.filter(([, value]) => value !== null && value !== undefined && value !== false);
  return `\nEvidence\n${
    told.map(([name, value]) => `  ${name.padEnd(10)}  ${value === true ? "yes" : value}\n`).join("")
  }`;
}
