import type { CommandNode } from "./tree.ts";

/** The script for bash, from version 3.2 on. */
export function bashCompletions(nodes: readonly CommandNode[]): string {
  const children = nodes.filter(({ path }) => path !== "").map(({ path }) => quoted(path)).join(" | ");
  return `\
# bash completions for tracker; load them with: source <(tracker completions bash)
_tracker() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" node="" options="" words="" files=""
  local -i at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$node/\${COMP_WORDS[at]}" in
      ${children}) node="$node/\${COMP_WORDS[at]}" ;;
    esac
  done
  COMPREPLY=()
  case "$node $previous" in
${nodes.flatMap(valueCases).join("")}  esac
  case "$node" in
${nodes.map(nodeCase).join("")}  esac
  if [[ "$current" == -* ]]; then
    words="$options"
  elif [[ -n "$files" ]]; then
    _tracker_files "$current"
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
_tracker_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$1"))
}
complete -F _tracker tracker
`;
}

function valueCases({ path, options }: CommandNode): string[] {
  return options.filter(({ takesValue }) => takesValue).map(({ long, choices }) => {
    const values = `COMPREPLY=($(compgen -W ${quoted(choices.join(" "))} -- "$current"))`;
    return `    ${quoted(`${path} ${long}`)}) ${
      choices.length > 0 ? values : '_tracker_files "$current"'
    }; return ;;\n`;
  });
}

function nodeCase({ path, options, commands, choices, takesFile }: CommandNode): string {
  const words = [...commands.map(({ name }) => name), ...choices];
  const all = [
    `options=${quoted(options.map(({ long }) => long).join(" "))}`,
    `words=${quoted(words.join(" "))}`,
    ...(takesFile ? ["files=yes"] : []),
  ];
  return `    ${quoted(path)}) ${all.join(" ")} ;;\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
