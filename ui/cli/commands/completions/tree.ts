import type { Command } from "commander";

/** An option of a command, as a shell completes it. */
export interface OptionNode {
  readonly long: string;
  readonly description: string;
  /** Whether a value follows it. */
  readonly takesValue: boolean;
  /** The values that it knows; empty where any is right. */
  readonly choices: readonly string[];
}

/** A command, as a shell completes what follows it. */
export interface CommandNode {
  /** "" for the program itself, "/runs/list" for a command of a command. */
  readonly path: string;
  readonly options: readonly OptionNode[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** The values that its first argument knows. */
  readonly choices: readonly string[];
  /** Whether a file's name may follow. */
  readonly takesFile: boolean;
}

/** The program and all of its commands, parents first. */
export function commandNodes(command: Command, path = ""): CommandNode[] {
  const [first] = command.registeredArguments;
  const help = { long: "--help", description: "display help for command", takesValue: false, choices: [] };
  const node: CommandNode = {
    path,
    options: [...command.options.filter(({ hidden }) => !hidden).flatMap(optionNode), help],
    commands: command.commands.map((child) => ({ name: child.name(), description: child.description() })),
    choices: first?.argChoices ?? [],
    takesFile: command.registeredArguments.some((argument) => argument.name().includes("file")),
  };
  return [node, ...command.commands.flatMap((child) => commandNodes(child, `${path}/${child.name()}`))];
}

function optionNode({ long, description, required, optional, argChoices }: Command["options"][number]): OptionNode[] {
  if (long === undefined || long === null) return [];
  return [{ long, description, takesValue: required || optional, choices: argChoices ?? [] }];
}
