import { clientAddress } from "../../../ui/web/request_guard.ts";
import assert from "node:assert/strict";

Deno.test("an IPv4 address is itself, an IPv6 address its /64, and what is unknown is one address", () => {
  const cases: [unknown, string][] = [
    [{ remoteAddr: { hostname: "192.168.1.5", port: 1 } }, "192.168.1.5"],
    [{ remoteAddr: { hostname: "::ffff:192.168.1.5" } }, "192.168.1.5"],
    [{ remoteAddr: { hostname: "2001:db8:1:2:3:4:5:6" } }, "2001:db8:1:2::/64"],
    [{ remoteAddr: { hostname: "2001:0DB8:1:2:ffff::1" } }, "2001:db8:1:2::/64"],
    [{ remoteAddr: { hostname: "2001:db8::1" } }, "2001:db8:0:0::/64"],
    [{ remoteAddr: { hostname: "fe80::1%eth0" } }, "fe80:0:0:0::/64"],
    [{ remoteAddr: { hostname: "::1" } }, "0:0:0:0::/64"],
    [{ remoteAddr: { path: "/run/socket" } }, "unknown"],
    [{}, "unknown"],
    [undefined, "unknown"],
  ];
  for (const [env, expected] of cases) assert.equal(clientAddress(env), expected, JSON.stringify(env));
});
