/** Collects what a process writes, and waits for a text in it. */
export function startTextReader(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  let text = "";
  let isOver = false;
  const waiting = new Set<() => void>();
  const ended = (async () => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (const look of waiting) look();
    }
    isOver = true;
    for (const look of waiting) look();
  })();
  return {
    ended,
    text: () => text,
    /** @throws Error where the process ends without having written it. */
    waitFor(pattern: RegExp): Promise<RegExpExecArray> {
      return new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(text);
          if (match === null && !isOver) return;
          waiting.delete(look);
          if (match === null) reject(new Error(`It ended without ${pattern}:\n${text}`));
          else resolve(match);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
