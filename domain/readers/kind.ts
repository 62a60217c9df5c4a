/** Why events of a kind are not billed. */
export type KindExclusion =
  | "included"
  | "errored"
  | "aborted"
  | "user_api_key"
  | "free_credit"
  | "custom_subscription"
  | "not_chargeable"
  | "no_kind"
  | "unknown_kind";

interface KindEntry {
  /** Null where events of the kind are billed. */
  readonly exclusion: KindExclusion | null;
  /** What Cursor calls the kind in the dashboard's JSON, the Admin API and the CSV export, beside our own name. */
  readonly texts?: readonly string[];
}

/** Every kind under one name, whatever the source calls it. A new text of a known kind is one more here. */
const KINDS = {
  usage_based: { exclusion: null, texts: ["Usage-based", "On-Demand"] },
  /** Usage-based, and said not to be chargeable. */
  not_chargeable: { exclusion: "not_chargeable" },
  /** In a plan that has no kind of its own: its name stays in the text. */
  included: { exclusion: "included", texts: ["Included", "Included in Enterprise"] },
  included_in_pro: { exclusion: "included", texts: ["Included in Pro"] },
  included_in_pro_plus: { exclusion: "included", texts: ["Included in Pro+"] },
  included_in_ultra: { exclusion: "included", texts: ["Included in Ultra"] },
  included_in_business: {
    exclusion: "included",
    texts: ["Included in Business", "Included in Team", "Included in Teams"],
  },
  custom_subscription: { exclusion: "custom_subscription", texts: ["Custom Subscription"] },
  free: { exclusion: "free_credit", texts: ["Free", "No Charge"] },
  free_credit: { exclusion: "free_credit", texts: ["Free Credit"] },
  user_api_key: { exclusion: "user_api_key", texts: ["User API Key"] },
  errored: { exclusion: "errored", texts: ["Errored, Not Charged", "Errored, No Charge"] },
  aborted: { exclusion: "aborted", texts: ["Aborted, Not Charged", "Aborted, No Charge"] },
  unspecified: { exclusion: "no_kind", texts: ["", "Unknown"] },
  unknown: { exclusion: "unknown_kind" },
} as const satisfies Readonly<Record<string, KindEntry>>;

/** What kind of event it was. */
export type EventKind = keyof typeof KINDS;
const ENTRIES = Object.entries(KINDS) as [EventKind, KindEntry][]; // keys of a table of our own
export const EVENT_KINDS = ENTRIES.map(([kind]) => kind);

/** By text as Cursor writes it, because taking a text apart costs more than the rest of reading an event. */
const BY_TEXT: ReadonlyMap<string, EventKind> = new Map(
  ENTRIES.flatMap(([kind, { texts = [] }]) => texts.map((text) => [text, kind])),
);
const BY_PLAIN_TEXT: ReadonlyMap<string, EventKind> = new Map([
  ...ENTRIES.map(([kind]) => [kind, kind] as const).filter(([kind]) => kind !== "unknown"),
  ...Array.from(BY_TEXT, ([text, kind]) => [plain(text), kind] as const),
]);

/**
 * The kind that a text means: `USAGE_EVENT_KIND_INCLUDED_IN_PRO`, "Included in Pro", "Errored, No Charge"… Whatever is
 * included or free is so under any plan's name. Nothing, and "Unknown", is `unspecified`; any other text that nobody has
 * sent before is `unknown`, which is kept and never billed.
 */
export function eventKindOf(text: string): EventKind {
  return BY_TEXT.get(text) ?? kindOfPlain(plain(text));
}

function kindOfPlain(text: string): EventKind {
  const known = BY_PLAIN_TEXT.get(text);
  if (known !== undefined) return known;
  if (text.startsWith("included_")) return "included";
  return text.startsWith("free_") ? "free" : "unknown";
}

/** "Errored, Not Charged" and "USAGE_EVENT_KIND_ERRORED_NOT_CHARGED" are both "errored_not_charged". */
function plain(text: string): string {
  return text.trim().toLowerCase().replace(/^usage_event_kind_/, "").replaceAll("+", "_plus")
    .replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
}

/** Why events of this kind are not billed; null where they are. */
export function exclusionOf(kind: EventKind): KindExclusion | null {
  return KINDS[kind].exclusion;
}

/** Whether events of this kind are billed. Nothing else decides it: positive costs stand on errored events too. */
export function isBilledKind(kind: EventKind): boolean {
  return KINDS[kind].exclusion === null;
}

/** Whether nobody knows what events of this kind mean for money. */
export function isUnknownKind(kind: EventKind): boolean {
  return kind === "unknown" || kind === "unspecified";
}

/** How much a kind tells: a plan's name more than a bare "Included", anything more than nothing. */
export function kindDetail(kind: EventKind): number {
  if (kind === "unspecified") return 0;
  if (kind === "unknown") return 1;
  return kind === "included" || kind === "free" ? 2 : 3;
}
