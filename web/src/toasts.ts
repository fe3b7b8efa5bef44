/** Short words after an act. They leave by themselves, but not while somebody reads or points at them. */

import { all, word } from "./page";

const STAY_MS = 8000;
const WITH_UNDO_MS = 15000;

export function startToasts(): void {
  all<HTMLElement>("[data-toast]").forEach(letGo);
  const region = document.getElementById("toasts");
  if (region) {
    new MutationObserver((changes) => {
      for (const change of changes) change.addedNodes.forEach((node) => node instanceof HTMLElement && letGo(node));
    }).observe(region, { childList: true });
  }
  document.addEventListener("htmx:sendError", () => say(word("offline")));
  document.addEventListener("htmx:timeout", () => say(word("offline")));
  document.addEventListener("htmx:responseError", () => say(word("failed")));
}

export function say(text: string): void {
  const region = document.getElementById("toasts");
  if (!region || all(".toast", region).some((toast) => toast.textContent === text)) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  region.append(toast);
}

function letGo(toast: HTMLElement): void {
  const stay = toast.querySelector("form") ? WITH_UNDO_MS : STAY_MS;
  let timer = 0;
  const wait = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => (toast.matches(":hover, :focus-within") ? wait() : toast.remove()), stay);
  };
  wait();
}
