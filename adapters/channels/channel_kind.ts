import type { ChannelSetup } from "../../domain/alerts/notification.ts";
import type { VariableGroup } from "../config/variable.ts";

/** What is set, unchecked, so that a fault of one variable hides none between others. */
export interface GivenVariables {
  /** Whether it is set, by itself or by the file that it stands in. */
  has(name: string): boolean;
  /** Its text; undefined if it is not set, or if its file cannot be read. */
  text(name: string): string | undefined;
  /** The absolute path that a path in a variable means. */
  path(text: string): string;
}

/** A way to send messages: everything that the rest of the program knows of it. */
export interface ChannelKind {
  /** In the database, the API and metrics; it never changes. */
  readonly name: string;
  /** What configures it. */
  readonly group: VariableGroup;
  /** Faults between its variables, as sentences without a full stop. */
  contradictions(given: GivenVariables): Iterable<string>;
  /** The channel as texts without a fault configure it; `path` makes a path in a variable absolute. */
  setUp(texts: Readonly<Record<string, string>>, options: Pick<GivenVariables, "path">): ChannelSetup;
}
