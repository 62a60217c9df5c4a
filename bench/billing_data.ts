import { generateEvents, type SimEvent } from "../fixtures/cursor_sim/admin_events.ts";
import type { BenchResult } from "./benchmark.ts";

/** The month that the billing benchmarks are about; the fetch happens three months later. */
export const MONTH = Temporal.PlainYearMonth.from("2026-01");
export const NOW = Temporal.Instant.from("2026-03-20T12:00:00Z");
export const KEY = "key_0123456789abcdef";

function userNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `person.${index}@example.com`);
}

/** The month's events of a team of this size; the same each time. */
export function monthEvents(count: number, { users = 50 }: { users?: number } = {}): SimEvent[] {
  const startMs = MONTH.toPlainDate({ day: 1 }).toZonedDateTime("UTC").epochMilliseconds;
  const endMs = MONTH.add({ months: 1 }).toPlainDate({ day: 1 }).toZonedDateTime("UTC").epochMilliseconds - 1;
  return generateEvents({ seed: 1, count, startMs, endMs, users: userNames(users) });
}

/** The most memory that this process has had at once, in MiB; NaN where the system does not tell. */
export function peakMemoryMib(): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
    return Number(kib ?? NaN) / 1024;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return NaN;
    throw error;
  }
}

/** Runs a benchmark's part in a process of its own, so that its memory is its own; it prints numbers as JSON. */
export async function inChild(script: string, ...args: string[]): Promise<Record<string, number>> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--quiet", new URL(script, import.meta.url).pathname, ...args],
  }).output();
  if (!success) throw new Error(`Cannot measure as ${script} failed: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Prints what a child measured. */
export function answer(details: BenchResult["details"]): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(details)));
}
