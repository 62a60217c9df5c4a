import { HttpProblem } from "./problem.ts";

/** The number in a page's path. @throws HttpProblem 404 where it is none. */
export function pathId(text: string, { what }: { what: string }): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new HttpProblem({ status: 404, title: "Not found", detail: `There is no ${what} ${text.slice(0, 40)}.` });
}
