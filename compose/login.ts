import { findBrowser } from "../adapters/browser/find_browser.ts";
import { onboard, type OnboardEnd, requireScreen } from "../adapters/browser/login.ts";
import {
  findXvfb,
  plainUserAgent,
  startVirtualDisplay,
  type VirtualDisplay,
} from "../adapters/browser/remote/display.ts";
import { BrowserScreen } from "../adapters/browser/remote/screen.ts";
import { isFile, privateDir } from "../adapters/files/files.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { within } from "../adapters/system/timer.ts";
import type { Config } from "../domain/config.ts";
import { messageOf, TrackerError } from "../domain/errors.ts";
import { createRemoteApp } from "../ui/login/app.ts";
import { isIpAddress, isLanAddress, isLoopback, isWildcard } from "../ui/login/lan_address.ts";
import { type RemoteEnd, type RemoteLimits, RemoteLogin } from "../ui/login/remote_login.ts";

/** Opens a window for the login, with the configured profile and browser. */
export async function openLoginWindow(
  { usageUrl, profileDir, browserPath, browserSandbox: sandbox, dataDir }: Config,
  { say, interrupted }: { say: (text: string) => void; interrupted: AbortSignal },
): Promise<OnboardEnd> {
  requireScreen(Deno.env.toObject());
  const executablePath = await findBrowser({ browserPath, path: Deno.env.get("PATH") ?? "", dataDir });
  return await onboard({
    usageUrl,
    clock: systemClock,
    launch: { executablePath, profileDir, headless: false, sandbox },
    say,
    signal: interrupted,
    onOpen: () => say("A browser window is open. Log in to Cursor there; this command goes on by itself."),
  });
}

const LIMITS: RemoteLimits = { totalMs: 15 * 60_000, idleMs: 5 * 60_000 };

/** How a login is shown on another device. */
interface RemoteLoginOptions {
  /** Null takes any free port. */
  readonly port: number | null;
  /** An address in place of that of BIND. */
  readonly bind: string | null;
  /** Without a window, even where a virtual display could be had. */
  readonly headless: boolean;
  readonly say: (text: string) => void;
  readonly interrupted: AbortSignal;
  readonly limits?: RemoteLimits;
}

/**
 * A login in a browser that runs here and is shown on a page in the local network, until the usage data can be read.
 * @throws TrackerError (exit code 2) where the address is reached from elsewhere too.
 */
export async function openRemoteLogin(config: Config, options: RemoteLoginOptions): Promise<OnboardEnd> {
  const { bind, say, interrupted, limits = LIMITS } = options;
  const addresses = lanAddresses(bind ?? config.bind.hostname, machineAddresses());
  const { browserPath, dataDir } = config;
  const executablePath = await findBrowser({ browserPath, path: Deno.env.get("PATH") ?? "", dataDir });
  const display = await displayFor(config, options);
  const idle = new AbortController();
  let parts: { login: RemoteLogin; listeners: LanListeners } | null = null;
  let end: OnboardEnd | null = null;
  try {
    end = await onboard({
      usageUrl: config.usageUrl,
      clock: systemClock,
      launch: {
        executablePath,
        profileDir: config.profileDir,
        sandbox: config.browserSandbox,
        isSizedLater: true,
        ...(display === null ? await headless(executablePath) : { headless: false, env: display.env }),
      },
      say(text) {
        say(text);
        parts?.login.step(text);
      },
      signal: interrupted,
      idle: idle.signal,
      limitMs: limits.totalMs,
      onOpen(context) {
        const screen = new BrowserScreen(context, { usageUrl: config.usageUrl });
        const login = new RemoteLogin({ screen, clock: systemClock, limits, onIdle: () => idle.abort() });
        const listeners = show(login, { config, addresses, port: options.port ?? 0 });
        parts = { login, listeners };
        sayLinks(login, { addresses, port: listeners.port, say });
      },
    });
    return end;
  } finally {
    await close(parts, end);
    await display?.stop();
  }
}

async function close(parts: { login: RemoteLogin; listeners: LanListeners } | null, end: OnboardEnd | null) {
  parts?.login.end(ENDS[end ?? "interrupted"]);
  await parts?.listeners.close();
}

/** A window on a virtual display is told from a person's by no bot check; without one the browser has none. */
async function displayFor(
  { dataDir }: Config,
  { headless }: RemoteLoginOptions,
): Promise<VirtualDisplay | null> {
  const xvfb = headless ? null : findXvfb({ path: Deno.env.get("PATH") ?? "" });
  if (xvfb === null) return null;
  privateDir(dataDir);
  return await startVirtualDisplay(xvfb, { folder: dataDir });
}

async function headless(executablePath: string) {
  const userAgent = await plainUserAgent(executablePath);
  return { headless: true, ...(userAgent === null ? {} : { userAgent }) };
}

function show(
  login: RemoteLogin,
  { config, addresses, port }: { config: Config; addresses: readonly string[]; port: number },
): LanListeners {
  const host = Deno.hostname().toLowerCase();
  const names = [
    "localhost",
    host,
    `${host}.local`,
    ...config.dashboard.allowedHosts.map((name) => name.toLowerCase()),
  ];
  // Cookies know no ports: another tracker on this machine has a name of its own.
  const cookieName = `tracker_login_${crypto.randomUUID().slice(0, 8)}`;
  const app = createRemoteApp({ login, hostNames: new Set(names), cookieName });
  return listenOn(addresses, { port, answer: (request, peer) => app.fetch(request, { peer }) });
}

