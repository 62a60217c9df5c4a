import { maskEmails, redactForOthers, redactSecrets } from "../../domain/redact.ts";
import assert from "node:assert/strict";

Deno.test("redactSecrets() replaces every place of every secret", () => {
  assert.equal(
    redactSecrets("key=s3cret-key-1 again s3cret-key-1 and other-secret", ["s3cret-key-1", "other-secret"]),
    "key=[redacted] again [redacted] and [redacted]",
  );
});

Deno.test("redactSecrets() finds a secret as it stands in a URL and in JSON", () => {
  const secret = 'pa"ss\\wo/rd&1';
  assert.equal(redactSecrets(`?p=${encodeURIComponent(secret)}&q=1`, [secret]), "?p=[redacted]&q=1");
  assert.equal(redactSecrets(JSON.stringify({ error: `wrong: ${secret}` }), [secret]), '{"error":"wrong: [redacted]"}');
});

Deno.test("redactSecrets() leaves no tail of a secret that begins with another one", () => {
  assert.equal(redactSecrets("abcdefgh-and-more", ["abcdefgh", "abcdefgh-and-more"]), "[redacted]");
});

Deno.test("redactSecrets() replaces what looks like a session token, known or not", () => {
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.s5-x_Zk";
  assert.equal(
    redactSecrets(`WorkosCursorSessionToken=user_01%3A%3A${token}; path=/`),
    "WorkosCursorSessionToken=user_01%3A%3A[redacted]; path=/",
  );
});

Deno.test("redactSecrets() leaves text alone where a secret is too short to tell from a word", () => {
  assert.equal(redactSecrets("the cost is 12", ["cost", ""]), "the cost is 12");
});

Deno.test("maskEmails() masks addresses and nothing else", () => {
  assert.equal(
    maskEmails("Signed in as ada.l+x@mail.example.test (@ada), 3 @ $2.50"),
    "Signed in as [e-mail] (@ada), 3 @ $2.50",
  );
});

Deno.test("maskEmails() masks an address as it stands in a URL", () => {
  assert.equal(maskEmails("/invite?to=Ada%40Example.test&x=1"), "/invite?to=[e-mail]&x=1");
});

Deno.test("redactForOthers() masks what looks like a secret, known or not, and leaves figures alone", () => {
  const cases = [
    ["WorkosCursorSessionToken=user_01ABCDEF%3A%3Aabc.def; path=/", "WorkosCursorSessionToken=[redacted]; path=/"],
    [`{"authorization":"Basic a2V5Og==","n":1}`, `{"authorization":"[redacted]","n":1}`],
    ["set-cookie: sid=1234; HttpOnly", "set-cookie: [redacted]"],
    ["https://ada:pw@host/x?token=abc&page=2", "https://[redacted]@host/x?token=[redacted]&page=2"],
    ["key_0123456789abcdef and crsr_0123456789abcdef", "[redacted] and [redacted]"],
    [`"apiKey":"[secret]","rows":5,"table_hash":"0123"`, `"apiKey":"[secret]","rows":5,"table_hash":"0123"`],
    [
      `{"password":null,"secret":"x y","n":{"cookie":"a=b"}}`,
      `{"password":null,"secret":"[redacted]","n":{"cookie":"[redacted]"}}`,
    ],
    [String.raw`{"m":"{\"apiKey\":\"abc\"}"}`, String.raw`{"m":"{\"apiKey\":\"[redacted]\"}"}`],
    ["ENOENT /home/ada/data/tracker.db", "ENOENT ~/data/tracker.db"],
    ["sent to ada@example.test", "sent to [e-mail]"],
    ["wrong: hunter2hunter", "wrong: [redacted]"],
  ] as const;
  for (const [text, masked] of cases) {
    assert.equal(redactForOthers(text, { secrets: ["hunter2hunter"], home: "/home/ada" }), masked);
  }
});
