/** Each own token over Pico: calm, dense, one accent. A model's series colour is one of these, in every chart and table. */
const TOKENS = [
  { name: "bg", light: "#f7f7f5", dark: "#131312" },
  { name: "card", light: "#ffffff", dark: "#1b1b1a" },
  { name: "line", light: "#e6e5e1", dark: "#2d2d2a" },
  { name: "ink", light: "#1c1c1a", dark: "#ecebe6" },
  { name: "muted", light: "#65645f", dark: "#a09f98" },
  { name: "accent", light: "#2f6fed", dark: "#7aa5ff" },
  { name: "link", light: "#2559c4", dark: "#7aa5ff" },
  { name: "good", light: "#1a7f4b", dark: "#5cc98f" },
  { name: "warn", light: "#a35a00", dark: "#e5a44b" },
  { name: "bad", light: "#c0322b", dark: "#f08079" },
  { name: "tint", light: "#eef3fe", dark: "#1e2637" },
  { name: "ghost", light: "#bdbcb5", dark: "#5a5954" },
  { name: "open", light: "#f0efeb", dark: "#262624" },
  { name: "series-1", light: "#2f6fed", dark: "#7aa5ff" },
  { name: "series-2", light: "#0f9d8a", dark: "#4fc9b8" },
  { name: "series-3", light: "#b5651d", dark: "#e0a069" },
  { name: "series-4", light: "#8a4fd0", dark: "#bd93f0" },
  { name: "series-5", light: "#b8327f", dark: "#f08cc0" },
  { name: "series-6", light: "#5b7f1d", dark: "#a9c66c" },
  { name: "series-other", light: "#7a7a72", dark: "#9a9a92" },
  { name: "cache-read", light: "#c3cede", dark: "#3d4c62" },
  { name: "cache-write", light: "#8fa3bd", dark: "#64799a" },
  { name: "input", light: "#54708f", dark: "#93aac8" },
  { name: "output", light: "#22374f", dark: "#d6e2f0" },
] as const;

/** The tokens as CSS: dark by the system or by the switch, which wins; paper is always light. */
export function tokensCss(): string {
  const dark = declarations("dark");
  return [
    `:root{${declarations("light")}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"]){${dark}}}`,
    `@media screen{:root[data-theme="dark"]{${dark}}}`,
  ].join("\n");
}

function declarations(theme: "light" | "dark"): string {
  return TOKENS.map((token) => `--${token.name}:${token[theme]};`).join("");
}
