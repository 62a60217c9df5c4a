/** Each own token over Pico: calm, dense, one accent. A model's series colour is one of these, in every chart and table. */
const TOKENS = [
  { name: "bg", light: "#f7f7f5", dark: "#131312" },
  { name: "card", light: "#ffffff", dark: "#1b1b1a" },
  { name: "line", light: "#e6e5e1", dark: "#2d2d2a" },
  { name: "ink", light: "#1c1c1a", dark: "#ecebe6" },
  { name: "muted", light: "#65645f", dark: "#a09f98" },
  { name: "accent", light: "#2f6fed", dark: "#7aa5ff" },
  { name: "good", light: "#1a7f4b", dark: "#5cc98f" },
  { name: "warn", light: "#a35a00", dark: "#e5a44b" },
  { name: "bad", light: "#c0322b", dark: "#f08079" },
  { name: "tint", light: "#eef3fe", dark: "#1e2637" },
  { name: "series-1", light: "#2f6fed", dark: "#7aa5ff" },
  { name: "series-2", light: "#0f9d8a", dark: "#4fc9b8" },
  { name: "series-3", light: "#b5651d", dark: "#e0a069" },
  { name: "series-4", light: "#8a4fd0", dark: "#bd93f0" },
  { name: "series-other", light: "#7a7a72", dark: "#9a9a92" },
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
