import { CsrfTokens } from "../../../ui/web/auth.ts";
import { FakeTime } from "../../fake_time.ts";
import assert from "node:assert/strict";

Deno.test("a token is valid for its user, for a day, and in this process only", () => {
  const clock = new FakeTime("2026-11-21T12:30:00Z");
  const tokens = new CsrfTokens({ clock });
  const token = tokens.issue("ada");
  assert.equal(tokens.isValid(token, "ada"), true);
  assert.equal(tokens.isValid(token, "eve"), false);
  assert.equal(new CsrfTokens({ clock }).isValid(token, "ada"), false);
  clock.set("2026-11-22T12:59:59Z");
  assert.equal(tokens.isValid(token, "ada"), true);
  clock.set("2026-11-22T13:00:00Z");
  assert.equal(tokens.isValid(token, "ada"), false);
  clock.set("2026-11-21T11:00:00Z");
  assert.equal(tokens.isValid(token, "ada"), false, "issued in the future");
});

Deno.test("a token stays the same for an hour, so that pages can be remembered", () => {
  const clock = new FakeTime("2026-11-21T12:00:00Z");
  const tokens = new CsrfTokens({ clock });
  const token = tokens.issue("ada");
  clock.set("2026-11-21T12:59:59Z");
  assert.equal(tokens.issue("ada"), token);
  clock.set("2026-11-21T13:00:00Z");
  assert.notEqual(tokens.issue("ada"), token);
});

Deno.test("what is no token is refused, whatever it looks like", () => {
  const tokens = new CsrfTokens({ clock: new FakeTime("2026-11-21T12:00:00Z") });
  const [hour = "", signature = ""] = tokens.issue("ada").split(".");
  const wrong = [
    "",
    ".",
    hour,
    `${hour}.`,
    `.${signature}`,
    `${Number(hour) - 1}.${signature}`,
    `${hour}.${"é".repeat(43)}`,
  ];
  for (const token of [...wrong, `NaN.${signature}`, `${hour}.${signature}x`]) {
    assert.equal(tokens.isValid(token, "ada"), false, token);
  }
});
