// Light or dark: as the system has it, or as the switch says. It runs before the first paint, so that nothing flashes.
"use strict";

const THEME_KEY = "tracker-theme";
const THEME_NAMES = { system: "System", light: "Light", dark: "Dark" };
const NEXT_THEME = { system: "light", light: "dark", dark: "system" };

function storedTheme() {
  try {
    const known = localStorage.getItem(THEME_KEY);
    return known === "light" || known === "dark" ? known : "system";
  } catch {
    // Storage is forbidden: the system decides.
    return "system";
  }
}

function keepTheme(theme) {
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // It holds for this page only.
  }
}

function applyTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event("themechange"));
}

function labelSwitch(button, theme) {
  button.hidden = false;
  button.dataset.choice = theme;
  button.textContent = THEME_NAMES[theme];
  button.setAttribute("aria-label", `${THEME_NAMES[theme]} theme; change to ${THEME_NAMES[NEXT_THEME[theme]]}`);
}

let chosenTheme = storedTheme();
// What only scripts can fill has room on the page only where scripts run.
document.documentElement.classList.add("js");
applyTheme(chosenTheme);
document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  if (button === null) return;
  labelSwitch(button, chosenTheme);
  button.addEventListener("click", () => {
    chosenTheme = NEXT_THEME[chosenTheme];
    keepTheme(chosenTheme);
    applyTheme(chosenTheme);
    labelSwitch(button, chosenTheme);
  });
});
// Paper is white.
addEventListener("beforeprint", () => applyTheme("light"));
addEventListener("afterprint", () => applyTheme(chosenTheme));
