/** Light and dark. The server paints the chosen theme; here only the switch, without loading the page again. */

import { csrfToken } from "./page";

const THEME_CHANGED = "theme-changed";

export function startTheme(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.hasAttribute("data-theme-switch")) {
      event.preventDefault();
      void switchTheme(form.action);
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announce);
}

export function onThemeChange(then: () => void): void {
  document.addEventListener(THEME_CHANGED, then);
}

/** Away from what is seen now; arriving at what the system wants anyway means following it again. */
async function switchTheme(address: string): Promise<void> {
  const system = systemTheme();
  const wanted = (document.documentElement.dataset["theme"] ?? system) === "dark" ? "light" : "dark";
  const theme = wanted === system ? "system" : wanted;
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  announce();
  const body = new URLSearchParams({ theme, next: location.pathname });
  await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() }, redirect: "manual" });
}

function systemTheme(): string {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function announce(): void {
  document.dispatchEvent(new Event(THEME_CHANGED));
}
