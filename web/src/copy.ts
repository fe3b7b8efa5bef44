/** Buttons that copy what stands elsewhere on the page: `data-copy` is its id, `data-copied` what is said then. */

import { around } from "./page";
import { say } from "./toasts";

export function startCopying(): void {
  document.addEventListener("click", (event) => {
    const button = around<HTMLElement>(event, "[data-copy]");
    const from = document.getElementById(button?.dataset["copy"] ?? "");
    if (!button || !from) return;
    const text = from instanceof HTMLInputElement ? from.value : from.innerText;
    void navigator.clipboard.writeText(text).then(() => say(button.dataset["copied"] ?? ""));
  });
}
