import addFormats from "ajv-formats";
import Ajv2020 from "ajv/dist/2020.js";
import assert from "node:assert/strict";
import { z } from "zod";

const jsonObject = z.record(z.string(), z.unknown());
const schemaOf = z.object({ schema: jsonObject.optional(), example: z.unknown().optional() });
const content = z.record(z.string(), schemaOf);
const operation = z.object({
  operationId: z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: jsonObject })).default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })),
  security: z.array(jsonObject),
});
const document = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), jsonObject) }),
});

type Operation = z.output<typeof operation>;
type ApiDocument = z.output<typeof document>;

/** An operation's place in the document. */
interface Place {
  readonly method: string;
  readonly path: string;
}

/** Checks answers against the document that the app itself serves. */
export class Conformance {
  readonly document: ApiDocument;
  readonly #ajv: Ajv2020.default;

  constructor(json: unknown) {
    this.document = document.parse(json);
    this.#ajv = new Ajv2020.default({ strict: false, allErrors: true });
    addFormats.default(this.#ajv);
    for (const [name, schema] of Object.entries(this.document.components.schemas)) {
      this.#ajv.addSchema(closed(schema), `#/components/schemas/${name}`);
    }
  }

  operations(): (Place & { readonly operation: Operation })[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ method, path, operation }))
    );
  }

  /** Fails where the answer's status, type or body is not what the document says of the operation. */
  async check(response: Response, { method, path }: Place): Promise<void> {
    const what = `${method} ${path} → ${response.status}`;
    const operation = this.document.paths[path]?.[method];
    assert.ok(operation, `${what}: the document has no such operation`);
    const documented = operation.responses[String(response.status)];
    assert.ok(documented, `${what}: the document has no such status`);
    if (documented.content === undefined) return assert.equal(await response.text(), "", what);
    const type = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
    const media = documented.content[type];
    assert.ok(media, `${what}: the document has no ${type}`);
    if (type.includes("json")) this.checkValue(await response.json(), { schema: media.schema ?? {}, what });
    else await response.body?.cancel();
  }

  checkValue(value: unknown, { schema, what }: { schema: object; what: string }): void {
    const validate = this.#ajv.compile(closed(schema));
    assert.ok(validate(value), `${what}: ${this.#ajv.errorsText(validate.errors)}: ${JSON.stringify(value)}`);
  }
}

/** The schema with every object closed, so that a field which is not documented is a fault. */
function closed(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    const isObject = jsonObject.safeParse(value);
    if (!isObject.success || isObject.data["properties"] === undefined || "additionalProperties" in isObject.data) {
      return value;
    }
    return { ...isObject.data, additionalProperties: false };
  });
}
