import { type FigureChange, hasChanges, type Replayed } from "../../../domain/capture/replay.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { formatMicros, micros } from "../../../domain/money.ts";
import { counted } from "../../words/format.ts";
import { positiveInteger } from "../arguments.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, formatTable, withProgress, writeJson } from "../output.ts";
import type { Command } from "commander";

interface ReplayOptions extends CommonOptions {
  readonly capture?: number;
  readonly apply?: boolean;
}

/** `tracker replay`: reads the kept captures with today's code. */
export function replayCommand(program: Command, context: CliContext): void {
  program.command("replay")
    .description("read the kept captures again with this version, and show what would change")
    .option("--capture <id>", "only this capture", positiveInteger)
    .option("--apply", "write the changes; what they replace is kept as superseded")
    .option("--json", "print the changes as JSON")
    .action(async ({ capture, apply = false, json = false }: ReplayOptions) => {
      const { terminal } = context;
      await context.withServices({ echo: "warn" }, async (services) => {
        const replayed = await withProgress(
          terminal,
          { doing: "Reading the kept captures again", done: (all) => sentenceOf(all, apply) },
          () => services.replay({ captureId: capture ?? null, apply }),
        );
        if (json) writeJson(terminal, { applied: apply, captures: replayed.map(replayedJson) });
        else terminal.write(tableOf(replayed) + `${sentenceOf(replayed, apply)}\n`);
      });
    });
}

function sentenceOf(replayed: readonly Replayed[], apply: boolean): string {
  const changed = replayed.filter(hasChanges).length;
  const captures = counted(replayed.length, "capture");
  if (changed === 0) return `Read ${captures}: nothing changes.`;
  return apply
    ? `Read ${captures}: ${changed} of them corrected what was stored.`
    : `Read ${captures}: ${changed} of them would change what is stored. Write it with 'tracker replay --apply'.`;
}

function tableOf(replayed: readonly Replayed[]): string {
  const rows = replayed.filter(hasChanges).flatMap((each) => {
    const { captureId, capturedAt, outcome, changes, events } = each;
    const first = [String(captureId), capturedAt.toString({ smallestUnit: "second" }), outcome];
    const figures = changes.map((
      change,
    ) => [...first, nameOf(change), valueOf(change, "before"), valueOf(change, "after")]);
    const count = events.added + events.updated;
    const ofEvents = [...first, "events", "", `${events.added} added, ${events.updated} corrected`];
    return count === 0 ? figures : [...figures, ofEvents];
  });
  return rows.length === 0 ? "" : formatTable(["CAPTURE", "AT", "TABLE", "FIGURE", "BEFORE", "AFTER"], rows);
}

function nameOf({ model, figure }: FigureChange): string {
  const name = figure.replace(/_micros$/, "").replaceAll("_", " ");
  return model === null ? name : `${model}: ${name}`;
}

function valueOf(change: FigureChange, side: "before" | "after"): string {
  const value = change[side];
  if (value === null) return "–";
  return typeof value === "number" && change.figure.endsWith("_micros") ? formatMicros(micros(value)) : String(value);
}

function replayedJson({ captureId, capturedAt, outcome, changes, events, problems }: Replayed): JsonObject {
  return {
    capture_id: captureId,
    captured_at: capturedAt.toString(),
    outcome,
    changes: changes.map((change) => ({ ...change })),
    events_added: events.added,
    events_updated: events.updated,
    problems: [...problems],
  };
}
