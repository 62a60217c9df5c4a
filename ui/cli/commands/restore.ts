import { TrackerError } from "../../../domain/errors.ts";
import { type PreparedRestore, SETTINGS_ENTRY } from "../../../domain/operations/backup.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, withProgressBar, writeJson } from "../output.ts";
import { contentText, manifestSummary } from "./backup.ts";
import type { Command } from "commander";

const USAGE_EXIT_CODE = 2;

interface RestoreOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly check?: boolean;
}

/** `tracker restore FILE`: everything is checked before anything is replaced, and what is replaced is kept. */
export function restoreCommand(program: Command, context: CliContext): void {
  program.command("restore")
    .description("check a backup, then put it in the place of the data; what was there is kept aside")
    .argument("<file>", "a file that 'tracker backup' wrote")
    .option("--yes", "replace existing data without asking")
    .option("--check", "only check the backup: unpack it, compare every byte, replace nothing")
    .option("--json", "print what was done as JSON")
    .action(async (file: string, { json = false, yes = false, check = false }: RestoreOptions) => {
      const prepared = await prepare(context, file);
      try {
        if (!check && !yes) await requireConsent(context, prepared);
      } catch (error) {
        prepared.discard();
        throw error;
      }
      if (check) {
        prepared.discard();
        report(context, { file, prepared, keptIn: null, json, restored: false });
        return;
      }
      const { keptIn } = prepared.commit();
      report(context, { file, prepared, keptIn, json, restored: true });
      warnOfOtherSettings(context, prepared);
    });
}

async function prepare({ backups, terminal, interrupted }: CliContext, file: string): Promise<PreparedRestore> {
  const all = await backups();
  return await withProgressBar(
    terminal,
    {
      doing: "Checking the backup",
      done: ({ manifest }: PreparedRestore) => `Checked: ${contentText(manifest)}, whole and unchanged`,
    },
    (onProgress) => all.prepareRestore(file, { signal: interrupted, onProgress }),
  );
}

/** @throws TrackerError where the answer is not yes. */
async function requireConsent(context: CliContext, { manifest, replaces }: PreparedRestore): Promise<void> {
  if (replaces.length === 0) return;
  const { dataDir } = context.config();
  const made = manifest.createdAt.toString({ smallestUnit: "minute" });
  const answer = await context.confirm(
    `Replace ${replaces.join(", ")} in ${dataDir} by the backup of ${made}? What is there now is kept aside.`,
  );
  if (answer === true) return;
  if (answer === false) throw new TrackerError("Nothing was restored, as you said no");
  throw new TrackerError(`Cannot restore as there is data in "${dataDir}" and nobody to ask; nothing was changed`, {
    hint: "Add --yes: what is there now is kept in DATA_DIR/before-restore-….",
    exitCode: USAGE_EXIT_CODE,
  });
}

function report(
  { terminal, config }: CliContext,
  { file, prepared, keptIn, json, restored }: {
    file: string;
    prepared: PreparedRestore;
    keptIn: string | null;
    json: boolean;
    restored: boolean;
  },
): void {
  const { manifest, schemaVersion } = prepared;
  if (json) {
    const to = { data_dir: config().dataDir, kept_in: keptIn, restored_schema_version: schemaVersion };
    writeJson(terminal, { file, restored, ...to, ...manifestSummary(manifest) });
    return;
  }
  const made = `made ${manifest.createdAt.toString({ smallestUnit: "minute" })} by tracker ${manifest.programVersion}`;
  terminal.write(`${restored ? "Restored" : "Whole and unchanged:"} ${contentText(manifest)}, ${made}.\n`);
  if (schemaVersion !== manifest.schemaVersion) {
    const [from, to] = [manifest.schemaVersion, schemaVersion];
    terminal.write(`The database ${restored ? "was" : "would be"} brought from version ${from} to ${to}.\n`);
  }
  if (keptIn !== null) terminal.write(`What it replaced is in ${keptIn}; delete it when you no longer need it.\n`);
}

/** Settings are restored to DATA_DIR, and another file may come before that. */
function warnOfOtherSettings({ config, terminal }: CliContext, { manifest }: PreparedRestore): void {
  const { dataDir, billing } = config();
  const restored = `${dataDir}/${SETTINGS_ENTRY}`;
  const isRestored = manifest.entries.some(({ name }) => name === SETTINGS_ENTRY);
  if (!isRestored || billing.file === null || billing.file === restored) return;
  terminal.writeError(`Note:  ${billing.file} comes before the restored ${restored}.\n`);
}
