import { formatBytes } from "../../../domain/format.ts";
import {
  type BackupManifest,
  MONTHS_FOLDER,
  SETTINGS_ENTRY,
  type WrittenBackup,
} from "../../../domain/operations/backup.ts";
import { counted } from "../../words/format.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, withProgressBar, writeJson } from "../output.ts";
import type { Command } from "commander";

/** What is never in a backup, so that it may be kept where secrets may not. */
const LEFT_OUT = [".env", "USER_DATA_DIR", "logs"] as const;

interface BackupOptions extends CommonOptions {
  readonly force?: boolean;
}

/** `tracker backup FILE`: database, month files and settings as one file, beside a running server. */
export function backupCommand(program: Command, context: CliContext): void {
  program.command("backup")
    .description("write database, fetched months and settings to one file; a running server goes on meanwhile")
    .argument("<file>", "the file, such as tracker.tar.gz, or a folder in which it gets a name with the time")
    .option("--force", "replace the file where it exists")
    .option("--json", "print what was written as JSON")
    .action(async (file: string, { json = false, force = false }: BackupOptions) => {
      const { terminal, interrupted } = context;
      const backups = await context.backups();
      const written = await withProgressBar(
        terminal,
        { doing: "Backing up", done: ({ bytes }: WrittenBackup) => `Backed up: ${formatBytes(bytes)}` },
        (onProgress) => backups.write(file, { replace: force, signal: interrupted, onProgress }),
      );
      const { manifest, bytes } = written;
      if (json) {
        writeJson(terminal, { file: written.file, bytes, ...manifestSummary(manifest), left_out: [...LEFT_OUT] });
        return;
      }
      terminal.write(`Wrote ${written.file}: ${formatBytes(bytes)} with ${contentText(manifest)}.\n`);
      terminal.write("Not in it: .env and other secrets, the browser profile, logs. Keep the secrets elsewhere.\n");
    });
}

/** What a backup holds, as JSON. */
export function manifestSummary({ programVersion, schemaVersion, createdAt, entries }: BackupManifest) {
  return {
    program_version: programVersion,
    schema_version: schemaVersion,
    created_at: createdAt.toString({ smallestUnit: "second" }),
    entries: entries.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
  };
}

/** "the database, 3 months and the settings". */
export function contentText({ entries }: Pick<BackupManifest, "entries">): string {
  const months = entries.filter(({ name }) => name.startsWith(`${MONTHS_FOLDER}/`)).length;
  const parts = ["the database"];
  if (months > 0) parts.push(counted(months, "month"));
  if (entries.some(({ name }) => name === SETTINGS_ENTRY)) parts.push("the settings");
  return new Intl.ListFormat("en").format(parts);
}
