import type { JsonObject } from "../../../domain/json.ts";
import type { CsvFault } from "../../../domain/tables/table.ts";
import { type ImportedFile, importFiles } from "../../../jobs/actions/import.ts";
import { counted } from "../../words/format.ts";
import type { CliContext, Terminal } from "../context.ts";
import { type CommonOptions, formatTable, withProgressBar, writeJson } from "../output.ts";
import type { Command } from "commander";

const SHOWN_FAULTS = 20;

interface ImportCommandOptions extends CommonOptions {
  readonly strict?: boolean;
  readonly self?: string;
}

/** `tracker import FILE…`: history from CSV exports. */
export function importCommand(program: Command, context: CliContext): void {
  program.command("import")
    .description("import events from CSV exports: Cursor's own of any generation, and those of 'tracker export events'")
    .argument("<files...>", "CSV files; they may overlap, and each event counts once")
    .option("--strict", "import nothing where any row cannot be read")
    .option("--self <name>", "your own name in the files' User column, where it is not 'You'")
    .option("--json", "print the result as JSON")
    .action(async (files: string[], { strict = false, self, json = false }: ImportCommandOptions) => {
      const { terminal, interrupted } = context;
      await context.withServices({ echo: "warn" }, async ({ tables, stores, log }) => {
        const imported = await withProgressBar(
          terminal,
          { doing: "Importing", done: (all: ImportedFile[]) => sentenceOf(all, strict) },
          (report) =>
            importFiles(
              { tables, events: stores.events, history: stores.history },
              { files, self: self ?? null, isStrict: strict, signal: interrupted, report },
            ),
        );
        const faults = imported.flatMap((file) => file.faults);
        for (const { file, origin, rows, added, updated, faults } of imported) {
          log.info("file.imported", { file, origin, rows, added, updated, faults: faults.length });
        }
        if (json) writeJson(terminal, { files: imported.map(fileJson) });
        else terminal.write(`${tableOf(imported)}${sentenceOf(imported, strict)}\n`);
        writeFaults(terminal, faults);
        if (faults.length > 0) context.exitWith(1);
      });
    });
}

function sentenceOf(imported: readonly ImportedFile[], isStrict: boolean): string {
  const sum = (count: (file: ImportedFile) => number) => imported.reduce((total, file) => total + count(file), 0);
  const faults = sum((file) => file.faults.length);
  if (isStrict && faults > 0) return `Nothing was imported, as ${counted(faults, "row")} cannot be read.`;
  const left = faults === 0 ? "" : ` ${counted(faults, "row")} left out.`;
  return `${sum(({ added }) => added)} events are new, ${sum(({ updated }) => updated)} were corrected, ` +
    `${sum(({ known }) => known)} were known.${left}`;
}

function tableOf(imported: readonly ImportedFile[]): string {
  const lines = imported.map(({ file, rows, added, updated, known, faults }) => [
    file,
    ...[rows, added, updated, known, faults.length].map(String),
  ]);
  return formatTable(["FILE", "ROWS", "NEW", "CORRECTED", "KNOWN", "LEFT OUT"], lines, { right: [1, 2, 3, 4, 5] });
}

function writeFaults(terminal: Terminal, faults: readonly CsvFault[]): void {
  for (const { file, line, what, hint } of faults.slice(0, SHOWN_FAULTS)) {
    terminal.writeError(`Error: ${file}:${line}: ${what}\nTry:   ${hint}\n`);
  }
  const more = faults.length - SHOWN_FAULTS;
  if (more > 0) terminal.writeError(`${counted(more, "row")} more cannot be read; --json lists them all.\n`);
}

function fileJson({ file, origin, rows, added, updated, known, faults }: ImportedFile): JsonObject {
  const list = faults.map(({ line, what, hint }) => ({ line, error: what, hint }));
  return { file, origin, rows, added, updated, known, faults: list };
}
