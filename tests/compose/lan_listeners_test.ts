import { lanAddresses, listenOn } from "../../compose/login.ts";
import assert from "node:assert/strict";

const MACHINE = [
  "127.0.0.1",
  "192.168.1.20",
  "100.101.1.2",
  "203.0.113.7",
  "::1",
  "fd00::20",
  "fe80::1",
  "2001:db8::7",
];

Deno.test("lanAddresses() takes the private addresses of the machine for 0.0.0.0, and never the public ones", () => {
  assert.deepEqual(lanAddresses("0.0.0.0", MACHINE), ["192.168.1.20", "100.101.1.2", "127.0.0.1"]);
  assert.deepEqual(lanAddresses("::", MACHINE), ["192.168.1.20", "100.101.1.2", "fd00::20", "127.0.0.1"]);
  assert.deepEqual(lanAddresses("0.0.0.0", ["203.0.113.7"]), ["127.0.0.1"]);
});

Deno.test("lanAddresses() takes a private or loopback address as it is", () => {
  for (const address of ["10.0.0.5", "172.17.0.2", "127.0.0.1", "fd00::20", "::1"]) {
    assert.deepEqual(lanAddresses(address, MACHINE), [address]);
  }
  assert.deepEqual(lanAddresses("localhost", MACHINE), ["127.0.0.1"]);
});

Deno.test("lanAddresses() refuses a public address and a name, with exit code 2", () => {
  for (const address of ["203.0.113.7", "8.8.8.8", "2001:db8::7", "tracker.example"]) {
    assert.throws(() => lanAddresses(address, MACHINE), { message: /private or loopback/, exitCode: 2 }, address);
  }
});

Deno.test("listenOn() answers on every address with one port, and a taken one is named", async () => {
  const listeners = listenOn(["127.0.0.1", "127.0.0.2"], {
    port: 0,
    answer: (request, peer) => new Response(`${new URL(request.url).hostname} ${peer}`),
  });
  try {
    for (const address of ["127.0.0.1", "127.0.0.2"]) {
      const answer = await fetch(`http://${address}:${listeners.port}/`);
      assert.match(await answer.text(), new RegExp(`^${address} 127\\.`));
    }
    assert.throws(() => listenOn(["127.0.0.1"], { port: listeners.port, answer: () => new Response() }), {
      message: new RegExp(`Cannot listen on port ${listeners.port}`),
      hint: /--port/,
    });
  } finally {
    await listeners.close();
  }
});
