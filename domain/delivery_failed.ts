import { TrackerError } from "./errors.ts";

/** A message was not taken. */
export class DeliveryFailed extends TrackerError {
  override readonly name = "DeliveryFailed";
  /** Whether the other side refused for good, so that another try can't help. */
  readonly isPermanent: boolean;

  constructor(message: string, { isPermanent, ...options }: ErrorOptions & { isPermanent: boolean; hint?: string }) {
    super(message, options);
    this.isPermanent = isPermanent;
  }
}
