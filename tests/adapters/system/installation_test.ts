import { installation } from "../../../adapters/system/installation.ts";
import { VERSION } from "../../../domain/version.ts";
import { tempDir } from "../../temp_dir.ts";
import { testDatabase } from "../sqlite/test_database.ts";
import assert from "node:assert/strict";

Deno.test("sizes are told by folder, the largest first; what is not there takes up nothing", async () => {
  using database = testDatabase();
  using dir = tempDir();
  const write = (path: string, bytes: number) => {
    Deno.mkdirSync(`${dir.path}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(`${dir.path}/${path}`, "x".repeat(bytes));
  };
  write("tracker.db", 100);
  write("tracker.db-wal", 50);
  write("serve.lock", 3);
  write("logs/a/today.log", 400);
  Deno.symlinkSync(`${dir.path}/logs`, `${dir.path}/logs/loop`);
  const { sizes } = installation({ db: database.db, dataDir: dir.path, profileDir: "/nonexistent/profile" });
  assert.deepEqual(await sizes(), [
    { name: "logs", bytes: 400, files: 1, isPartial: false },
    { name: "database", bytes: 150, files: 2, isPartial: false },
    { name: "other files", bytes: 3, files: 1, isPartial: false },
    { name: "profile", bytes: 0, files: 0, isPartial: false },
  ]);
});

Deno.test("versions name the program, Deno, SQLite and the schema", () => {
  using database = testDatabase();
  const { versions } = installation({ db: database.db, dataDir: "/nonexistent", profileDir: "/nonexistent" });
  const named = Object.fromEntries(versions().map(({ name, version }) => [name, version]));
  assert.equal(named["tracker"], VERSION);
  assert.equal(named["Deno"], Deno.version.deno);
  assert.match(named["SQLite"] ?? "", /^3\.\d+\.\d+$/);
  assert.equal(named["Database schema"], "1");
});
