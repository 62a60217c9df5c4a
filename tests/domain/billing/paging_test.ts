import { followingPages, type UsageEventPage } from "../../../domain/billing/admin_api.ts";
import { rawEvent } from "./raw_events.ts";
import assert from "node:assert/strict";

const PAGE: UsageEventPage = { events: [rawEvent(), rawEvent()], totalEvents: 5, pages: null, hasNextPage: null };

Deno.test("followingPages() believes the API where it tells", () => {
  const page = { ...PAGE, pages: 9, hasNextPage: true };
  assert.deepEqual(followingPages(page, { pageSize: 2, seen: 5 }), { pages: 9, hasNextPage: true });
  assert.equal(followingPages({ ...page, hasNextPage: false }, { pageSize: 2, seen: 2 }).hasNextPage, false);
});

Deno.test("followingPages() else goes by the total, not by a short page", () => {
  assert.deepEqual(followingPages(PAGE, { pageSize: 3, seen: 2 }), { pages: 2, hasNextPage: true });
  assert.deepEqual(followingPages(PAGE, { pageSize: 3, seen: 5 }), { pages: 2, hasNextPage: false });
});

Deno.test("followingPages() without any word goes on while pages are full", () => {
  const page = { ...PAGE, totalEvents: null };
  assert.deepEqual(followingPages(page, { pageSize: 2, seen: 2 }), { pages: null, hasNextPage: true });
  assert.equal(followingPages(page, { pageSize: 3, seen: 2 }).hasNextPage, false);
});

Deno.test("followingPages() ends with an empty page, even one that promises another", () => {
  const page = { ...PAGE, events: [], hasNextPage: true };
  assert.equal(followingPages(page, { pageSize: 2, seen: 0 }).hasNextPage, false);
});
