import type { TableFiles } from "../domain/table_files.ts";

/** Files with tables; the libraries that read and write them are loaded when they are first used. */
export function lazyTableFiles(): TableFiles {
  const load = async () => (await import("../adapters/tables/table_files.ts")).tableFiles;
  return {
    size: async (path) => await (await load()).size(path),
    async *readCsv(path, onBytes) {
      yield* (await load()).readCsv(path, onBytes);
    },
    write: async (table, target) => await (await load()).write(table, target),
  };
}
