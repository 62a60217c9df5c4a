import { isIpAddress, isLanAddress } from "../../domain/lan_address.ts";

/** What a request tells about where it comes from. */
export interface RequestOrigin {
  /** The other end's address; null where it is not known. */
  readonly peer: string | null;
  readonly host: string | undefined;
  /** The Origin header: the page that the request was made by. */
  readonly origin: string | undefined;
}

/** Why a request is refused; null where it is not. */
export type Refusal = "peer" | "host" | "origin" | null;

/**
 * Answers only the network here: the other end's address is private, the name in Host is an address or one of ours (a
 * foreign name may be made to point here), and a call comes from this page itself.
 */
export function refusalOf(
  { peer, host, origin }: RequestOrigin,
  { hostNames, needsOrigin }: { hostNames: ReadonlySet<string>; needsOrigin: boolean },
): Refusal {
  if (peer === null || !isLanAddress(peer)) return "peer";
  const name = hostNameOf(host);
  if (name === null || !(isIpAddress(name) ? isLanAddress(name) : hostNames.has(name))) return "host";
  if (origin === undefined) return needsOrigin ? "origin" : null;
  // A proxy may speak TLS in front of this page.
  return origin === `http://${host}` || origin === `https://${host}` ? null : "origin";
}

/** "192.168.1.2" of "192.168.1.2:8080", "fd00::1" of "[fd00::1]:8080"; null for what is no host. */
export function hostNameOf(host: string | undefined): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(host ?? "");
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? null : name.toLowerCase();
}
