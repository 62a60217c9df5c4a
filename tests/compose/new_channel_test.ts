import type { ChannelKind } from "../../adapters/channels/channel_kind.ts";
import { CHANNELS } from "../../adapters/channels/channels.ts";
import { loadConfig } from "../../adapters/config/config.ts";
import * as field from "../../adapters/config/fields.ts";
import { readVariables, type Variables } from "../../adapters/config/variable.ts";
import { allVariables, variableGroups } from "../../adapters/config/variables.ts";
import { examineAll } from "../../adapters/doctor/doctor.ts";
import type { RenderedMessage } from "../../domain/alerts/notification.ts";
import { envExample } from "../../tools/docs.ts";
import { patientIn } from "../adapters/doctor/patient.ts";
import { tempDir } from "../temp_dir.ts";
import { wholeProgram } from "./one_place.ts";
import assert from "node:assert/strict";

const VARIABLES = {
  PIGEON_LOFT: { parse: field.hostName, about: "Where the pigeon flies to" },
  PIGEON_RING: { parse: field.secretText, isSecret: true, about: "What its ring says" },
} as const satisfies Variables;

/** A channel that nothing else in the program knows of, and what it took. */
function pigeons(): { kind: ChannelKind; flown: { subject: string; loft: string; ring: string | undefined }[] } {
  const flown: { subject: string; loft: string; ring: string | undefined }[] = [];
  const kind: ChannelKind = {
    name: "pigeon",
    group: { title: "Alerts by pigeon", variables: VARIABLES },
    *contradictions({ has }) {
      if (has("PIGEON_RING") && !has("PIGEON_LOFT")) yield "PIGEON_RING needs PIGEON_LOFT: without it none flies";
    },
    setUp(texts) {
      const { PIGEON_LOFT: loft, PIGEON_RING: ring } = readVariables(VARIABLES, texts);
      const send = ({ subject }: RenderedMessage) => {
        flown.push({ subject, loft: loft ?? "", ring: ring?.reveal() });
        return Promise.resolve();
      };
      return {
        name: "pigeon",
        words: {
          title: "Pigeon",
          by: "by pigeon",
          needs: "PIGEON_LOFT",
          check: { name: "pigeon", title: "Pigeon", skipped: "PIGEON_LOFT is not set" },
        },
        missing: loft === undefined ? ["PIGEON_LOFT"] : [],
        domain: null,
        make: () => loft === undefined ? null : { name: "pigeon", target: loft, send, check: () => Promise.resolve() },
      };
    },
  };
  return { kind, flown };
}

const ENV = { PIGEON_LOFT: "loft.example.test", PIGEON_RING: "ring-0815-secret" };

Deno.test("a channel that is put into the list gets messages, and is on /settings, /alerts and in metrics", async () => {
  const { kind, flown } = pigeons();
  await using program = wholeProgram({ env: ENV, channels: [...CHANNELS, kind] });
  const { alerts } = program.services.stores;
  alerts.open({ kind: "anomaly", dedupeKey: "a", details: "?", at: Temporal.Instant.from("2026-11-21T19:00:00Z") });
  await program.sweep();
  const [told] = flown;
  assert.deepEqual([told?.loft, told?.ring], ["loft.example.test", "ring-0815-secret"]);

  const settings = await program.get("/settings");
  assert.match(settings, /PIGEON_LOFT<\/code><\/th><td class="value">loft\.example\.test<\/td>/);
  assert.match(settings, /PIGEON_RING<\/code><\/th><td class="value"><span class="badge">set, not shown/);
  assert.ok(!settings.includes("ring-0815-secret"));
  const page = await program.get("/alerts");
  assert.match(page, /Webhook is not set up: WEBHOOK_URL missing · Pigeon is set up/);
  assert.match(page, /<small class="muted">by pigeon<\/small>/);
  assert.equal(JSON.parse(await program.get("/api/alerts")).notifications[0].channel, "pigeon");
  assert.match(await program.get("/api/openapi.json"), /"email","webhook","pigeon"/);
  assert.match(await program.get("/metrics"), /^tracker_notifications\{channel="pigeon",state="delivered"\} 1$/m);
});

Deno.test("a channel that is put into the list is tested, looked at by the doctor, and documented", async () => {
  const { kind, flown } = pigeons();
  const channels = [...CHANNELS, kind];
  await using program = wholeProgram({ env: ENV, channels });
  const tested = await program.command("alerts", "test", "--channel", "pigeon");
  assert.equal(tested.stdout, "pigeon: sent to loft.example.test\n");
  assert.deepEqual(flown.map(({ subject }) => subject), ["Test message: alerts will look like this"]);
  assert.match((await program.command("alerts", "test", "--help")).stdout, /only this one: email, webhook, pigeon/);

  using dir = tempDir();
  const look = async (env: Record<string, string>) => {
    const config = loadConfig({ env, workingDir: dir.path, channels });
    const report = await examineAll({ ...patientIn(dir.path), config }, { signal: new AbortController().signal });
    const check = report.checks.find(({ name }) => name === "pigeon");
    return [check?.status, check?.found];
  };
  assert.deepEqual(await look({}), ["skipped", "PIGEON_LOFT is not set"]);
  assert.deepEqual(await look(ENV), ["ok", "loft.example.test"]);
  assert.match(
    envExample(variableGroups(channels)),
    /# --- Alerts by pigeon ---\n\n# Where the pigeon flies to\.\nPIGEON_LOFT=\n/,
  );
  assert.ok("PIGEON_RING" in allVariables(channels));
});

Deno.test("a channel's variables are read as all others: from secret files, masked, with their faults", () => {
  using dir = tempDir();
  Deno.writeTextFileSync(`${dir.path}/ring`, "ring-0815-secret\n");
  const channels = [...CHANNELS, pigeons().kind];
  const load = (env: Record<string, string>) => loadConfig({ env, workingDir: dir.path, channels });
  const config = load({ PIGEON_LOFT: "loft.example.test", PIGEON_RING_FILE: "ring" });
  assert.deepEqual(config.secrets.map((secret) => secret.reveal()), ["ring-0815-secret"]);
  assert.equal(config.settings.find(({ name }) => name === "PIGEON_RING")?.source, "secret file");
  assert.throws(() => load({ PIGEON_LOFT: "not a host" }), /PIGEON_LOFT must be a host name/);
  assert.throws(() => load({ PIGEON_RING: "ring" }), /PIGEON_RING needs PIGEON_LOFT: without it none flies/);
});
