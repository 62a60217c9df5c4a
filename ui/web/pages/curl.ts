import { isReference, type PlacedOperation } from "../openapi/types.ts";
import { exampleOf } from "../openapi/example_of.ts";

/** How an operation is called from a shell. */
export function curlOf({ method, path, operation }: PlacedOperation, origin: string): string {
  const parts = ["curl"];
  if (method !== "get") parts.push(`-X ${method.toUpperCase()} -u "$DASH_USER:$DASH_PASS"`);
  if (path === "/api/events") parts.push("-N");
  const { requestBody } = operation;
  const body = requestBody === undefined || isReference(requestBody)
    ? undefined
    : requestBody.content["application/json"]?.example;
  if (body !== undefined) parts.push(`-H 'content-type: application/json' -d '${JSON.stringify(body)}'`);
  parts.push(origin + path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(parameterExample(operation, name))));
  return parts.join(" ");
}

function parameterExample({ parameters = [] }: PlacedOperation["operation"], name: string): string {
  for (const parameter of parameters) {
    if (isReference(parameter) || parameter.name !== name) continue;
    const { schema } = parameter;
    if (schema !== undefined && !isReference(schema)) return String(exampleOf(schema, name));
  }
  return name;
}
