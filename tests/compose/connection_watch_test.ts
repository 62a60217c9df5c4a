import { ConnectionWatch } from "../../compose/listener.ts";
import assert from "node:assert/strict";

const PATIENCE = { sweepMs: 1, silentSweeps: 2, idleSweeps: 4, mostConnections: 3 };
const sweepTimes = (watch: ConnectionWatch, peers: string[], times: number) =>
  Array.from({ length: times }, () => watch.sweep(new Set(peers)));

Deno.test("a connection without any request is stuck after its looks", () => {
  const watch = new ConnectionWatch(PATIENCE);
  assert.deepEqual(sweepTimes(watch, ["a"], 4), [0, 0, 1, 1]);
});

Deno.test("a connection with requests is idle for longer before it is stuck", () => {
  const watch = new ConnectionWatch(PATIENCE);
  watch.heard("a");
  assert.deepEqual(sweepTimes(watch, ["a"], 3), [0, 0, 0]);
  watch.heard("a");
  assert.deepEqual(sweepTimes(watch, ["a"], 5), [0, 0, 0, 1, 1]);
});

Deno.test("where many are open, the idle ones get no more time than the silent ones", () => {
  const watch = new ConnectionWatch(PATIENCE);
  const peers = ["a", "b", "c", "d"];
  for (const peer of peers) watch.heard(peer);
  assert.deepEqual(sweepTimes(watch, peers, 2), [0, 4]);
});

Deno.test("a stream of events is never stuck, and after its end is idle from then on", async () => {
  const watch = new ConnectionWatch(PATIENCE);
  const stream = Promise.withResolvers<void>();
  watch.heard("a");
  watch.streams("a", stream.promise);
  assert.deepEqual(sweepTimes(watch, ["a"], 6), [0, 0, 0, 0, 0, 0]);
  stream.reject(new Error("the client has gone"));
  await stream.promise.catch(() => undefined);
  assert.deepEqual(sweepTimes(watch, ["a"], 4), [0, 0, 0, 1]);
});

Deno.test("a connection that is gone is forgotten", () => {
  const watch = new ConnectionWatch(PATIENCE);
  sweepTimes(watch, ["a"], 3);
  assert.deepEqual([sweepTimes(watch, [], 1), sweepTimes(watch, ["a"], 2)], [[0], [0, 0]]);
});
