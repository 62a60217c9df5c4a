/** Calls back when nothing has happened for so long, once. */
export interface Countdown {
  /** Something has happened: it begins anew. */
  restart(): void;
  stop(): void;
}

/** A countdown that has not begun yet. `onWarn` comes `warnMs` before the end. */
export function countdown(
  { limitMs, warnMs, onWarn, onEnd }: {
    limitMs: number;
    warnMs: number;
    onWarn: () => void;
    onEnd: () => void;
  },
): Countdown {
  let warning: ReturnType<typeof setTimeout> | undefined;
  let end: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(warning);
    clearTimeout(end);
  };
  return {
    stop,
    restart() {
      stop();
      if (warnMs < limitMs) warning = setTimeout(onWarn, limitMs - warnMs);
      end = setTimeout(onEnd, limitMs);
    },
  };
}
