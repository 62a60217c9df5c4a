import { messageOf, TrackerError } from "../../domain/errors.ts";
import type {
  ServiceOptions,
  ServiceScope,
  ServiceUnits,
  UnitChange,
  UnitFile,
} from "../../domain/operations/service_units.ts";
import { ifThere, privateDir, removeIfThere, replaceFileSync } from "../files/files.ts";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";

const MARK = /^# Written by 'tracker service install'; sha256 of what follows: ([0-9a-f]{64})\n/;
const WANTS = ["multi-user.target.wants", "default.target.wants", "timers.target.wants"] as const;
/** Folders that the hardened service does not see. */
const HIDDEN: Readonly<Record<ServiceScope, RegExp>> = {
  system: /^\/(?:home|root|run\/user|tmp|var\/tmp)\//,
  user: /^\/(?:tmp|var\/tmp)\//,
};
const ASK_USER =
  "getent passwd tracker || sudo useradd --system --home-dir /var/lib/tracker --shell /usr/sbin/nologin tracker";

/** Where units are written, and what for. */
export interface UnitOrigin {
  /** The program and the arguments that come before the command. */
  readonly program: readonly string[];
  /** The folders of a person's service. */
  readonly person: NonNullable<UnitPlace["person"]>;
  readonly isRoot: boolean;
  /** Default `/etc`. */
  readonly systemDir?: string;
  /** The person's XDG_CONFIG_HOME. */
  readonly configHome: string;
}

/** The units of this program on this machine. */
export function serviceUnits(origin: UnitOrigin): ServiceUnits {
  return {
    defaultScope: origin.isRoot ? "system" : "user",
    units: (options) => unitsOf(origin, options),
    install: (options) => install(origin, options),
    uninstall: (options) => uninstall(origin, options),
  };
}

function unitsOf(origin: UnitOrigin, { scope, isTimer }: ServiceOptions): UnitFile[] {
  const { program, person } = origin;
  const [binary = ""] = program;
  if (HIDDEN[scope].test(binary)) {
    throw new TrackerError(`Cannot run "${binary}" as a ${scope} service as the service does not see that folder`, {
      hint: "Install it where every user may run it: sudo install -m 755 tracker /usr/local/bin/tracker",
    });
  }
  const place: UnitPlace = { program, person: scope === "system" ? null : person };
  const file = (name: string, text: string): UnitFile => ({
    path: join(unitDir(origin, scope), name),
    text: marked(text),
  });
  return isTimer
    ? [file("tracker-scrape.service", scrapeUnit(place)), file("tracker-scrape.timer", timerUnit())]
    : [file("tracker.service", serverUnit(place))];
}

function install(origin: UnitOrigin, options: ServiceOptions & { force: boolean }): UnitChange {
  const { scope, isTimer, force } = options;
  const units = unitsOf(origin, options);
  for (const { path } of units) if (!force) refuseEdited(path, "overwrite");
  try {
    // systemd would not start the service where one of these is missing.
    privateDir(join(configDir(origin, scope), "tracker", "credentials"));
    if (scope === "user") { for (const dir of [origin.person.dataDir, origin.person.profileDir]) privateDir(dir); }
    for (const { path, text } of units) {
      Deno.mkdirSync(dirname(path), { recursive: true });
      replaceFileSync(path, text, { mode: 0o644 });
    }
  } catch (error) {
    throw notPermitted(error, scope);
  }
  const started = isTimer ? "tracker-scrape.timer" : "tracker.service";
  const ctl = controlOf(scope);
  return {
    paths: units.map(({ path }) => path),
    nextCommands: [
      ...(scope === "system" ? [ASK_USER] : []),
      `${ctl} daemon-reload`,
      `${ctl} enable --now ${started}`,
      ...(scope === "user" ? ["loginctl enable-linger"] : []),
    ],
  };
}

function uninstall(origin: UnitOrigin, options: ServiceOptions & { force: boolean }): UnitChange {
  const { scope, isTimer, force } = options;
  const folder = unitDir(origin, scope);
  const names = isTimer ? ["tracker-scrape.timer", "tracker-scrape.service"] : ["tracker.service"];
  const paths = names.map((name) => join(folder, name)).filter((path) => read(path) !== null);
  for (const path of paths) if (!force) refuseEdited(path, "remove");
  try {
    for (const name of names) for (const wants of WANTS) removeIfThere(join(folder, wants, name));
    for (const path of paths) Deno.removeSync(path);
  } catch (error) {
    throw notPermitted(error, scope);
  }
  const ctl = controlOf(scope);
  return { paths, nextCommands: paths.length === 0 ? [] : [`${ctl} stop ${names[0]}`, `${ctl} daemon-reload`] };
}

function marked(text: string): string {
  return `# Written by 'tracker service install'; sha256 of what follows: ${sha256(text)}\n${text}`;
}

