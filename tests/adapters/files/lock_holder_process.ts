/** A child process that holds the locks of a data folder. */
interface LockHolder extends AsyncDisposable {
  readonly pid: number;
  /** Its owner id. */
  readonly owner: string;
  /** Ends it by SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts lock_holder.ts on the folder and waits until it holds the locks. */
export async function startLockHolder(dataDir: string): Promise<LockHolder> {
  const script = new URL("./lock_holder.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script, dataDir],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let line = "";
  while (!line.endsWith("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Cannot go on as the lock holder ended early: it wrote "${line}"`);
    line += value;
  }
  let isGone = false;
  const kill = async () => {
    if (isGone) return;
    isGone = true;
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    await child.stdin.abort().catch(() => undefined);
  };
  return { pid: child.pid, owner: line.trim(), kill, [Symbol.asyncDispose]: kill };
}
