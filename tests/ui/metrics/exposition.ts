import assert from "node:assert/strict";

/** A metric as the text format has it. */
interface Exposed {
  readonly type: string;
  readonly help: string;
  /** By the labels as they are written, `le` last; for a histogram with the suffix of the name in front. */
  readonly values: ReadonlyMap<string, number>;
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/;

/** Reads the text format of Prometheus, and fails where it is not well-formed. */
export function readExposition(text: string): Map<string, Exposed> {
  assert.ok(text.endsWith("\n"), "the last line ends");
  const metrics = new Map<string, { type: string; help: string; values: Map<string, number> }>();
  let current = "";
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === "HELP") {
      assert.ok(!metrics.has(name), `${name} is declared twice`);
      metrics.set(current = name, { type: "", help: rest, values: new Map() });
    } else if (kind === "TYPE") {
      const metric = metrics.get(name);
      assert.ok(metric !== undefined && name === current && metric.type === "", line);
      metric.type = rest;
    } else {
      const [, sampleName = "", labels = "", value] = SAMPLE.exec(line) ?? [];
      const metric = metrics.get(current);
      assert.ok(metric, line);
      const suffix = sampleName.slice(current.length);
      const suffixes = metric.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      assert.ok(sampleName.startsWith(current) && suffixes.includes(suffix), line);
      const key = suffix + labels.replace(/^(le="[^"]*"),(.+)$/, "$2,$1");
      assert.ok(!metric.values.has(key), `twice: ${line}`);
      assert.ok(Number.isFinite(Number(value)), line);
      metric.values.set(key, Number(value));
    }
  }
  return metrics;
}
