import type { MiddlewareHandler } from "@hono/hono";
import { problemResponse } from "./problem.ts";
import type { RouteTable } from "./route_table.ts";

/**
 * Refuses a method that an address does not have with 405, an address that there is not with 404, and answers OPTIONS:
 * each with the Allow header. `table` is asked per request, as routes are added after this.
 */
export function knownMethods(table: () => RouteTable): MiddlewareHandler {
  return async function checkMethod(context, next) {
    const { method, path } = context.req;
    const route = table().find(path);
    if (route === null) {
      return problemResponse(context, {
        status: 404,
        title: "Not found",
        detail: "There is nothing at this address.",
        hint: "See / for the dashboard and /api/docs for the API.",
      });
    }
    const allow = route.methods.join(", ");
    if (method === "OPTIONS") return context.body(null, 204, { allow, "x-content-type-options": "nosniff" });
    if (route.methods.includes(method)) return await next();
    context.header("allow", allow);
    const detail = `The method must be one of ${allow}: current value is "${method.slice(0, 20)}"`;
    return problemResponse(context, { status: 405, title: "Method not allowed", detail });
  };
}
