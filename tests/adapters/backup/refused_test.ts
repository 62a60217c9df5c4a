import { prepareRestore } from "../../../adapters/backup/restore_backup.ts";
import { tempDir } from "../../temp_dir.ts";
import { craftArchive, craftBackup, gzip, manifestFor, sha256 } from "./craft_archive.ts";
import { backUp, clock, fillDataFolder, quietly, treeOf } from "./data_folder.ts";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";

const text = (value: string) => new TextEncoder().encode(value);

/** A folder with data, and a database file as a backup has it. */
async function withData(
  use: (parts: { dataDir: string; file: string; database: Uint8Array<ArrayBuffer> }) => Promise<void>,
): Promise<void> {
  using dir = tempDir();
  const dataDir = `${dir.path}/data`;
  fillDataFolder(dataDir, { budgetMicros: 20_000_000, month: "{}", settings: "" });
  const copy = `${dir.path}/copy.db`;
  using db = new DatabaseSync(`${dataDir}/tracker.db`);
  db.prepare("VACUUM INTO ?").run(copy);
  await use({ dataDir, file: `${dir.path}/backup.tar.gz`, database: Deno.readFileSync(copy) });
}

/** Expects the refusal, and that not one byte of the data has changed. */
async function assertRefused(
  { dataDir, file, bytes }: { dataDir: string; file: string; bytes: Uint8Array },
  expected: RegExp,
): Promise<void> {
  Deno.writeFileSync(file, bytes);
  const before = treeOf(dataDir);
  await assert.rejects(prepareRestore(file, { dataDir, clock, ...quietly }), (error: Error) => {
    assert.equal(error.name, "TrackerError", String(error.stack));
    assert.match(error.message, expected);
    assert.match(error.message, /nothing was changed/);
    return true;
  });
  assert.deepEqual(treeOf(dataDir), before);
}

Deno.test("a backup that ends early is refused wherever it ends", async () => {
  await withData(async ({ dataDir, file }) => {
    await backUp(dataDir, file);
    const whole = Deno.readFileSync(file);
    const ends = [0, 1, 2, 5, 20, 600, Math.floor(whole.length / 2), whole.length - 9, whole.length - 1];
    for (const end of ends) {
      await assertRefused({ dataDir, file, bytes: whole.subarray(0, end) }, /truncated|it is empty|no gzip file/);
    }
  });
});

Deno.test("a backup with one changed byte is refused, unless it unpacks to the same", async () => {
  await withData(async ({ dataDir, file }) => {
    await backUp(dataDir, file);
    const whole = Deno.readFileSync(file);
    let refused = 0;
    for (let at = 10; at < whole.length; at += Math.floor(whole.length / 25)) {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      if (unpacksToTheSame(bytes, whole)) continue;
      await assertRefused({ dataDir, file, bytes }, /damaged|truncated|manifest|not what|plain file|something follows/);
      refused++;
    }
    assert.ok(refused > 20, `${refused} of 25`);
  });
});

/** Bits that fill up a byte behind a block mean nothing. */
function unpacksToTheSame(bytes: Uint8Array, whole: Uint8Array): boolean {
  try {
    return gunzipSync(bytes).equals(gunzipSync(whole));
  } catch {
    return false; // Damaged, as it should be.
  }
}

Deno.test("what is no backup of ours is refused", async () => {
  await withData(async ({ dataDir, file, database }) => {
    const notOurs = /it is not a backup of tracker/;
    await assertRefused({ dataDir, file, bytes: database }, /it is no gzip file/);
    await assertRefused({ dataDir, file, bytes: await gzip(new Blob(["hello"]).stream()) }, /truncated/);
    await assertRefused({ dataDir, file, bytes: await craftArchive([]) }, notOurs);
    const other = await craftArchive([{ header: { name: "photo.jpg" }, content: "x" }]);
    await assertRefused({ dataDir, file, bytes: other }, /does not begin with a manifest/);
    const foreign = await craftArchive([{ header: { name: "manifest.json" }, content: '{"name":"other"}' }]);
    await assertRefused({ dataDir, file, bytes: foreign }, notOurs);
    const broken = await craftArchive([{ header: { name: "manifest.json" }, content: '{"format":' }]);
    await assertRefused({ dataDir, file, bytes: broken }, /its manifest is damaged/);
  });
});

