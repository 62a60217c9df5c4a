import { isIpAddress, isLanAddress, isLoopback, isWildcard } from "../../../ui/login/lan_address.ts";
import assert from "node:assert/strict";

Deno.test("isLanAddress() takes loopback, private, link-local and shared addresses, up to their bounds", () => {
  const lan = [
    "127.0.0.1 127.255.255.255 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1 169.254.1.1",
    "100.64.0.1 100.127.255.255 ::1 fc00::1 fdff:1::2 fe80::1 febf::1 fe80::1%eth0 ::ffff:192.168.1.2 ::ffff:c0a8:0102",
  ].join(" ").split(" ");
  for (const address of lan) assert.equal(isLanAddress(address), true, address);
});

Deno.test("isLanAddress() refuses public addresses, the wildcard and what is no address", () => {
  const others = [
    "8.8.8.8 11.0.0.1 172.15.0.1 172.32.0.1 192.167.1.1 192.169.1.1 100.63.0.1 100.128.0.1 169.253.0.1 128.0.0.1",
    "0.0.0.0 :: 2001:db8::1 fec0::1 fbff::1 ::ffff:8.8.8.8 ::2 1::1 localhost 10.0.0 010.0.0.1 10.0.0.256 10.0.0.1.",
    "fe80 fe80:::1 fe80::1::2 1:2:3:4:5:6:7 fd00:1:2:3:4:5:6:7:8 fd00::12345 0x7f000001 2130706433 ::192.168.1.1",
  ].join(" ").split(" ");
  for (const address of others) assert.equal(isLanAddress(address), false, address);
  assert.equal(isLanAddress(""), false);
});

Deno.test("the wildcard, loopback and names are told apart", () => {
  assert.deepEqual(["0.0.0.0", "::", "127.0.0.1", "localhost"].map(isWildcard), [true, true, false, false]);
  const loopback = ["127.0.0.9", "::1", "::ffff:127.0.0.1", "10.0.0.1", "localhost"];
  assert.deepEqual(loopback.map(isLoopback), [true, true, true, false, false]);
  assert.deepEqual(["1.2.3.4", "::", "1:2:3:4:5:6:7:8", "a.b", "::g"].map(isIpAddress), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
