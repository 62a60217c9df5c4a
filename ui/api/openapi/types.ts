import type { OpenAPIHono } from "@hono/zod-openapi";

/** The document as the library makes it, and its parts. */
export type ApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;
type PathItem = NonNullable<ApiDocument["paths"]>[string];
export type Operation = NonNullable<PathItem["get"]>;
export type Parameter = Extract<NonNullable<Operation["parameters"]>[number], { name: string }>;
export type ApiResponse = Exclude<NonNullable<Operation["responses"]>[string], { $ref: string }>;
export type MediaType = NonNullable<ApiResponse["content"]>[string];
export type Schema = Exclude<NonNullable<MediaType["schema"]>, { $ref: string }>;

/** The methods that an API has. */
const METHODS = ["get", "post", "put", "patch", "delete"] as const;
type Method = typeof METHODS[number];

/** An operation with its place. */
export interface PlacedOperation {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
}

/** All operations, in the order of their paths' definition. */
export function operationsOf({ paths = {} }: ApiDocument): PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    })
  );
}

/** Whether a part of the document stands somewhere else. */
export function isReference(part: object): part is { $ref: string } {
  return "$ref" in part;
}
