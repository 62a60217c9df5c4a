/** How this very program is started again: the binary itself, or Deno with the source. */
export function thisProgram(): { command: string; args: readonly string[] } {
  const command = Deno.execPath();
  if (Deno.build.standalone) return { command, args: [] };
  return { command, args: ["run", "--allow-all", "--quiet", new URL("../main.ts", import.meta.url).href] };
}
