import { apiDocument } from "../api/openapi/document.ts";
import { exampleOf } from "../api/openapi/example_of.ts";
import {
  type ApiDocument,
  type ApiResponse,
  isReference,
  type MediaType,
  type Operation,
  operationsOf,
  type Parameter,
  type PlacedOperation,
  type Schema,
} from "../api/openapi/types.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { freshnessOf, Layout } from "./layout.tsx";

/** GET /api/docs: the API's description as a page, made of the same document as /api/openapi.json. */
export function apiDocsPage(app: WebApp, services: WebServices): void {
  let document: ApiDocument | null = null;
  app.get("/api/docs", (context) => {
    document ??= apiDocument(app);
    const { origin } = new URL(context.req.url);
    const page = (
      <Layout title="API" path={null} freshness={freshnessOf(services)} bodyClass="api-docs">
        <Docs document={document} origin={origin} />
      </Layout>
    );
    return context.html(`<!doctype html>${page}`);
  });
}

function Docs({ document, origin }: { document: ApiDocument; origin: string }) {
  const operations = operationsOf(document);
  const groups = (document.tags ?? []).map((tag) => ({
    ...tag,
    operations: operations.filter(({ operation }) => operation.tags?.includes(tag.name)),
  })).filter((group) => group.operations.length > 0);
  return (
    <>
      <h1>{`The API of ${document.info.title} ${document.info.version}`}</h1>
      <Prose text={document.info.description ?? ""} />
      <p>
        The same for programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI {document.openapi}).
      </p>
      <nav class="operations" aria-label="Operations">
        {groups.map((group) => (
          <div>
            <h2>{group.name}</h2>
            <ul>
              {group.operations.map((placed) => (
                <li>
                  <a href={`#${placed.operation.operationId}`}>
                    <Name placed={placed} />
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      {groups.map((group) => (
        <section aria-label={group.name}>
          <h2>{group.name}</h2>
          {group.description === undefined ? null : <p class="line">{group.description}</p>}
          {group.operations.map((placed) => <OperationCard placed={placed} origin={origin} />)}
        </section>
      ))}
    </>
  );
}

function Name({ placed: { method, path } }: { placed: PlacedOperation }) {
  return (
    <>
      <span class={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code>
    </>
  );
}

function OperationCard({ placed, origin }: { placed: PlacedOperation; origin: string }) {
  const { operation } = placed;
  const parameters = (operation.parameters ?? []).filter((one) => !isReference(one)).filter(isParameter);
  const needsLogin = operation.security?.every((one) => Object.keys(one).length > 0) === true &&
    operation.security.length > 0;
  return (
    <article class="card" id={operation.operationId}>
      <h3>
        <Name placed={placed} />
      </h3>
      <p>
        {operation.summary}
        {needsLogin ? <span class="needs-login">&nbsp;· needs the login</span> : null}
      </p>
      {parameters.length === 0 ? null : <Parameters parameters={parameters} />}
      <pre tabindex={0} aria-label="Command"><code>{curlOf(placed, origin)}</code></pre>
      <Responses operation={operation} />
    </article>
  );
}

function isParameter(parameter: object): parameter is Parameter {
  return "name" in parameter;
}

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">parameter</th>
            <th scope="col">in</th>
            <th scope="col">type</th>
            <th scope="col">meaning</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map(({ name, in: place, required, schema, description }) => (
            <tr>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{required === true ? `${place}, required` : place}</td>
              <td>{schema === undefined || isReference(schema) ? "" : typeOf(schema)}</td>
              <td>{description ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** "integer 1–200", "date", "running | succeeded". */
function typeOf({ type, format, enum: words, minimum, maximum }: Schema): string {
  if (words !== undefined) return words.join(" | ");
  const range = minimum === undefined
    ? ""
    : maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
    ? ` from ${minimum}`
    : ` ${minimum}–${maximum}`;
  return (format ?? [type].flat().join(" or ")) + range;
}

function Responses({ operation: { responses = {} } }: { operation: Operation }) {
  const all = Object.entries(responses).filter((entry): entry is [string, ApiResponse] => !isReference(entry[1]));
  const good = all.filter(([status]) => Number(status) < 300);
  const others = all.filter(([status]) => Number(status) >= 300);
  return (
    <>
      {good.map(([status, response]) => (
        <details>
          <summary>
            <strong>{status}</strong> {response.description}
          </summary>
          {bodiesOf(response).map(([type, media]) => (
            <pre tabindex={0} aria-label={`Example of ${type}`}>
              <code>{media.example === undefined ? type : JSON.stringify(media.example, null, 2)}</code>
            </pre>
          ))}
        </details>
      ))}
      <details>
        <summary>Refusals</summary>
        <ul>
          {others.map(([status, response]) => (
            <li>
              <strong>{status}</strong> {response.description}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

function bodiesOf({ content }: ApiResponse): [string, MediaType][] {
  return content === undefined ? [] : Object.entries<MediaType>(content);
}

/** Paragraphs and lists of the little Markdown that the description has. */
function Prose({ text }: { text: string }) {
  return (
    <>
      {text.split("\n\n").map((part) =>
        part.startsWith("- ")
          ? <ul>{part.slice(2).split("\n- ").map((item) => <li>{marked(item)}</li>)}</ul>
          : <p class="line">{marked(part)}</p>
      )}
    </>
  );
}

/** `code` in back-ticks. */
function marked(text: string) {
  return text.split("`").map((part, place) => place % 2 === 1 ? <code>{part}</code> : part);
}

/** How an operation is called from a shell. */
function curlOf({ method, path, operation }: PlacedOperation, origin: string): string {
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
