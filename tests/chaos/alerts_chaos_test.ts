import { openDatabase } from "../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../adapters/sqlite/stores.ts";
import { sleep } from "../../adapters/system/timer.ts";
import { startMailServer } from "../adapters/channels/email/mail_server.ts";
import { tempDir } from "../temp_dir.ts";
import { seededRandom } from "./seeded_random.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";

/** How many processes are killed, two at a time; the whole proof is CHAOS_KILLS=200. */
const KILLS = Number(Deno.env.get("CHAOS_KILLS") ?? 20);
/** More rounds than any process lives for. */
const ENDLESS = 1_000;
/** Messages are at most four an hour: so many further rounds of 20 minutes empty the outbox. */
const LAST_ROUNDS = 12;
const SCRIPT = new URL("./sweeps_until_killed.ts", import.meta.url).pathname;

/** What happened, in the order in which this process learned of it. */
interface Seen {
  readonly event: "accepted" | "recorded";
  readonly messageId: string;
}

/** Runs the process, and kills it so long after it said that it begins. */
async function run(
  { dataDir, port, rounds, killAfterMs }: { dataDir: string; port: number; rounds: number; killAfterMs: number | null },
  seen: Seen[],
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", SCRIPT, dataDir, String(port), String(rounds)],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [word, messageId = ""] = line.split(" ");
      if (word === "recorded") seen.push({ event: "recorded", messageId });
      if (word === "begins" && killAfterMs !== null) timer = setTimeout(() => kill(child), killAfterMs);
    }
  }
  await child.status;
  clearTimeout(timer);
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It may have ended by itself in this very moment.
    if (!(error instanceof TypeError)) throw error;
  }
}

Deno.test("whenever sweeps and deliveries are killed, each alert opens once and only unrecorded mails are repeated", async () => {
  const seed = Number(Deno.env.get("CHAOS_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  await Deno.stderr.write(new TextEncoder().encode(`CHAOS_SEED=${seed}\n`));
  const random = seededRandom(seed);
  using dir = tempDir();
  const seen: Seen[] = [];
  await using server = await startMailServer({
    // It takes its time to say so, so that kills hit the moments in which only the server knows.
    accepted: async ({ mail }) => {
      seen.push({ event: "accepted", messageId: mail.messageId ?? "" });
      await sleep(60 * random());
    },
  });
  const process = { dataDir: dir.path, port: server.port };
  for (let kills = 0; kills < KILLS; kills += 2) {
    const pair = [random(), random()].map((part) => ({ ...process, rounds: ENDLESS, killAfterMs: 1_000 * part }));
    await Promise.all(pair.map((one) => run(one, seen)));
  }
  await run({ ...process, rounds: LAST_ROUNDS, killAfterMs: null }, seen);
  await report(checkAlerts(dir.path, seen));
});

/** Checks what is stored against what the mail server took; answers the figures. */
function checkAlerts(dataDir: string, seen: readonly Seen[]): Record<string, number> {
  using db = openDatabase(dataDir, { clock: { now: () => Temporal.Now.instant() } });
  strictEqual(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
  const stores = sqliteStores(db);
  const alerts = stores.alerts.list(100_000);
  strictEqual(new Set(alerts.map(({ dedupeKey }) => dedupeKey)).size, alerts.length);
  const steps = Number(db.prepare("SELECT count(*) AS steps FROM steps_of_time").get()?.["steps"]);
  // Each second step spends a dollar more, and each dollar is a threshold.
  strictEqual(alerts.filter(({ dedupeKey }) => dedupeKey.includes(":spend:")).length, Math.floor(steps / 2));
  const messages = stores.notifications.list(100_000);
  deepStrictEqual(messages.filter(({ deliveredAt }) => deliveredAt === null), []);
  const told = messages.flatMap(({ notices }) => notices.map(({ alertId, purpose }) => `${purpose} ${alertId}`));
  strictEqual(new Set(told).size, told.length);
  const accepted = seen.filter(({ event }) => event === "accepted").map(({ messageId }) => messageId);
  for (const { message, attempts } of messages) {
    const times = accepted.filter((id) => id === message.messageId).length;
    ok(times >= 1 && times <= attempts, `${message.messageId}: accepted ${times} times in ${attempts} tries`);
  }
  strictEqual(new Set(accepted).size, messages.length);
  const late = seen.filter(({ event, messageId }, at) =>
    event === "accepted" && seen.slice(0, at).some((one) => one.event === "recorded" && one.messageId === messageId)
  );
  deepStrictEqual(late, []);
  const retried = messages.filter(({ attempts }) => attempts > 1).length;
  ok(retried > 0, "no kill hit a delivery");
  return { kills: KILLS, alerts: alerts.length, messages: messages.length, retried, accepted: accepted.length };
}

async function report(figures: Record<string, number>): Promise<void> {
  await Deno.stderr.write(new TextEncoder().encode(`${JSON.stringify(figures)}\n`));
}