Deno.test("a backup of a newer format or schema is refused with the newer version as what helps", async () => {
  await withData(async ({ dataDir, file, database }) => {
    const files = { "tracker.db": database };
    const format = await craftBackup(files, { manifest: manifestFor(files, { format_version: 2 }) });
    await assertRefused({ dataDir, file, bytes: format }, /newer tracker: its format is 2, this one knows 1/);
    const schema = await craftBackup(files, { manifest: manifestFor(files, { schema_version: 99 }) });
    await assertRefused({ dataDir, file, bytes: schema }, /newer tracker: its database has version 99/);
    Deno.writeFileSync(file, schema);
    await assert.rejects(prepareRestore(file, { dataDir, clock, ...quietly }), { hint: /Install that newer version/ });
  });
});

Deno.test("a file whose content is not what the manifest lists is refused", async () => {
  await withData(async ({ dataDir, file, database }) => {
    const listed = manifestFor({ "tracker.db": database, "config.yaml": text("a: 1") });
    const swapped = await craftBackup({ "tracker.db": database, "config.yaml": text("a: 2") }, { manifest: listed });
    await assertRefused({ dataDir, file, bytes: swapped }, /"config.yaml" in it does not have the SHA-256/);
    const longer = await craftBackup({ "tracker.db": database, "config.yaml": text("a: 11") }, { manifest: listed });
    await assertRefused({ dataDir, file, bytes: longer }, /"config.yaml" in it is not what its manifest lists/);
    const missing = await craftBackup({ "tracker.db": database }, { manifest: listed });
    await assertRefused({ dataDir, file, bytes: missing }, /"config.yaml" is missing/);
    const extra = await craftArchive([
      { header: { name: "manifest.json" }, content: manifestFor({ "tracker.db": database }) },
      { header: { name: "tracker.db" }, content: database },
      { header: { name: "tracker.db" }, content: database },
    ]);
    await assertRefused({ dataDir, file, bytes: extra }, /"tracker.db" in it is not what/);
  });
});

Deno.test("paths that lead elsewhere are refused, listed or not", async () => {
  await withData(async ({ dataDir, file, database }) => {
    const names = ["../evil", "/etc/evil", "monthly_usage_data/../../evil", "monthly_usage_data/01-2026.sh", ".env"];
    for (const name of names) {
      const files = { "tracker.db": database, [name]: text("evil") };
      await assertRefused({ dataDir, file, bytes: await craftBackup(files) }, /lists a file that no backup has/);
      const manifest = manifestFor({ "tracker.db": database });
      await assertRefused({ dataDir, file, bytes: await craftBackup(files, { manifest }) }, /is not what its manifest/);
    }
  });
});

Deno.test("links, folders, devices and extended headers are refused", async () => {
  await withData(async ({ dataDir, file, database }) => {
    const manifest = { header: { name: "manifest.json" }, content: manifestFor({ "tracker.db": database }) };
    const types = ["symlink", "link", "directory", "character-device", "fifo"] as const;
    for (const type of types) {
      const header = { name: "tracker.db", type, linkname: "/etc/passwd" };
      await assertRefused({ dataDir, file, bytes: await craftArchive([manifest, { header }]) }, /not a plain file/);
    }
    // A name this long makes an extended header.
    const long = { header: { name: `${"x".repeat(300)}` }, content: "x" };
    await assertRefused({ dataDir, file, bytes: await craftArchive([manifest, long]) }, /not a plain file/);
  });
});

