import { filteredEventsPayload } from "../../fixtures/cursor_sim/events_payload.ts";
import { jsonPayload } from "../domain/capture/capture_of.ts";
import { jsonCapture, ScrapeHarness, usageBy } from "./scrape_harness.ts";
import assert from "node:assert/strict";

Deno.test("a scrape tells history since when its events are new, and nothing where it knew them", async () => {
  const usage = usageBy("2026-11-21T19:00:00Z");
  const { payloads, ...capture } = jsonCapture(usage);
  const page = { page: 1, pageSize: 100_000, shortPages: false };
  const events = jsonPayload("get-filtered-usage-events", filteredEventsPayload(usage.events, page));
  const sight = { ...capture, payloads: [...payloads, events] };
  const harness = new ScrapeHarness();
  const told: number[] = [];
  harness.stores.history.eventsChanged = (from) => void told.push(from.epochMilliseconds);
  await harness.scrape(sight);
  await harness.scrape({ ...sight, capturedAt: usage.at.add({ hours: 1 }) });
  // The site lists the newest first, so that the oldest is the first of all that it has.
  assert.deepEqual(told, [usage.events[0]?.at.epochMilliseconds]);
});
