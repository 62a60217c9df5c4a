import type { Secret } from "../../domain/config.ts";

/** An address that is a secret, taken apart for a request. */
export interface SecretAddress {
  /** Without user name and password, which `fetch` would not take. */
  readonly url: string;
  /** `Basic …` where the address has a user name or a password. */
  readonly authorization: string | null;
  /** "https://hooks.example.com": all that may be shown. */
  readonly origin: string;
  /** Whatever of it must not stand in a text. */
  readonly secrets: readonly string[];
}

/** Takes the address apart. It was checked as the configuration was read. */
export function secretAddress(address: Secret): SecretAddress {
  const text = address.reveal();
  const url = new URL(text);
  const { username, password, origin, pathname, search } = url;
  url.username = "";
  url.password = "";
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const credentials = user === ":" ? null : new TextEncoder().encode(user).toBase64();
  return {
    url: url.href,
    authorization: credentials === null ? null : `Basic ${credentials}`,
    origin,
    secrets: [text, url.href, `${pathname}${search}`, pathname, decodeURIComponent(password), credentials ?? ""]
      .filter((part) => part.length > 1),
  };
}
