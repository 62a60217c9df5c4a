import { serviceUnits, type UnitOrigin } from "../../../adapters/system/service_units.ts";
import type { ServiceOptions } from "../../../domain/operations/service_units.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

// A program that is really there: systemd looks for it.
const PROGRAM = "/usr/bin/env";
const EVERY: readonly ServiceOptions[] = [
  { scope: "system", isTimer: false },
  { scope: "system", isTimer: true },
  { scope: "user", isTimer: false },
  { scope: "user", isTimer: true },
];

function originIn(folder: string, changes: Partial<UnitOrigin> = {}): UnitOrigin {
  return {
    program: [PROGRAM],
    person: { workingDir: folder, dataDir: `${folder}/data`, profileDir: `${folder}/profile` },
    isRoot: false,
    systemDir: `${folder}/etc`,
    configHome: `${folder}/config`,
    ...changes,
  };
}

async function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], env }).output();
    return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const hasSystemd = await run("systemd-analyze", ["--version"]) !== null;

Deno.test({
  name: "every unit passes systemd-analyze verify and scores 2.5 or better",
  ignore: !hasSystemd,
  async fn() {
    for (const options of EVERY) {
      using dir = tempDir();
      const units = serviceUnits(originIn(dir.path)).units(options);
      const paths = units.map(({ path, text }) => {
        const copy = `${dir.path}/${path.split("/").at(-1)}`;
        Deno.writeTextFileSync(copy, text);
        return copy;
      });
      const manager = options.scope === "user" ? ["--user"] : [];
      const verified = await run("systemd-analyze", ["verify", ...manager, ...paths], { XDG_RUNTIME_DIR: dir.path });
      assert.deepEqual(verified, { code: 0, text: "" }, JSON.stringify(options));
      const service = paths.find((path) => path.endsWith(".service")) ?? "";
      const scored = await run("systemd-analyze", ["security", "--offline=true", "--threshold=25", service]);
      assert.equal(scored?.code, 0, scored?.text ?? "");
    }
  },
});

Deno.test("the server's unit is notified, watched, stopped in time and gets its secrets as credentials", () => {
  const [unit] = serviceUnits(originIn("/srv")).units({ scope: "system", isTimer: false });
  const lines = unit?.text.split("\n") ?? [];
  const expected = [
    "Type=notify",
    "ExecStart=/usr/bin/env serve",
    "WatchdogSec=120",
    "KillMode=mixed",
    "TimeoutStopSec=15",
    "User=tracker",
    "StateDirectory=tracker",
    "LogsDirectory=tracker",
    "LoadCredential=tracker:%E/tracker/credentials",
    "WantedBy=multi-user.target",
  ];
  for (const line of expected) assert.ok(lines.includes(line), line);
  // Chromium's sandbox makes namespaces and changes its root.
  assert.ok(lines.includes("RestrictNamespaces=user pid net"));
  assert.ok(lines.includes("SystemCallFilter=@system-service chroot seccomp"));
});

Deno.test("paths with spaces, percent and dollar signs are written as systemd reads them", () => {
  const person = { workingDir: "/srv/my data", dataDir: "/srv/my data/100%", profileDir: "/srv/p" };
  const origin = originIn("/srv", { program: ["/opt/a $b/tracker"], person });
  const [unit] = serviceUnits(origin).units({ scope: "user", isTimer: false });
  const lines = unit?.text.split("\n") ?? [];
  assert.ok(lines.includes('ExecStart="/opt/a $$b/tracker" serve'), unit?.text ?? "");
  assert.ok(lines.includes('Environment="DATA_DIR=/srv/my data/100%%" USER_DATA_DIR=/srv/p'));
  assert.ok(lines.includes("WorkingDirectory=/srv/my data"));
});

Deno.test("a program in a folder that the service does not see is refused with the command that mends it", () => {
  const units = (program: string) => serviceUnits(originIn("/srv", { program: [program] }));
  for (const program of ["/home/ada/tracker", "/root/tracker", "/tmp/tracker"]) {
    assert.throws(() => units(program).units({ scope: "system", isTimer: false }), { hint: /install -m 755/ });
  }
  assert.throws(() => units("/tmp/tracker").units({ scope: "user", isTimer: false }), /does not see that folder/);
  assert.equal(units("/home/ada/tracker").units({ scope: "user", isTimer: false }).length, 1);
});

Deno.test("installing writes over its own unit, but never over one that was edited, unless forced", () => {
  using dir = tempDir();
  const units = serviceUnits(originIn(dir.path));
  const options = { scope: "system", isTimer: false, force: false } as const;
  const { paths: [path = ""], nextCommands } = units.install(options);
  assert.equal(path, `${dir.path}/etc/systemd/system/tracker.service`);
  assert.deepEqual(nextCommands.slice(1), [
    "sudo systemctl daemon-reload",
    "sudo systemctl enable --now tracker.service",
  ]);
  const credentials = Deno.statSync(`${dir.path}/etc/tracker/credentials`);
  assert.equal((credentials.mode ?? 0) & 0o777, 0o700);
  const written = Deno.readTextFileSync(path);
  units.install(options);
  Deno.writeTextFileSync(path, written.replace("WatchdogSec=120", "WatchdogSec=10"));
  assert.throws(() => units.install(options), /it was edited by hand/);
  assert.match(Deno.readTextFileSync(path), /WatchdogSec=10/);
  units.install({ ...options, force: true });
  assert.equal(Deno.readTextFileSync(path), written);
});

Deno.test("uninstalling removes the units and the links that enable them, and nothing else", () => {
  using dir = tempDir();
  const units = serviceUnits(originIn(dir.path));
  const options = { scope: "user", isTimer: true, force: false } as const;
  const { paths } = units.install(options);
  const folder = `${dir.path}/config/systemd/user`;
  Deno.mkdirSync(`${folder}/timers.target.wants`);
  Deno.symlinkSync(`${folder}/tracker-scrape.timer`, `${folder}/timers.target.wants/tracker-scrape.timer`);
  Deno.writeTextFileSync(`${dir.path}/data/tracker.db`, "mine");
  assert.equal(units.uninstall(options).paths.length, paths.length);
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["timers.target.wants"]);
  assert.deepEqual([...Deno.readDirSync(`${folder}/timers.target.wants`)], []);
  assert.equal(Deno.readTextFileSync(`${dir.path}/data/tracker.db`), "mine");
  assert.deepEqual(units.uninstall(options), { paths: [], nextCommands: [] });
});
