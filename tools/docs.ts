import { secretNames, type VariableGroup } from "../adapters/config/variable.ts";
import { allVariables, variableGroups } from "../adapters/config/variables.ts";

// `deno task docs`: writes .env.example, and README's table of variables, from the list of variables that the program reads.

const ROOT = new URL("..", import.meta.url);
const WIDTH = 120;
const BEGIN = "<!-- variables: written by `deno task docs` -->";
const END = "<!-- end of variables -->";

/** The text of .env.example. */
export function envExample(groups: readonly VariableGroup[]): string {
  const secrets = groups.flatMap(({ variables }) => secretNames(variables));
  const head = [
    "Copy to .env in the working directory or in DATA_DIR. What is set in the environment wins over both, and the " +
    "working directory's .env over DATA_DIR's. An empty value counts as not set. Relative paths are those of the " +
    "working directory.",
    `The secrets ${listText(secrets)} can each stand in a file instead: ${
      secrets[0]
    }_FILE=/path/to/file. Such a file ` +
    "has the value alone in it.",
  ];
  const parts = groups.map(({ title, variables }) => {
    const entries = Object.entries(variables).map(([name, { about, unset, default: value = "" }]) => {
      const text = unset === undefined ? about : `${about}; where not set: ${unset}`;
      return `${comment(`${text.replaceAll("`", "")}.`)}\n${name}=${value}\n`;
    });
    return `\n# --- ${title} ---\n\n${entries.join("")}`;
  });
  return `${head.map(comment).join("\n")}\n${parts.join("")}`;
}

/** README's table, as the formatter would have it. */
export function variablesTable(groups: readonly VariableGroup[]): string {
  const variables = groups.flatMap((group) => Object.entries(group.variables));
  const rows = variables.map(([name, { about, unset, isSecret = false, default: value = "" }]) => [
    `\`${name}\`${isSecret ? " (secret)" : ""}`,
    value === "" ? unset ?? "–" : `\`${value}\``,
    about,
  ]);
  const [head, ...body] = alignedCells([["variable", "default", "meaning"], ...rows]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head ?? []) + line((head ?? []).map(({ length }) => "-".repeat(length))) + body.map(line).join("");
}

/** README with the table in its place. @throws Error if it has no place for it. */
export function withVariablesTable(readme: string, table: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README has no "${BEGIN}" before "${END}"`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${table}\n${readme.slice(end)}`;
}

function alignedCells(rows: readonly (readonly string[])[]): string[][] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
}

/** Lines of at most 120 columns, broken at spaces. */
function comment(text: string): string {
  const lines: string[] = [];
  let line = "#";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}

function listText(parts: readonly string[]): string {
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

if (import.meta.main) {
  const groups = variableGroups();
  await Deno.writeTextFile(new URL(".env.example", ROOT), envExample(groups));
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  await Deno.writeTextFile(new URL("README.md", ROOT), withVariablesTable(readme, variablesTable(groups)));
  const count = Object.keys(allVariables()).length;
  Deno.stdout.writeSync(new TextEncoder().encode(`Wrote ${count} variables to .env.example and README.md\n`));
}
