import assert from "node:assert/strict";
import { maskEmails, redactSecrets } from "../../domain/redact.ts";

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
