import type { Session, SessionStore } from "../../domain/capture/session.ts";

/** Sessions in memory. Its list is never changed in place, so that a rollback puts an older one back. */
export class MemorySessionStore implements SessionStore {
  #sessions: readonly Session[] = [];

  list(limit: number): Session[] {
    return this.#sessions.toReversed().slice(0, limit);
  }

  begin({ beganAt, beganBy }: Parameters<SessionStore["begin"]>[0]): Session {
    if (this.#sessions.some(({ endedAt }) => endedAt === null)) {
      throw new Error("Cannot begin a session as another one goes on");
    }
    const id = this.#sessions.length + 1;
    const unknown = { lastGoodAt: null, expiresAt: null, endedAt: null, endedBy: null, account: null };
    const session: Session = { id, beganAt, beganBy, ...unknown };
    this.#sessions = [...this.#sessions, session];
    return session;
  }

  update(sessionId: number, told: Parameters<SessionStore["update"]>[1]): void {
    this.#change(sessionId, told);
  }

  end(sessionId: number, { at, by }: Parameters<SessionStore["end"]>[1]): void {
    this.#change(sessionId, { endedAt: at, endedBy: by });
  }

  /** Answers what puts back the sessions as they are now. */
  snapshot(): () => void {
    const before = this.#sessions;
    return () => {
      this.#sessions = before;
    };
  }

  #change(sessionId: number, change: Partial<Session>): void {
    this.#sessions = this.#sessions.map((session) => session.id === sessionId ? { ...session, ...change } : session);
  }
}
