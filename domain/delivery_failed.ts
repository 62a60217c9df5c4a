import { TrackerError } from "./errors.ts";

/** A message was not taken. */
export class DeliveryFailed extends TrackerError {
  override readonly name = "DeliveryFailed";
  /** Whether the other side refused for good, so that another try can't help. */
  readonly isPermanent: boolean;
  /** How long the other side asked to wait, in milliseconds; null where it said nothing. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    { isPermanent, retryAfterMs = null, ...options }: ErrorOptions & {
      isPermanent: boolean;
      retryAfterMs?: number | null;
      hint?: string;
    },
  ) {
    super(message, options);
    this.isPermanent = isPermanent;
    this.retryAfterMs = retryAfterMs;
  }
}
