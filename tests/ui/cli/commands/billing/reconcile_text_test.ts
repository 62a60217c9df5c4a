import { micros } from "../../../../../domain/money.ts";
import { type ComparedMember, reconcileText } from "../../../../../ui/cli/commands/billing/reconcile.ts";
import assert from "node:assert/strict";

const SINCE = { since: "17 Nov 2026, 00:00 UTC" };

function member(user: string, reported: number | null, counted: number, causes: [string, number, string][] = []) {
  return {
    user,
    reported_micros: reported === null ? null : micros(reported),
    counted_micros: micros(counted),
    difference_micros: reported === null ? null : micros(reported - counted),
    explanations: causes.map(([cause, amount, text]) => ({ cause, micros: micros(amount), text })),
  } satisfies ComparedMember;
}

Deno.test("a comparison is summed up, and each cause has a line of its own", () => {
  const members = [
    member("(no e-mail)", null, 10_000),
    member("ada@example.com", 2_000_000, 1_950_000, [["fee", -150_000, "fee left out"], ["discount", 200_000, "list"]]),
    member("ben@example.com", 300_000, 100_000, [["late_rows", 200_000, "probably late"]]),
  ];
  assert.equal(
    reconcileText(members, SINCE),
    `Cycle since 17 Nov 2026, 00:00 UTC
2 of 2 reported amounts differ from the events, 1 without a certain cause.

member           reported  counted  difference  because
(no e-mail)             –    $0.01           –  no amount is reported for this name
ada@example.com     $2.00    $1.95      +$0.05  -$0.15 fee left out
                                                +$0.20 list
ben@example.com     $0.30    $0.10      +$0.20  +$0.20 probably late
Total compared      $2.30    $2.05      +$0.25

reported: what Cursor says that the member owes; counted: what the billed events add up to.
`,
  );
});

Deno.test("a comparison says in a sentence that all agrees, and that there is nothing to compare", () => {
  const agreed = reconcileText([member("ada@example.com", 10_000, 10_000)], SINCE);
  assert.match(agreed, /^All 1 reported amounts agree with the events to the cent\.$/m);
  const known = reconcileText([member("ada@example.com", 20_000, 10_000, [["fee", 10_000, "fee"]])], SINCE);
  assert.match(known, /^1 of 1 reported amounts differ from the events, each for a known cause\.$/m);
  assert.match(reconcileText([member("ada@example.com", null, 0)], SINCE), /there is nothing to compare/);
  assert.match(reconcileText([], SINCE), /neither a member nor an event/);
});
