/** Short words after an act. They leave by themselves, but not while somebody reads or points at them. */

import { all, word, type Word } from "./page";

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
  document.addEventListener("htmx:sendError", (event) => fail(event, "offline"));
  document.addEventListener("htmx:timeout", (event) => fail(event, "offline"));
  document.addEventListener("htmx:responseError", (event) => fail(event, "failed"));
}

/** A dialog whose content did not come has nothing to ask and, on a phone, no way out; «one moment …» is no longer true. */
function fail(event: Event, why: Word): void {
  const target = (event as CustomEvent<{ target?: unknown }>).detail.target;
  if (target instanceof HTMLDialogElement) target.close();
  if (target instanceof Element) all("[data-waiting]", target).forEach((line) => (line.textContent = word(why)));
  say(word(why));
}

/** A toast; a line within the dialog that lies over everything else, where there is one: behind it nobody would read it. */
export function say(text: string): void {
  const dialog = all("dialog:modal").at(-1);
  const region = dialog ?? document.getElementById("toasts");
  if (!region || all(".toast", region).some((toast) => toast.textContent === text)) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  if (dialog) toast.setAttribute("role", "alert");
  region.append(toast);
  if (dialog) letGo(toast);
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