Deno.test("headers that would rename the next file, and files behind the archive's end, are refused", async () => {
  await withData(async ({ dataDir, file, database }) => {
    const manifest = { header: { name: "manifest.json" }, content: manifestFor({ "tracker.db": database }) };
    const longName = { header: { name: "long-name" }, content: "tracker.db\0" };
    const last = { header: { name: "evil" }, content: database };
    for (const flag of ["L", "K", "g"]) {
      const tar = retyped(gunzipSync(await craftArchive([manifest, longName, last])), { name: "long-name", flag });
      await assertRefused({ dataDir, file, bytes: gzipSync(tar) }, /not a plain file/);
    }
    const [first, second] = [await craftArchive([manifest]), await craftArchive([last])];
    const joined = Buffer.concat([gunzipSync(first), gunzipSync(second)]);
    await assertRefused({ dataDir, file, bytes: gzipSync(joined) }, /not a plain file: "evil"/);
  });
});

/** The archive with another type in the header of this file, and its checksum put right. */
function retyped(tar: Buffer, { name, flag }: { name: string; flag: string }): Buffer {
  const header = tar.subarray(tar.indexOf(`${name}\0`)).subarray(0, 512);
  header.write(flag, 156);
  header.fill(" ", 148, 156);
  header.write(header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0 ", 148);
  return tar;
}

Deno.test("an archive that would fill the disk is refused before it is unpacked", async () => {
  await withData(async ({ dataDir, file }) => {
    const size = 1024 * 1024 * 1024;
    const manifest = manifestFor({}, {
      entries: [{ name: "tracker.db", size, sha256: sha256(new Uint8Array()) }],
    });
    const bytes = await craftArchive([{ header: { name: "manifest.json" }, content: manifest }]);
    await assertRefused({ dataDir, file, bytes }, /it would grow from \d+ to 1073741824 bytes/);
  });
});

Deno.test("what follows the end of the archive is refused, however long it is", async () => {
  await withData(async ({ dataDir, file, database }) => {
    const whole = await craftBackup({ "tracker.db": database });
    const tar = new Response(new Blob([whole]).stream().pipeThrough(new DecompressionStream("gzip")));
    const padded = await gzip(new Blob([await tar.arrayBuffer(), new Uint8Array(10_000_000)]).stream());
    await assertRefused({ dataDir, file, bytes: padded }, /something follows its end/);
  });
});

Deno.test("a database that is damaged, another program's or of another version than listed is refused", async () => {
  await withData(async ({ dataDir, file, database }) => {
    const refuse = async (bytes: Uint8Array, expected: RegExp) =>
      await assertRefused({ dataDir, file, bytes: await craftBackup({ "tracker.db": bytes }) }, expected);
    await refuse(text("not a database at all"), /its database is damaged: file is not a database/);
    const holed = database.slice();
    holed.fill(0xff, 4096, 8192);
    await refuse(holed, /its database is damaged/);
    await refuse(edited(database, "PRAGMA user_version = 0"), /its database has version 0, its manifest says 1/);
    await refuse(edited(database, "DROP TABLE budgets"), /is not one of tracker's: the table budgets.* is missing/);
    const trigger = "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM budgets; END";
    await refuse(edited(database, trigger), /the trigger t is none of its own/);
  });
});

function edited(database: Uint8Array, sql: string): Uint8Array {
  using dir = tempDir();
  const path = `${dir.path}/edited.db`;
  Deno.writeFileSync(path, database);
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
  return Deno.readFileSync(path);
}

Deno.test("a file that is missing, or a folder, is refused without a trace", async () => {
  using dir = tempDir();
  const options = { dataDir: `${dir.path}/data`, clock, ...quietly };
  await assert.rejects(prepareRestore(`${dir.path}/none.tar.gz`, options), /there is no such file/);
  await assert.rejects(prepareRestore(dir.path, options), /it is a folder/);
  assert.deepEqual([...Deno.readDirSync(dir.path)], []);
});
