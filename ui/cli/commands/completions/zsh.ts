import type { CommandNode } from "./tree.ts";

/** The script for zsh. */
export function zshCompletions(nodes: readonly CommandNode[]): string {
  const children = nodes.filter(({ path }) => path !== "").map(({ path }) => path).join(" | ");
  return `\
#compdef tracker
# zsh completions for tracker; write them to a file named _tracker in a folder of $fpath
_tracker() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}" node="" files=""
  local -a options commands
  local -i at
  for ((at = 2; at < CURRENT; at++)); do
    case "$node/\${words[at]}" in
      ${children}) node="$node/\${words[at]}" ;;
    esac
  done
  case "$node $previous" in
${nodes.flatMap(valueCases).join("")}  esac
  case "$node" in
${nodes.map(nodeCase).join("")}  esac
  if [[ "$current" == -* ]]; then
    _describe -o option options
  elif [[ -n "$files" ]]; then
    _files
  elif (( $#commands )); then
    _describe command commands
  fi
}
if [[ "$funcstack[1]" == _tracker ]]; then _tracker "$@"; else compdef _tracker tracker; fi
`;
}

function valueCases({ path, options }: CommandNode): string[] {
  return options.filter(({ takesValue }) => takesValue).map(({ long, choices }) => {
    const complete = choices.length > 0 ? `compadd -- ${choices.map(quoted).join(" ")}` : "_files";
    return `    ${quoted(`${path} ${long}`)}) ${complete}; return ;;\n`;
  });
}

function nodeCase({ path, options, commands, choices, takesFile }: CommandNode): string {
  const described = [...commands, ...choices.map((name) => ({ name, description: "" }))];
  return `    ${quoted(path)})
      options=(${options.map(({ long, description }) => entry(long, description)).join(" ")})
      commands=(${described.map(({ name, description }) => entry(name, description)).join(" ")})${
    takesFile ? "\n      files=yes" : ""
  } ;;
`;
}

/** "name:what it does", where a colon ends the name. */
function entry(name: string, description: string): string {
  return quoted(description === "" ? name : `${name}:${description}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
