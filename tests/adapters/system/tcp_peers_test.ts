import { tcpPeers } from "../../../adapters/system/tcp_peers.ts";
import assert from "node:assert/strict";

const ignore = Deno.build.os !== "linux";

for (const [hostname, expected] of [["127.0.0.1", "127.0.0.1"], ["::1", "::1"]] as const) {
  Deno.test({
    name: `tcpPeers() tells who is connected over ${hostname} as the runtime writes it`,
    ignore: ignore || (hostname === "::1" && !hasIpv6()),
    async fn() {
      using listener = Deno.listen({ hostname, port: 0 });
      const { port } = listener.addr;
      assert.deepEqual(await tcpPeers(port), new Set());
      using client = await Deno.connect({ hostname, port });
      using accepted = await listener.accept();
      assert.equal(accepted.remoteAddr.hostname, expected);
      assert.deepEqual(await tcpPeers(port), new Set([`${accepted.remoteAddr.hostname} ${client.localAddr.port}`]));
    },
  });
}

Deno.test({
  name: "tcpPeers() tells an IPv4 client of an IPv6 socket as the runtime writes it",
  ignore: ignore || !hasIpv6(),
  async fn() {
    using listener = Deno.listen({ hostname: "::", port: 0 });
    const { port } = listener.addr;
    using client = await Deno.connect({ hostname: "127.0.0.1", port });
    using accepted = await listener.accept();
    assert.deepEqual(await tcpPeers(port), new Set([`${accepted.remoteAddr.hostname} ${client.localAddr.port}`]));
  },
});

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}
