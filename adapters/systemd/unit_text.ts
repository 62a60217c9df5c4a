/** What a unit is made for. Paths are absolute. */
export interface UnitPlace {
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
export function serverUnit(place: UnitPlace): string {
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
export function scrapeUnit(place: UnitPlace): string {
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
export function timerUnit(): string {
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