/** A unit that somebody wrote or edited is theirs. Changes beside it ("systemctl edit") are kept anyway. */
function refuseEdited(path: string, doing: string): void {
  const text = read(path);
  if (text === null) return;
  const mark = MARK.exec(text);
  if (mark !== null && sha256(text.slice(mark[0].length)) === mark[1]) return;
  throw new TrackerError(`Cannot ${doing} "${path}" as it was edited by hand`, {
    hint: "Move your changes to a drop-in ('systemctl edit tracker'), or add --force to give them up.",
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function unitDir(origin: UnitOrigin, scope: ServiceScope): string {
  return join(configDir(origin, scope), "systemd", scope);
}

function configDir({ systemDir = "/etc", configHome }: UnitOrigin, scope: ServiceScope): string {
  return scope === "system" ? systemDir : configHome;
}

function controlOf(scope: ServiceScope): string {
  return scope === "system" ? "sudo systemctl" : "systemctl --user";
}

function read(path: string): string | null {
  return ifThere(() => Deno.readTextFileSync(path));
}

function notPermitted(error: unknown, scope: ServiceScope): TrackerError {
  return new TrackerError(`Cannot change the ${scope}'s units: ${messageOf(error)}`, {
    hint: scope === "system" ? "Run it with sudo, or use --user." : "Check the rights of your configuration folder.",
    cause: error,
  });
}

/** What a unit is made for. Paths are absolute. */
interface UnitPlace {
  /** The program and the arguments that come before the command. */
  readonly program: readonly string[];
  /** Null for a service of the whole system, which has its folders from systemd. */
  readonly person: {
    readonly workingDir: string;
    readonly dataDir: string;
    readonly profileDir: string;
  } | null;
}

/** Seconds in which a stop must be done; the server itself needs less than ten. */
const STOP_SECONDS = 15;

/**
 * What the service may do. Chromium's own sandbox needs user, process and network namespaces and `chroot`, which it
 * uses after giving up all rights; V8 writes machine code, so memory may be made executable.
 */
const HARDENING = `\
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
PrivateTmp=yes
PrivateMounts=yes
PrivateDevices=yes
DevicePolicy=closed
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=user pid net
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
MemoryDenyWriteExecute=no
SystemCallArchitectures=native
SystemCallFilter=@system-service chroot seccomp
SystemCallErrorNumber=EPERM
`;

/** The server: started at boot or login, restarted when it fails or falls silent. */
function serverUnit(place: UnitPlace): string {
  return `\
[Unit]
Description=tracker: what Cursor costs, before the invoice does
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart=${commandLine([...place.program, "serve"])}
WatchdogSec=120
Restart=on-failure
RestartSec=10
# A faulty configuration does not mend itself.
RestartPreventExitStatus=2
KillMode=mixed
TimeoutStopSec=${STOP_SECONDS}
${placeText(place)}${HARDENING}
[Install]
WantedBy=${place.person === null ? "multi-user.target" : "default.target"}
`;
}

/** One scrape, for a timer. */
function scrapeUnit(place: UnitPlace): string {
  return `\
[Unit]
Description=tracker: read the usage page once
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
ExecStart=${commandLine([...place.program, "scrape"])}
TimeoutStartSec=600
KillMode=mixed
TimeoutStopSec=${STOP_SECONDS}
${placeText(place)}${HARDENING}`;
}

/** Starts the scrape each hour, and after a sleep once for what was missed. */
function timerUnit(): string {
  return `\
[Unit]
Description=tracker: read the usage page each hour

[Timer]
OnCalendar=hourly
RandomizedDelaySec=60
Persistent=true

[Install]
WantedBy=timers.target
`;
}

/** %S, %E and the like are systemd's words for the folders of its scope. */
function placeText({ person }: UnitPlace): string {
  const shared = `\
LogsDirectory=tracker
LogsDirectoryMode=0700
EnvironmentFile=-%E/tracker/tracker.env
LoadCredential=tracker:%E/tracker/credentials
`;
  if (person === null) {
    return `\
User=tracker
Group=tracker
StateDirectory=tracker
StateDirectoryMode=0700
WorkingDirectory=%S/tracker
Environment=DATA_DIR=%S/tracker USER_DATA_DIR=%S/tracker/profile
${shared}ProtectHome=yes
`;
  }
  const { workingDir, dataDir, profileDir } = person;
  return `\
WorkingDirectory=${escaped(workingDir)}
Environment=${quoted(`DATA_DIR=${dataDir}`)} ${quoted(`USER_DATA_DIR=${profileDir}`)}
ReadWritePaths=${quoted(dataDir)} ${quoted(profileDir)}
${shared}ProtectHome=read-only
`;
}

/** A command line as systemd reads it: "$" would begin a variable. */
function commandLine(words: readonly string[]): string {
  return words.map((word) => quoted(word.replaceAll("$", "$$$$"))).join(" ");
}

function quoted(text: string): string {
  const plain = escaped(text);
  if (/^[\w./:@=%+,$-]+$/.test(plain)) return plain;
  return `"${plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** "%" would begin a specifier. */
function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}
