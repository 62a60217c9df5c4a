import type { Command } from "commander";

/** What may stand before a command and belongs to whoever runs it: `sudo -u tracker env NAME=value`. */
const WRAPPER = /^(?:sudo(?: -u \S+)?|env|[A-Za-z_]\w*=(?:"[^"]*"|\S*)) +/;
/** A container's command: the words behind the service's name. */
const IN_CONTAINER = /^docker compose (?:run|exec)(?: --?\S+(?: \d+:\d+)?)* tracker +/;
const PROGRAM = /^(?:\.\/)?tracker(?: +|$)/;

/** The single commands of a shell's text, without comments, joined lines in one. */
export function shellCommands(text: string): string[] {
  const lines = text.replaceAll(/\\\n\s*/g, " ").split("\n").map((line) => line.replace(/(^|\s)#.*$/, ""));
  return lines.flatMap((line) => line.split(/&&|\|\||[;|]/)).map((one) => one.trim()).filter((one) => one !== "");
}

/** The arguments where the command is one of tracker's; else null. */
export function trackerArguments(command: string): string[] | null {
  let rest = command;
  while (WRAPPER.test(rest)) rest = rest.replace(WRAPPER, "");
  const inContainer = rest.replace(IN_CONTAINER, "");
  if (inContainer !== rest) return words(inContainer.replace(PROGRAM, ""));
  return PROGRAM.test(rest) ? words(rest.replace(PROGRAM, "")) : null;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** What is wrong with the arguments, by the program's own commands; null where nothing is. */
export function faultOf(program: Command, args: readonly string[]): string | null {
  const { command, rest } = resolve(program, args);
  if (command.commands.length > 0) {
    return rest[0] === "--version" || rest[0] === "--help" ? null : `there is no command "${args.join(" ")}"`;
  }
  const operands: string[] = [];
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    if (!word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    const option = command.options.find(({ long, short }) => long === word || short === word);
    if (option === undefined && word !== "--help") return `"${command.name()}" has no option ${word}`;
    if (option?.required === true && rest[++at] === undefined) return `${word} needs a value`;
  }
  return operandFault(command, operands);
}

function operandFault(command: Command, operands: readonly string[]): string | null {
  const known = command.registeredArguments;
  const least = known.filter(({ required }) => required).length;
  if (operands.length < least) return `"${command.name()}" has too few arguments`;
  if (operands.length > known.length && known.at(-1)?.variadic !== true) {
    return `"${command.name()}" has too many arguments`;
  }
  const wrong = known.flatMap(({ argChoices }, at) => {
    const given = operands[at];
    return argChoices === undefined || given === undefined || argChoices.includes(given) ? [] : [given];
  });
  return wrong.length === 0 ? null : `"${command.name()}" does not take "${wrong[0]}"`;
}

/** The deepest command that the words name, and the words behind it. */
export function resolve(program: Command, args: readonly string[]): { command: Command; rest: readonly string[] } {
  const [name, ...rest] = args;
  const child = program.commands.find((one) => one.name() === name);
  return child === undefined ? { command: program, rest: args } : resolve(child, rest);
}
