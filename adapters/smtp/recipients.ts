import { DeliveryFailed } from "../../domain/delivery_failed.ts";
import { isPermanentReply, type SmtpRefusal, wordsOf } from "./replies.ts";

/** How many half delivered messages are remembered; a person has but a few open at a time. */
const MAX_REMEMBERED = 200;

/**
 * Who has got which message already. Where a server takes a message for some recipients only, a further try goes to the
 * others alone. It is remembered in memory: after a restart everybody gets the further try, with the same Message-ID.
 */
export class Recipients {
  readonly all: readonly string[];
  readonly #reached = new Map<string, Set<string>>();

  constructor(all: readonly string[]) {
    this.all = [...new Map(all.map((address) => [spelledAlike(address), address])).values()];
  }

  /** Who has not got the message yet. */
  waiting(messageId: string): readonly string[] {
    const reached = this.#reached.get(messageId);
    return reached === undefined ? this.all : this.all.filter((one) => !reached.has(spelledAlike(one)));
  }

  /**
   * Notes what a server that took the message said for each recipient. @throws DeliveryFailed where some were refused:
   * not permanent where one of them was only put off.
   */
  settle(
    messageId: string,
    { accepted, refusals }: { accepted: readonly string[]; refusals: readonly SmtpRefusal[] },
  ): void {
    if (refusals.length === 0) {
      this.#reached.delete(messageId);
      return;
    }
    const reached = new Set([...this.#reached.get(messageId) ?? [], ...accepted.map(spelledAlike)]);
    const isPermanent = refusals.every(isPermanentReply);
    if (isPermanent) this.#reached.delete(messageId);
    else this.#remember(messageId, reached);
    const who = refusals.map((refusal) => `${refusal.recipient ?? "a recipient"}: ${wordsOf(refusal)}`).join("; ");
    throw new DeliveryFailed(`The mail server took the message for ${[...reached].join(", ")}, but refused ${who}`, {
      isPermanent,
      hint: isPermanent
        ? "Correct the refused addresses in ALERT_TO; the others have the message."
        : "The refused recipients are tried again; the others have the message.",
    });
  }

  #remember(messageId: string, reached: Set<string>): void {
    this.#reached.delete(messageId);
    this.#reached.set(messageId, reached);
    const [oldest] = this.#reached.keys();
    if (this.#reached.size > MAX_REMEMBERED && oldest !== undefined) this.#reached.delete(oldest);
  }
}

/** The address with its domain as it goes over the wire: the library answers with that spelling. */
function spelledAlike(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = URL.parse(`http://${address.slice(at + 1)}`)?.hostname ?? address.slice(at + 1);
  return `${address.slice(0, at)}@${domain.toLowerCase()}`;
}
