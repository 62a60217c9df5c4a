import { DamagedFile, readAnyJson } from "../../../adapters/month_files/any_json.ts";
import type { FilePart } from "../../../adapters/month_files/lines.ts";
import { withTempDir } from "../../temp_dir.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { join } from "node:path";

const SIGNAL = new AbortController().signal;

async function read(text: string | Uint8Array, chunkBytes = 16): Promise<FilePart[]> {
  const parts: FilePart[] = [];
  await withTempDir(async (folder) => {
    const path = join(folder, "document.json");
    await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
    const options = { fields: ["a", "b", "d", "head", "tail"], list: "events", signal: SIGNAL, chunkBytes };
    for await (const part of readAnyJson(path, options)) parts.push(part);
  });
  return parts;
}

function elementsOf(parts: readonly FilePart[]) {
  return parts.flatMap((part) => part.kind === "elements" ? part.values : []);
}

function fieldsOf(parts: readonly FilePart[]) {
  return Object.fromEntries(parts.flatMap((part) => part.kind === "field" ? [[part.key, part.value]] : []));
}

Deno.test("readAnyJson() reads fields before and after the array", async () => {
  const parts = await read(`\ufeff { "a" : "x,]}" , "events":[ {"n":1} ,2, [3] ], "b":{"c":[1,{}]},"d":-1.5e3 } \n`);
  assert.deepEqual(elementsOf(parts), [{ n: 1 }, 2, [3]]);
  assert.deepEqual(fieldsOf(parts), { a: "x,]}", b: { c: [1, {}] }, d: -1500 });
});

Deno.test("readAnyJson() reads an empty object and an empty array", async () => {
  assert.deepEqual(await read("{}"), []);
  assert.deepEqual(await read(`{"events":[ ]}`), [{ kind: "elements", key: "events", values: [] }]);
});

Deno.test("readAnyJson() reads whatever JSON.parse does, in chunks of any size", async () => {
  const document = fc.record({ head: fc.jsonValue(), events: fc.array(fc.jsonValue()), tail: fc.string() });
  const indent = fc.constantFrom(0, 2, "\t");
  await fc.assert(
    fc.asyncProperty(document, indent, fc.integer({ min: 1, max: 40 }), async (document, indent, chunkBytes) => {
      const text = JSON.stringify(document, null, indent);
      const parts = await read(text, chunkBytes);
      const { events, ...fields } = JSON.parse(text);
      assert.deepEqual(elementsOf(parts), events);
      assert.deepEqual(fieldsOf(parts), fields);
    }),
    { numRuns: 60 },
  );
});

Deno.test("readAnyJson() gives elements out while it reads", async () => {
  const parts = await read(`{"events":[${Array.from({ length: 100 }, (_, index) => index).join(",")}]}`, 64);
  assert.ok(parts.length > 3);
  assert.equal(elementsOf(parts).length, 100);
});

Deno.test("readAnyJson() finds a file damaged wherever it is cut off", async () => {
  const text = `{"a":"ü","events":[{"n":"}\\"]"},{"n":[2]}],"b":1}`;
  const bytes = new TextEncoder().encode(text);
  for (let length = 0; length < bytes.length; length++) {
    await assert.rejects(read(bytes.slice(0, length)), DamagedFile, `cut to ${length} bytes`);
  }
});

Deno.test("readAnyJson() finds other damage", async () => {
  const damaged = [
    "[]",
    `{"events":[1,]}`,
    `{"events":[,1]}`,
    `{"events":[1,,2]}`,
    `{"events":[1}]`,
    `{"events":{}}`,
    `{"events":[1 2]}`,
    `{"a":1 "b":2}`,
    `{"a":nope}`,
    `{"a":1,"a":2}`,
    `{"a":1,}`,
    `{"events":[]}}`,
    `{"events":[]}\0\0\0\0`,
  ];
  for (const text of damaged) await assert.rejects(read(text), DamagedFile, text);
  await assert.rejects(read(new Uint8Array([0x7b, 0x22, 0xff, 0x22])), DamagedFile);
});
