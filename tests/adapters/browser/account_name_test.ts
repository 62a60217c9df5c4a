import { accountKeyPath, accountNamer } from "../../../adapters/browser/account_name.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

Deno.test("accountNamer() keeps a hash by a key of this installation, which nobody else may read", () => {
  using dir = tempDir();
  const nameOf = accountNamer({ dataDir: dir.path, storeEmail: "hash" });
  const name = nameOf("Ada@Example.test ");
  const path = accountKeyPath(dir.path);
  const key = Deno.readFileSync(path);
  assert.equal(key.length, 32);
  if (Deno.build.os !== "windows") assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o600);
  const hash = createHmac("sha256", key).update("ada@example.test").digest("hex").slice(0, 32);
  assert.match(name ?? "", /^hmac-[0-9a-f]{8}:[0-9a-f]{32}$/);
  assert.equal(name?.split(":")[1], hash);
  assert.equal(accountNamer({ dataDir: dir.path, storeEmail: "hash" })("ada@example.test"), name);
  assert.notEqual(nameOf("grace@example.test"), name);
  using other = tempDir();
  assert.notEqual(accountNamer({ dataDir: other.path, storeEmail: "hash" })("ada@example.test"), name);
});

Deno.test("accountNamer() makes the key anew where its writing was cut off", () => {
  using dir = tempDir();
  Deno.writeFileSync(accountKeyPath(dir.path), new Uint8Array(7));
  assert.match(accountNamer({ dataDir: dir.path, storeEmail: "hash" })("ada@example.test") ?? "", /^hmac-/);
  assert.equal(Deno.readFileSync(accountKeyPath(dir.path)).length, 32);
});

Deno.test("accountNamer() keeps the address itself, or nothing, where that is configured, and makes no key", () => {
  using dir = tempDir();
  assert.equal(accountNamer({ dataDir: dir.path, storeEmail: "plain" })("Ada@Example.test"), "ada@example.test");
  assert.equal(accountNamer({ dataDir: dir.path, storeEmail: "none" })("ada@example.test"), null);
  assert.deepEqual([...Deno.readDirSync(dir.path)], []);
});
