import process from "node:process";
import { VERSION } from "../../../domain/version.ts";
import { type Sample, sample } from "./names.ts";

/** The process and what it is built of. */
export function processMetrics(): Sample[] {
  const { rss, heapUsed } = Deno.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    ...sample("tracker_build_info", 1, {
      version: VERSION,
      deno: Deno.version.deno,
      os: Deno.build.os,
      arch: Deno.build.arch,
    }),
    ...sample("process_start_time_seconds", performance.timeOrigin / 1_000),
    ...sample("process_cpu_seconds_total", (user + system) / 1_000_000),
    ...sample("process_resident_memory_bytes", rss),
    ...sample("process_heap_bytes", heapUsed),
  ];
}
