import type { Alert, AlertStore, AlertWatch, NewAlert } from "../../domain/alerts/alert.ts";
import type { Holder } from "./state.ts";

/** Alerts in memory. */
export class MemoryAlertStore implements AlertStore {
  readonly #holder: Holder;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  open({ kind, dedupeKey, details, at, cycle = null }: NewAlert): boolean {
    const { alerts } = this.#holder.state;
    if (alerts.some((alert) => alert.dedupeKey === dedupeKey)) return false;
    const ends = { clearedAt: null, isRecovered: false, acknowledgedAt: null };
    const alert: Alert = { id: alerts.length + 1, kind, details, dedupeKey, cycle, triggeredAt: at, ...ends };
    this.#save([...alerts, alert]);
    return true;
  }

  close(id: number, { at, isRecovered }: Parameters<AlertStore["close"]>[1]): boolean {
    return this.#change(id, (alert) => alert.clearedAt === null ? { ...alert, clearedAt: at, isRecovered } : null);
  }

  ack(id: number, at: Temporal.Instant): Alert | null {
    this.#change(id, (alert) => alert.acknowledgedAt === null ? { ...alert, acknowledgedAt: at } : null);
    return this.find(id);
  }

  find(id: number): Alert | null {
    return this.#holder.state.alerts.find((alert) => alert.id === id) ?? null;
  }

  listOpen(kind?: string): Alert[] {
    return this.#holder.state.alerts.toReversed()
      .filter((alert) => alert.clearedAt === null && alert.kind === (kind ?? alert.kind));
  }

  list(limit: number): Alert[] {
    return this.#holder.state.alerts.toReversed().slice(0, limit);
  }

  ofCycle(cycle: string): Alert[] {
    return this.#holder.state.alerts.filter((alert) => alert.cycle === cycle);
  }

  cycles(): string[] {
    return [...new Set(this.#holder.state.alerts.flatMap(({ cycle }) => cycle ?? []))];
  }

  watch(): AlertWatch | null {
    return this.#holder.state.watch;
  }

  saveWatch(watch: AlertWatch): void {
    this.#holder.state = { ...this.#holder.state, watch };
  }

  /** Answers whether `change` made another one of it. */
  #change(id: number, change: (alert: Alert) => Alert | null): boolean {
    const alert = this.find(id);
    const changed = alert === null ? null : change(alert);
    if (changed === null) return false;
    this.#save(this.#holder.state.alerts.map((one) => one.id === id ? changed : one));
    return true;
  }

  #save(alerts: readonly Alert[]): void {
    this.#holder.state = { ...this.#holder.state, alerts };
  }
}
