import type { Terminal } from "./context.ts";

/** Asks the person at the terminal; null where there is none. */
export async function askYesNo({ isInteractive }: Terminal, question: string): Promise<boolean | null> {
  const { stdin, stderr } = await import("node:process");
  if (!isInteractive || !stdin.isTTY) return null;
  const { confirm } = await import("@clack/prompts");
  return await confirm({ message: question, initialValue: false, output: stderr }) === true;
}
