/** Does something after a time, unless the function that it answers is called before. */
export type After = (ms: number, act: () => void) => () => void;

/** By the system's own timer. */
export const afterTime: After = (ms, act) => {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
};

/** Calls back when nothing has happened for so long, once. */
export interface Countdown {
  /** Something has happened: it begins anew. */
  restart(): void;
  stop(): void;
}

/** A countdown that has not begun yet. `onWarn` comes `warnMs` before the end. */
export function countdown(
  { limitMs, warnMs, onWarn, onEnd, after }: {
    limitMs: number;
    warnMs: number;
    onWarn: () => void;
    onEnd: () => void;
    after: After;
  },
): Countdown {
  let cancels: readonly (() => void)[] = [];
  const stop = () => cancels.forEach((cancel) => cancel());
  return {
    stop,
    restart() {
      stop();
      cancels = [after(limitMs - warnMs, onWarn), after(limitMs, onEnd)];
    },
  };
}
