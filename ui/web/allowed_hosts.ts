/** Names and ports as a Host header has them: no path, no user, nothing that a URL would read differently. */
const AUTHORITY = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)\.?)(?::\d{1,5})?$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** Tells whether a Host header, or the host of an address, names this server. */
export type HostRule = (authority: string) => boolean;

/**
 * IP addresses, localhost and the given names; "*.example.org" stands for every name below example.org. A page on the
 * internet can make its own name point at this machine, but it cannot make the browser send another name: refusing names
 * that are not ours keeps such a page out.
 */
export function hostRule(names: readonly string[]): HostRule {
  const lower = names.map((name) => name.toLowerCase().replace(/\.$/, ""));
  const exact = new Set(lower.filter((name) => !name.startsWith("*.")));
  const suffixes = [".localhost", ...lower.filter((name) => name.startsWith("*.")).map((name) => name.slice(1))];
  return (authority) => {
    const [, v6, name] = AUTHORITY.exec(authority) ?? [];
    if (v6 !== undefined) return URL.canParse(`http://[${v6}]/`);
    if (name === undefined) return false;
    const host = name.toLowerCase();
    return host === "localhost" || IPV4.test(host) || exact.has(host) || suffixes.some((end) => host.endsWith(end));
  };
}
