import type { CommandNode, OptionNode } from "./tree.ts";

/** The script for fish. */
export function fishCompletions(nodes: readonly CommandNode[]): string {
  const children = nodes.filter(({ path }) => path !== "").map(({ path }) => path).join(" ");
  return `\
# fish completions for tracker; load them with: tracker completions fish | source
function __tracker_at
    set -l node ""
    for word in (commandline -opc)[2..-1]
        switch "$node/$word"
            case ${children}
                set node "$node/$word"
        end
    end
    test "$node" = "$argv[1]"
end
${nodes.flatMap(nodeLines).join("")}`;
}

function nodeLines({ path, options, commands, choices, takesFile }: CommandNode): string[] {
  const start = `complete -c tracker -n ${quoted(`__tracker_at ${quoted(path)}`)}`;
  return [
    ...(takesFile ? [] : [`${start} -f\n`]),
    ...commands.map(({ name, description }) => `${start} -a ${name} -d ${quoted(description)}\n`),
    ...(choices.length > 0 ? [`${start} -a ${quoted(choices.join(" "))}\n`] : []),
    ...options.map((option) => `${start} ${optionText(option)}\n`),
  ];
}

function optionText({ long, description, takesValue, choices }: OptionNode): string {
  const value = !takesValue ? "" : choices.length > 0 ? ` -x -a ${quoted(choices.join(" "))}` : " -r -F";
  return `-l ${long.replace(/^--/, "")}${value} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
