import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";

/** A route as the document describes it. It is told apart from the library's own function, which would load a server. */
export function routeOf<Path extends string, Route extends Omit<RouteConfig, "path"> & { path: Path }>(
  route: Route,
): Route {
  return route;
}

/** What an answer tells of something: its schema for the document, and the JSON itself. */
interface Answer<Of, Schemas extends z.ZodRawShape> {
  readonly schema: z.ZodObject<Schemas>;
  readonly json: (of: Of) => { [Field in keyof Schemas]: z.input<Schemas[Field]> };
}

/**
 * An answer of fields, each of which is one entry: its schema, which also documents it, and its value. The same JSON is
 * answered by routes and printed by commands.
 */
export function answerOf<Of>() {
  return <Schemas extends z.ZodRawShape>(
    fields: { readonly [Field in keyof Schemas]: readonly [Schemas[Field], (of: Of) => z.input<Schemas[Field]>] },
  ): Answer<Of, Schemas> => {
    const names = Object.keys(fields) as (keyof Schemas)[];
    const mapped = <Whole>(part: (name: keyof Schemas) => unknown) =>
      Object.fromEntries(names.map((name) => [name, part(name)])) as Whole;
    return {
      schema: z.object(mapped<Schemas>((name) => fields[name][0])),
      json: (of) => mapped((name) => fields[name][1](of)),
    };
  };
}

/** A response with JSON of this schema. */
export function jsonOf<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { "application/json": { schema } } };
}