function sayLinks(
  login: RemoteLogin,
  { addresses, port, say }: { addresses: readonly string[]; port: number; say: (text: string) => void },
): void {
  const linkOn = (address: string) =>
    `http://${address.includes(":") ? `[${address}]` : address}:${port}/#${login.link.token}`;
  say("Open one of these on a device in your network. The link works once, and in one browser:\n");
  for (const address of addresses) say(`  ${linkOn(address)}`);
  say("");
  if (isContainer()) say("In a container: put the host's address and the published port in the link's place of both.");
  if (!addresses.every(isLoopback)) {
    say("What you type goes over your network without encryption. On a network that you do not trust, open the link");
    say(`with 127.0.0.1 through 'ssh -L ${port}:127.0.0.1:${port} ${Deno.hostname()}'.`);
  } else {
    say("This page is for this machine alone, as it listens on no other private address.");
    say(`From another device: 'ssh -L ${port}:127.0.0.1:${port} ${Deno.hostname()}', then open the link there.`);
  }
}

function machineAddresses(): string[] {
  return Deno.networkInterfaces().map(({ address }) => address);
}

/** Docker and Podman leave a mark. */
function isContainer(): boolean {
  return ["/.dockerenv", "/run/.containerenv"].some(isFile);
}

const ENDS: Readonly<Record<OnboardEnd | "interrupted", RemoteEnd>> = {
  logged_in: {
    title: "You are logged in",
    text: "The browser is closed, and the first figures are being read. You can close this page.",
  },
  window_closed: { title: "The browser was closed", text: "Run 'tracker onboard --remote' again; nothing is lost." },
  time_out: { title: "The time is up", text: "Run 'tracker onboard --remote' again; nothing is lost." },
  idle: {
    title: "Nothing was done for too long",
    text: "The browser was closed. Run 'tracker onboard --remote' again; nothing is lost.",
  },
  interrupted: { title: "The login was ended", text: "It was stopped where tracker runs." },
};

const LOOPBACK = "127.0.0.1";
/** How often another port is tried where one that is free on one address is taken on another. */
const PORT_TRIES = 5;

/**
 * The addresses to listen on for what is shown on the local network alone: the given one, or for 0.0.0.0 each private
 * address of this machine. `ofMachine` are its addresses.
 * @throws TrackerError (exit code 2) where the address is neither private nor loopback.
 */
export function lanAddresses(hostname: string, ofMachine: readonly string[]): string[] {
  const bare = hostname === "localhost" ? LOOPBACK : hostname;
  if (isWildcard(bare)) {
    const isUsable = (address: string) =>
      isLanAddress(address) && !isLoopback(address) && !isLinkLocalV6(address) &&
      (bare.includes(":") || !address.includes(":"));
    return [...new Set([...ofMachine.filter(isUsable), LOOPBACK])];
  }
  if (isLanAddress(bare)) return [bare];
  const what = isIpAddress(bare) ? "is a public address" : "is a name";
  throw new TrackerError(
    `Cannot show a login there as the address must be private or loopback: "${hostname}" ${what} (BIND, or --bind)`,
    {
      hint: "Run 'tracker onboard --remote --bind 127.0.0.1', and open the link through 'ssh -L'.",
      exitCode: 2,
    },
  );
}

/** A browser takes no such address: it would need the interface's name in it. */
function isLinkLocalV6(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** Listeners with one port on several addresses. */
interface LanListeners {
  readonly port: number;
  /** Ends them; requests that are open are let end for a moment. */
  close(): Promise<void>;
}

/**
 * Answers on each of the addresses, by the runtime's own server: it makes WebSockets without a further library, and a login
 * ends within minutes, so that nobody can hold its connections for long. Port 0 takes one that is free on all.
 * @throws TrackerError where it cannot.
 */
export function listenOn(
  addresses: readonly string[],
  { port, answer }: { port: number; answer: (request: Request, peer: string) => Response | Promise<Response> },
): LanListeners {
  for (let tries = 1;; tries++) {
    const servers: Deno.HttpServer<Deno.NetAddr>[] = [];
    try {
      for (const hostname of addresses) {
        const shared = servers[0]?.addr.port ?? port;
        servers.push(
          Deno.serve(
            { hostname, port: shared, onListen() {} },
            (request, { remoteAddr }) => answer(request, remoteAddr.hostname),
          ),
        );
      }
      return { port: servers[0]?.addr.port ?? port, close: () => closeAll(servers) };
    } catch (error) {
      void closeAll(servers);
      if (error instanceof Deno.errors.AddrInUse && port === 0 && tries < PORT_TRIES) continue;
      throw new TrackerError(`Cannot listen on port ${port} of ${addresses.join(", ")}: ${messageOf(error)}`, {
        hint: "Give a free port with --port, or none to have one chosen.",
        cause: error,
      });
    }
  }
}

const DRAIN_MS = 1_000;

async function closeAll(servers: readonly Deno.HttpServer<Deno.NetAddr>[]): Promise<void> {
  await within(DRAIN_MS, Promise.all(servers.map((server) => server.shutdown())));
}
