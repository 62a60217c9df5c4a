import { micros } from "../../../domain/money.ts";
import { cacheEfficiency, figuresByModel, spendOf, sumTokens } from "../../../domain/report/models.ts";
import { usageRow } from "../capture/rows.ts";
import assert from "node:assert/strict";

Deno.test("spendOf() adds up the metric that it is asked for", () => {
  const rows = [
    usageRow({ apiCost: micros(1_500_000), costToYou: micros(0), costBasis: "included" }),
    usageRow({ model: "n", apiCost: micros(700_000), costToYou: micros(190_000), costBasis: "billed" }),
  ];
  assert.deepEqual(spendOf(rows, "api_cost"), {
    known: 2_200_000,
    bases: ["included", "billed"],
    unknownModels: [],
  });
  assert.deepEqual(spendOf(rows, "cost_to_you"), { known: 190_000, bases: ["billed"], unknownModels: [] });
});

Deno.test("spendOf() names the models of unknown cost instead of counting them as zero", () => {
  const rows = [
    usageRow({ model: "known", apiCost: micros(100) }),
    usageRow({ model: "hidden", apiCost: null, costBasis: "unknown" }),
    usageRow({ model: "hidden", apiCost: null, costBasis: "unknown" }),
  ];
  assert.deepEqual(spendOf(rows, "api_cost"), {
    known: 100,
    bases: ["included", "unknown"],
    unknownModels: ["hidden"],
  });
});

Deno.test("spendOf() is unknown where nothing is known, and zero where nothing was used", () => {
  const hidden = usageRow({ apiCost: null, costToYou: null, costBasis: "unknown" });
  assert.equal(spendOf([hidden], "api_cost").known, null);
  assert.equal(spendOf([hidden], "cost_to_you").known, null);
  assert.deepEqual(spendOf([], "api_cost"), { known: 0, bases: [], unknownModels: [] });
});

Deno.test("figuresByModel() puts a model's rows together, the costliest model first", () => {
  const rows = [
    usageRow({ model: "cheap", tokens: { output: 10, total: 10 }, apiCost: micros(1_000) }),
    usageRow({ model: "dear", tokens: { output: 1, total: 1 }, apiCost: micros(5_000) }),
    usageRow({ model: "cheap", tokens: { cacheRead: 30, output: 10, total: 40 }, apiCost: micros(500) }),
  ];
  const [dear, cheap, ...others] = figuresByModel(rows);
  assert.equal(others.length, 0);
  assert.equal(dear?.model, "dear");
  assert.deepEqual(cheap, {
    model: "cheap",
    tokens: { inputWithCacheWrite: 0, inputWithoutCacheWrite: 0, cacheRead: 30, output: 20, total: 50 },
    apiCost: 1_500,
    costToYou: 0,
    costBasis: "included",
    costPer1kTokens: 30_000,
    cacheEfficiency: 1,
  });
});

Deno.test("figuresByModel() leaves a sum with an unknown part unknown and puts it last", () => {
  const rows = [
    usageRow({ model: "part", apiCost: micros(9_000_000), costBasis: "billed" }),
    usageRow({ model: "part", tokens: { total: 5 }, apiCost: null, costBasis: "unknown" }),
    usageRow({ model: "b", apiCost: micros(0) }),
    usageRow({ model: "a", apiCost: micros(0) }),
  ];
  const figures = figuresByModel(rows);
  assert.deepEqual(figures.map(({ model }) => model), ["a", "b", "part"]);
  const part = figures.at(-1);
  assert.equal(part?.apiCost, null);
  assert.equal(part?.costPer1kTokens, null);
  assert.equal(part?.costBasis, "unknown");
});

Deno.test("figuresByModel() calls a sum what its weakest part is", () => {
  const basis = (...bases: ("billed" | "included" | "estimated")[]) =>
    figuresByModel(bases.map((costBasis) => usageRow({ costBasis })))[0]?.costBasis;
  assert.equal(basis("included", "billed"), "billed");
  assert.equal(basis("billed", "estimated", "included"), "estimated");
  assert.equal(basis("included"), "included");
});

Deno.test("cost per thousand tokens is rounded half to even and unknown without tokens", () => {
  const per1k = (apiCost: number, total: number) =>
    figuresByModel([usageRow({ apiCost: micros(apiCost), tokens: { total } })])[0]?.costPer1kTokens;
  assert.equal(per1k(20_180_000, 1_000_000), 20_180);
  assert.equal(per1k(1, 2_000), 0);
  assert.equal(per1k(3, 2_000), 2);
  assert.equal(per1k(0, 10), 0);
  assert.equal(per1k(5, 0), null);
});

Deno.test("cache efficiency is the share of the input that came from the cache", () => {
  const tokens = {
    inputWithCacheWrite: 1_000,
    inputWithoutCacheWrite: 500,
    cacheRead: 4_500,
    output: 900,
    total: 6_900,
  };
  assert.equal(cacheEfficiency(tokens), 0.75);
  assert.equal(cacheEfficiency({ ...tokens, cacheRead: 0 }), 0);
  const onlyOutput = { inputWithCacheWrite: 0, inputWithoutCacheWrite: 0, cacheRead: 0, output: 9, total: 9 };
  assert.equal(cacheEfficiency(onlyOutput), null);
});

Deno.test("sumTokens() adds up each kind by itself", () => {
  const one = { inputWithCacheWrite: 1, inputWithoutCacheWrite: 2, cacheRead: 3, output: 4, total: 10 };
  assert.deepEqual(sumTokens([one, { ...one, total: 12 }]), {
    inputWithCacheWrite: 2,
    inputWithoutCacheWrite: 4,
    cacheRead: 6,
    output: 8,
    total: 22,
  });
});
