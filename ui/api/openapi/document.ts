import { VERSION } from "../../../domain/version.ts";
import type { WebApp } from "../../web/context.ts";
import { routeOf } from "../answer.ts";
import { exampleOf } from "./example_of.ts";
import {
  type ApiDocument,
  type ApiResponse,
  isReference,
  type MediaType,
  type Operation,
  operationsOf,
  type PlacedOperation,
} from "./types.ts";
import { z } from "zod";

const DESCRIPTION = `What the dashboard shows, as JSON.

- Money is in \`_micros\` (exact micro-dollars) beside \`_cents\` (rounded half to even). \`null\` is unknown, never 0.
- Times are ISO 8601 in UTC; days are those of the configured time zone.
- Errors are problem documents (RFC 9457) with a \`hint\` on how to mend them.
- Reads answer GET and HEAD, carry an \`ETag\`, and are sent compressed (br, gzip) to who accepts it.
- Writes need Basic authentication with DASH_USER and DASH_PASS. Browsers need the token of a page besides.`;

/** The description of the whole API, from the definitions of its routes. */
export function apiDocument(app: WebApp): ApiDocument {
  return completeDocument(app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "tracker",
      version: VERSION,
      description: DESCRIPTION,
      license: { name: "MIT" },
    },
    servers: [{ url: "/", description: "This server" }],
    tags: [
      { name: "Usage", description: "Figures of a billing cycle" },
      { name: "Team billing", description: "A team's on-demand billing by month, user and model" },
      { name: "Alerts", description: "Conditions that came true, and messages about them" },
      { name: "Jobs", description: "Runs of jobs with their steps" },
      { name: "Monitoring", description: "Whether all is well" },
    ],
  }));
}

const PROBLEM_TYPE = "application/problem+json";
const PROBLEM_REF = { $ref: "#/components/schemas/Problem" };

const PROBLEM_SCHEMA = {
  type: "object" as const,
  description: "An error as RFC 9457 has it",
  required: ["type", "status", "title", "detail"],
  properties: {
    type: { type: "string" as const, format: "uri-reference" },
    status: { type: "integer" as const, minimum: 400, maximum: 599 },
    title: { type: "string" as const },
    detail: { type: "string" as const, description: "The rule, then the value that broke it" },
    hint: { type: "string" as const, description: "How to mend it" },
  },
};

/** What everything, every read and every write may answer besides what its route tells. */
const OF_ALL = [414, 421, 431, 500];
const OF_READS = [401];
const OF_WRITES = [400, 401, 403, 408, 413, 429];

/**
 * Completes what the routes' definitions say: names and groups, who may ask, what may be answered instead with the body
 * of a problem, and an example of each body.
 */
function completeDocument(document: ApiDocument): ApiDocument {
  for (const placed of operationsOf(document)) {
    const { operation, path } = placed;
    operation.operationId = operationIdOf(placed);
    operation.tags ??= [tagOf(path)];
    const isWrite = placed.method !== "get";
    operation.security = isWrite ? [{ basic: [] }] : path === "/healthz" ? [] : [{}, { basic: [] }];
    operation.responses = responsesOf(operation, { isWrite, isOpen: path === "/healthz" });
    addRequestExample(operation);
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
    securitySchemes: {
      basic: {
        type: "http",
        scheme: "basic",
        description: "DASH_USER and DASH_PASS. Reads need it only where DASH_AUTH is `all`.",
      },
    },
  };
  return document;
}

