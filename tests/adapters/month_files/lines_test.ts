import { type FilePart, NotInLines, readLines } from "../../../adapters/month_files/lines.ts";
import { withTempDir } from "../../temp_dir.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { join } from "node:path";

const signal = new AbortController().signal;
const LISTS = ["events", "others"];

async function read(text: string | Uint8Array, chunkBytes = 16): Promise<FilePart[]> {
  const parts: FilePart[] = [];
  await withTempDir(async (folder) => {
    const path = join(folder, "lines.json");
    await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
    for await (const part of readLines(path, { lists: LISTS, signal, chunkBytes })) parts.push(part);
  });
  return parts;
}

function elementsOf(parts: readonly FilePart[], list = "events") {
  return parts.flatMap((part) => part.kind === "elements" && part.key === list ? part.values : []);
}

function fieldsOf(parts: readonly FilePart[]) {
  return Object.fromEntries(parts.flatMap((part) => part.kind === "field" ? [[part.key, part.value]] : []));
}

/** One field a line; of the lists, one element a line. */
function inLines(fields: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(fields).map(([key, value]) => {
    if (!LISTS.includes(key) || !Array.isArray(value)) return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    const elements = value.map((element) => JSON.stringify(element)).join(",\n");
    return `"${key}":[\n${elements}${elements === "" ? "" : "\n"}]`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

Deno.test("readLines() reads fields before, between and after the lists", async () => {
  const text = `{\n"a":"x,]}",\n"events":[\n{"n":1},\n2,\n[3]\n],\n"b":{"c":[1,{}]},\n"others":[\n],\n"d":-1.5e3\n}\n`;
  const parts = await read(text);
  assert.deepEqual(elementsOf(parts), [{ n: 1 }, 2, [3]]);
  assert.deepEqual(elementsOf(parts, "others"), []);
  assert.deepEqual(fieldsOf(parts), { a: "x,]}", b: { c: [1, {}] }, d: -1500 });
});

Deno.test("readLines() reads whatever is written in lines, in chunks of any size", async () => {
  const name = fc.string().filter((key) => !LISTS.includes(key) && key !== "__proto__");
  const fields = fc.dictionary(name, fc.jsonValue(), { minKeys: 1 });
  const list = fc.array(fc.jsonValue());
  const document = fc.tuple(fields, list, fields, list);
  await fc.assert(
    fc.asyncProperty(document, fc.integer({ min: 1, max: 40 }), async ([before, events, between, others], size) => {
      const text = inLines({ ...before, events, ...between, others });
      const { events: first, others: second, ...rest } = JSON.parse(text);
      const parts = await read(text, size);
      assert.deepEqual([elementsOf(parts), elementsOf(parts, "others")], [first, second]);
      assert.deepEqual(fieldsOf(parts), rest);
    }),
    { numRuns: 60 },
  );
});

Deno.test("readLines() tells of a list without elements, and gives those of a long one out while it reads", async () => {
  assert.deepEqual(await read(`{\n"events":[\n]\n}\n`), [{ kind: "elements", key: "events", values: [] }]);
  const events = Array.from({ length: 100 }, (_, index) => index);
  const parts = await read(inLines({ events }), 64);
  assert.ok(parts.length > 3);
  assert.deepEqual(elementsOf(parts), events);
});

Deno.test("readLines() refuses a file wherever it is cut off", async () => {
  const bytes = new TextEncoder().encode(`{\n"a":"ü",\n"events":[\n{"n":"}\\"]"},\n{"n":[2]}\n],\n"b":1\n}\n`);
  for (let length = 0; length < bytes.length; length++) {
    await assert.rejects(read(bytes.slice(0, length)), NotInLines, `cut to ${length} bytes`);
  }
});

Deno.test("readLines() refuses all that is not in lines, or is no JSON", async () => {
  const refused = [
    `{"a":1,\n"events":[\n1\n]\n}\n`,
    `{\n"events":[\n1,\n]\n}\n`,
    `{\n"events":[\n,1\n]\n}\n`,
    `{\n"events":[\n1\n2\n]\n}\n`,
    `{\n"events":[\n1],[2\n]\n}\n`,
    `{\n"events":[\n1\n}\n`,
    `{\n"a":1\n"b":2\n}\n`,
    `{\n"a":nope\n}\n`,
    `{\n"a":1,\n"a":2\n}\n`,
    `{\n"a":1,\n"events":[\n],\n"a":2\n}\n`,
    `{\n"a":1,"b":2\n}\n`,
    `{\n"a":1,\n}\n`,
    `{\n"events":[\n]\n}\n}\n`,
    `{\n"events":[\n]\n}\n\0\0\0\n`,
  ];
  for (const text of refused) await assert.rejects(read(text), NotInLines, text);
  await assert.rejects(read(new Uint8Array([0x7b, 0x0a, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x0a, 0x7d, 0x0a])), NotInLines);
});
