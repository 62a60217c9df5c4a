import { tableFiles } from "../../../adapters/files/tables.ts";
import type { Table, TableFormat } from "../../../domain/tables/table.ts";
import { tempDir } from "../../temp_dir.ts";

/** The bytes of the file that a table is written to. */
export async function tableBytes(table: Table, format: TableFormat): Promise<Uint8Array<ArrayBuffer>> {
  using dir = tempDir();
  const path = `${dir.path}/table`;
  await tableFiles.write(table, { format, path, signal: new AbortController().signal });
  return await Deno.readFile(path);
}

/** The same as text. */
export async function tableText(table: Table, format: Exclude<TableFormat, "parquet">): Promise<string> {
  return new TextDecoder().decode(await tableBytes(table, format));
}
