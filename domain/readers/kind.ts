/** What kind of event it was, under one name whatever the source calls it. */
export const EVENT_KINDS = [
  "usage_based",
  "not_chargeable",
  "included",
  "included_in_pro",
  "included_in_pro_plus",
  "included_in_ultra",
  "included_in_business",
  "custom_subscription",
  "free",
  "free_credit",
  "user_api_key",
  "errored",
  "aborted",
  "unspecified",
  "unknown",
] as const;
export type EventKind = typeof EVENT_KINDS[number];

/** What a kind means for money. Only "billed" is ever added to a bill. */
type KindGroup =
  | "billed"
  | "not_chargeable"
  | "included"
  | "free"
  | "user_api_key"
  | "errored"
  | "aborted"
  | "unknown";

const GROUPS: Readonly<Record<EventKind, KindGroup>> = {
  usage_based: "billed",
  not_chargeable: "not_chargeable",
  included: "included",
  included_in_pro: "included",
  included_in_pro_plus: "included",
  included_in_ultra: "included",
  included_in_business: "included",
  custom_subscription: "included",
  free: "free",
  free_credit: "free",
  user_api_key: "user_api_key",
  errored: "errored",
  aborted: "aborted",
  unspecified: "unknown",
  unknown: "unknown",
};

/** The spellings that kinds have had, beside their own names: human texts of the Admin API and of the CSV export. */
const SPELLINGS: Readonly<Record<string, EventKind>> = {
  usage_based: "usage_based",
  on_demand: "usage_based",
  errored_not_charged: "errored",
  errored_no_charge: "errored",
  aborted_not_charged: "aborted",
  aborted_no_charge: "aborted",
  included_in_pro: "included_in_pro",
  included_in_team: "included_in_business",
  included_in_teams: "included_in_business",
  included_in_enterprise: "included",
  no_charge: "free",
};

/**
 * The kind that a text means: `USAGE_EVENT_KIND_INCLUDED_IN_PRO`, "Included in Pro", "Errored, No Charge"… Nothing, and
 * "Unknown", is `unspecified`; a text that nobody has sent before is `unknown`, which is kept and never billed.
 */
export function eventKindOf(text: string): EventKind {
  const plain = text.trim().toLowerCase().replace(/^usage_event_kind_/, "").replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  if (plain === "" || plain === "unknown" || plain === "unspecified") return "unspecified";
  const spelled = Object.hasOwn(SPELLINGS, plain) ? SPELLINGS[plain] : undefined;
  return spelled ?? EVENT_KINDS.find((kind) => kind === plain) ?? "unknown";
}

/** The kind of an event that also says whether it is chargeable: usage-based ones that say no are not billed. */
export function chargeableKind(kind: EventKind, isChargeable: boolean | null): EventKind {
  return isBilledKind(kind) && isChargeable === false ? "not_chargeable" : kind;
}

/** What the kind means for money. */
export function kindGroup(kind: EventKind): KindGroup {
  return GROUPS[kind];
}

/** Whether events of this kind are billed. Nothing else decides it: positive costs stand on errored events too. */
export function isBilledKind(kind: EventKind): boolean {
  return GROUPS[kind] === "billed";
}

/** How much a kind tells: a plan's name more than a bare "Included", anything more than nothing. */
export function kindDetail(kind: EventKind): number {
  if (kind === "unspecified") return 0;
  if (kind === "unknown") return 1;
  return kind === "included" || kind === "free" ? 2 : 3;
}
