import type { CliContext } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { Argument, type Command } from "commander";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = typeof SHELLS[number];

/** `tracker completions bash|zsh|fish`: made from the commands as they are. */
export function completionsCommand(program: Command, { terminal }: CliContext): void {
  program.command("completions")
    .description("print the completions for a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .option("--json", "print them as a JSON string")
    .action(async (shell: Shell, { json = false }: CommonOptions) => {
      const script = await scriptFor(shell, program);
      if (json) writeJson(terminal, { shell, script });
      else terminal.write(script);
    });
}

async function scriptFor(shell: Shell, program: Command): Promise<string> {
  const { commandNodes } = await import("./completions/tree.ts");
  const nodes = commandNodes(program);
  if (shell === "bash") return (await import("./completions/bash.ts")).bashCompletions(nodes);
  if (shell === "zsh") return (await import("./completions/zsh.ts")).zshCompletions(nodes);
  return (await import("./completions/fish.ts")).fishCompletions(nodes);
}
