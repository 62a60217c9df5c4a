import { colorsOf, MODEL_COLORS } from "../../../ui/words/model_colors.ts";
import assert from "node:assert/strict";

const names = Array.from({ length: 40 }, (_, at) => `model-${at}`);

Deno.test("the costliest models have a colour each, and no two the same", () => {
  const colors = colorsOf(new Map(names.map((name, at) => [name, 100 - at])));
  assert.deepEqual([...colors.keys()].sort(), names.slice(0, MODEL_COLORS).sort());
  assert.deepEqual([...colors.values()].sort(), [1, 2, 3, 4, 5, 6]);
});

Deno.test("a model keeps its colour when costs change their order", () => {
  const before = colorsOf(new Map([["opus", 9], ["sonnet", 5], ["auto", 1]]));
  const after = colorsOf(new Map([["auto", 70], ["opus", 9], ["sonnet", 10]]));
  assert.deepEqual([...after].sort(), [...before].sort());
});

Deno.test("the account's models keep their colours whatever its team spends", () => {
  const own = new Map([["opus", 9], ["auto", 1]]);
  const team = new Map([...names.map((name, at) => [name, 1_000 - at] as const), ["opus", 5] as const]);
  const colors = colorsOf(own, team);
  assert.equal(colors.get("opus"), colorsOf(own).get("opus"));
  assert.equal(colors.get("auto"), colorsOf(own).get("auto"));
  const ofTeam = [...team.keys()].flatMap((model) => colors.get(model) ?? []);
  assert.deepEqual(ofTeam.sort(), [1, 2, 3, 4, 5, 6]);
});
