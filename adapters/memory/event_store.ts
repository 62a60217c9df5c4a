import type { TimeRange } from "../../domain/clock.ts";
import { type EventStore, type Merged, sortEvents, type UsageEvent } from "../../domain/events/event.ts";
import { changedFrom, eventsAfter, mergeEvents } from "../../domain/events/merge.ts";
import type { PayloadShape, ShapeStore } from "../../domain/readers/shapes.ts";

/** Events in memory. Its list is never changed in place, so that a rollback puts an older one back. */
export class MemoryEventStore implements EventStore {
  #events: readonly UsageEvent[] = [];

  merge(window: readonly UsageEvent[], options: { readonly isReplay?: boolean } = {}): Merged {
    const changes = mergeEvents(this.#events, window, options);
    this.#events = eventsAfter(changes);
    const [added, updated] = [changes.added.length, changes.updated.length];
    return { added, updated, known: window.length - added - updated, changedFrom: changedFrom(changes) };
  }

  *read({ from = null, to = null }: TimeRange = {}): Generator<UsageEvent, void> {
    for (const event of sortEvents(this.#events)) {
      if (from !== null && Temporal.Instant.compare(event.at, from) < 0) continue;
      if (to === null || Temporal.Instant.compare(event.at, to) < 0) yield event;
    }
  }

  /** Answers what puts back the events as they are now. */
  snapshot(): () => void {
    const before = this.#events;
    return () => {
      this.#events = before;
    };
  }
}

/** Shapes of payloads in memory. */
export class MemoryShapeStore implements ShapeStore {
  #shapes: readonly PayloadShape[] = [];

  list(): PayloadShape[] {
    return [...this.#shapes];
  }

  save(shape: PayloadShape): void {
    const others = this.#shapes.filter(({ endpoint }) => endpoint !== shape.endpoint);
    this.#shapes = [...others, shape].sort((a, b) => a.endpoint < b.endpoint ? -1 : 1);
  }

  /** Answers what puts back the shapes as they are now. */
  snapshot(): () => void {
    const before = this.#shapes;
    return () => {
      this.#shapes = before;
    };
  }
}
