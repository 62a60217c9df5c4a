import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";

const CERTIFICATES = new URL("../../../../fixtures/certificates/", import.meta.url).pathname;

/** The authority that signed the test servers' certificates. */
export const CA_FILE = `${CERTIFICATES}ca.pem`;

/** What the server accepts as a login. */
export const USER = "ada@example.test";
export const PASSWORD = "correct horse battery";

/** A server's answer other than yes: "451 4.3.0 try later". */
type Refusal = string;

/** How the server behaves. */
export interface MailServerOptions {
  /** Default "starttls". */
  readonly encryption?: "starttls" | "implicit" | "none";
  /** Default "localhost". */
  readonly certificate?: "localhost" | "elsewhere" | "expired";
  /** Whether a login is asked for. Default true. */
  readonly asksLogin?: boolean;
  readonly connect?: () => Refusal | null;
  readonly login?: (password: string) => Refusal | null;
  readonly sender?: (address: string) => Refusal | null;
  readonly recipient?: (address: string) => Refusal | null;
  /** What it says to a message that it has read to the end; "drop" closes the connection, "silence" says nothing. */
  readonly data?: () => Refusal | "drop" | "silence" | null;
  /** Told of each mail that is taken; the client hears of it when this is done. */
  readonly accepted?: (mail: TakenMail) => void | Promise<void>;
}

/** A mail as the server took it. */
interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mail: Email;
  /** The TLS version; null in plain text. */
  readonly tls: string | null;
}

/** A real mail server on a free port of this machine. */
export interface MailServer extends AsyncDisposable {
  readonly port: number;
  readonly taken: readonly TakenMail[];
  /** Messages that were read to their end, whatever was said to them. */
  readonly seen: readonly TakenMail[];
  readonly logins: readonly { readonly user: string; readonly password: string }[];
  /** How many clients connected. */
  readonly connections: number;
  /** Resolves with the first connection. */
  readonly connected: Promise<void>;
}

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const seen: TakenMail[] = [];
  const taken: TakenMail[] = [];
  const logins: { user: string; password: string }[] = [];
  const connected = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  let connections = 0;
  const server = new SMTPServer({
    ...encryptionOptions(options),
    authOptional: options.asksLogin === false,
    onConnect(_session, done) {
      connections++;
      connected.resolve();
      done(refused(options.connect?.()));
    },
    onAuth({ username: user = "", ...auth }, _session, done) {
      const password = auth.password ?? "";
      logins.push({ user, password });
      const refusal = options.login?.(password) ?? (user === USER && password === PASSWORD ? null : "535 5.7.8 wrong");
      done(refused(refusal), { user });
    },
    onMailFrom: ({ address }, _session, done) => done(refused(options.sender?.(address))),
    onRcptTo: ({ address }, _session, done) => done(refused(options.recipient?.(address))),
    async onData(stream, session, done) {
      const bytes = await readAll(stream).catch(() => null);
      if (bytes === null) return; // the client went away in the middle of it
      const one = await mailOf(bytes, session);
      seen.push(one);
      const answer = options.data?.() ?? null;
      if (answer === "silence") return;
      if (answer === "drop") return closeAll(server);
      if (answer === null) taken.push(one);
      if (answer === null) await options.accepted?.(one);
      done(refused(answer));
    },
  });
  server.on("error", () => {}); // what a client does wrong is seen by the client
  server.server.once("close", () => closed.resolve());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server.server.address()),
    taken,
    seen,
    logins,
    connected: connected.promise,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      closeAll(server);
      await closed.promise;
    },
  };
}

async function mailOf(bytes: Uint8Array, { envelope, tlsOptions }: SMTPServerSession): Promise<TakenMail> {
  const { mailFrom, rcptTo } = envelope;
  return {
    from: mailFrom === false ? "" : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    raw: new TextDecoder().decode(bytes),
    mail: await PostalMime.parse(bytes),
    tls: tlsOptions === false ? null : tlsOptions.version,
  };
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of stream) chunks.push(new Uint8Array(chunk));
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function encryptionOptions(
  { encryption = "starttls", certificate = "localhost" }: MailServerOptions,
): SMTPServerOptions {
  const pem = {
    cert: Deno.readTextFileSync(`${CERTIFICATES}${certificate}.pem`),
    key: Deno.readTextFileSync(`${CERTIFICATES}${certificate}.key.pem`),
  };
  switch (encryption) {
    case "implicit":
      return { ...pem, secure: true };
    case "none":
      return { disabledCommands: ["STARTTLS"], allowInsecureAuth: true };
    case "starttls":
      return pem;
  }
}

/** The reply that stands for an error: its code, then its words. */
function refused(refusal: Refusal | null | undefined): Error | null {
  if (refusal === null || refusal === undefined) return null;
  return Object.assign(new Error(refusal.slice(4)), { responseCode: Number(refusal.slice(0, 3)) });
}

function closeAll(server: SMTPServer): void {
  for (const connection of server.connections) connection._socket?.destroy();
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The mail server has no port");
  return address.port;
}