/** GET /api/runs/{id} → getRunsById */
function operationIdOf({ method, path }: PlacedOperation): string {
  const words = path.replace(/^\/api\//, "/").replaceAll(/\{(\w+)\}/g, "by/$1").split(/[^a-z0-9]+/i).filter(Boolean);
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function tagOf(path: string): string {
  if (path.startsWith("/api/billing/")) return "Team billing";
  if (/^\/api\/(?:runs|scrape)\b/.test(path)) return "Jobs";
  if (/^\/api\/(?:alerts|notifications)\b/.test(path)) return "Alerts";
  return /^\/api\/(?!events|openapi|settings|doctor)/.test(path) ? "Usage" : "Monitoring";
}

function responsesOf(
  { responses = {}, parameters = [] }: Operation,
  { isWrite, isOpen }: { isWrite: boolean; isOpen: boolean },
): NonNullable<Operation["responses"]> {
  const further = [
    ...OF_ALL,
    ...(isWrite ? OF_WRITES : isOpen ? [] : OF_READS),
    ...(parameters.length > 0 ? [400] : []),
  ];
  const all: Record<string, ApiResponse> = {};
  for (const [status, response] of Object.entries(responses)) {
    if (!isReference(response)) all[status] = completeResponse(status, response);
  }
  for (const status of further.map(String)) all[status] ??= completeResponse(status, { description: "" });
  if (!isWrite && all["200"]?.content?.["application/json"] !== undefined && !isOpen) {
    all["304"] = { description: "What If-None-Match names is still the answer" };
    all["200"].headers = { ...all["200"].headers, ETag: { description: "Of the answer", schema: { type: "string" } } };
  }
  return all;
}

function completeResponse(status: string, response: ApiResponse): ApiResponse {
  const description = response.description === "" ? STATUS_TEXT[status] ?? status : response.description;
  if (Number(status) >= 400 && response.content === undefined) {
    const example = {
      type: "about:blank",
      status: Number(status),
      title: STATUS_TEXT[status] ?? status,
      detail: description,
    };
    return { ...response, description, content: { [PROBLEM_TYPE]: { schema: PROBLEM_REF, example } } };
  }
  const content = Object.fromEntries(
    Object.entries(response.content ?? {}).map(([type, media]) => [type, withExample(type, media)]),
  );
  return { ...response, description, ...(response.content === undefined ? {} : { content }) };
}

function addRequestExample({ requestBody }: Operation): void {
  if (requestBody === undefined || isReference(requestBody)) return;
  for (const [type, media] of Object.entries(requestBody.content)) requestBody.content[type] = withExample(type, media);
}

function withExample(type: string, media: MediaType): MediaType {
  const { schema } = media;
  if (!type.includes("json") || media.example !== undefined || schema === undefined || isReference(schema)) {
    return media;
  }
  return { ...media, example: exampleOf(schema) };
}

/** What a refusal means where its route does not say more. */
const STATUS_TEXT: Readonly<Record<string, string>> = {
  "400": "The request is not understood",
  "401": "The login is missing or wrong; reads need it where DASH_AUTH is `all`",
  "403": "No login is configured, or the request comes from another site, or from a page without its token",
  "404": "There is nothing at this address",
  "408": "The body does not arrive in time",
  "409": "It does not fit what has become of it",
  "413": "The body is too long",
  "414": "The address is too long",
  "415": "The body is not sent as application/json",
  "421": "The host is neither an IP address nor a name of this server: see ALLOWED_HOSTS",
  "422": "The body says what cannot be",
  "429": "Too many wrong logins came from this address",
  "431": "The headers are too long",
  "500": "The answer could not be made; the log says why",
  "503": "The server cannot answer now",
};

const route = routeOf({
  method: "get",
  path: "/api/openapi.json",
  summary: "This description, in OpenAPI 3.1",
  responses: {
    200: {
      description: "The document",
      content: {
        "application/json": {
          schema: z.looseObject({ openapi: z.string().meta({ example: "3.1.0" }) }),
          example: { openapi: "3.1.0" },
        },
      },
    },
  },
});

/** GET /api/openapi.json: made when it is first asked for, as it does not change while the server runs. */
export function openapiRoute(app: WebApp): void {
  let text: string | null = null;
  app.openAPIRegistry.registerPath(route);
  app.get(route.path, () => {
    text ??= JSON.stringify(apiDocument(app));
    return new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
  });
}
