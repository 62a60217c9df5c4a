// Light or dark: as the system has it, or as the switch says. It runs before the first paint, so that nothing flashes.
"use strict";
{
  const KEY = "tracker-theme";
  const NAMES = { system: "System", light: "Light", dark: "Dark" };
  const NEXT = { system: "light", light: "dark", dark: "system" };
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      // Storage is forbidden: the system decides.
      return null;
    }
  }

  function keep(theme) {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // It holds for this page only.
    }
  }

  function apply(theme) {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (button === null) return;
    button.hidden = false;
    button.dataset.choice = theme;
    button.textContent = NAMES[theme];
    button.setAttribute("aria-label", `Theme: ${NAMES[theme]}. Change to ${NAMES[NEXT[theme]]}`);
  }

  function show(theme) {
    apply(theme);
    document.dispatchEvent(new Event("themechange"));
  }

  const known = stored();
  let theme = known === "light" || known === "dark" ? known : "system";
  apply(theme);
  document.addEventListener("DOMContentLoaded", () => {
    apply(theme);
    document.getElementById("theme")?.addEventListener("click", () => {
      theme = NEXT[theme];
      keep(theme);
      show(theme);
    });
  });
  // Paper is white.
  addEventListener("beforeprint", () => {
    root.dataset.theme = "light";
    document.dispatchEvent(new Event("themechange"));
  });
  addEventListener("afterprint", () => show(theme));
}
