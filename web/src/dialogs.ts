/** Native dialogs: links that open one, and buttons with `command` where the browser does not know it yet. */

import { around } from "./page";

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    if (event instanceof MouseEvent && (event.metaKey || event.ctrlKey || event.shiftKey)) return;
    const link = around<HTMLElement>(event, "[data-opens]");
    const id = link?.dataset["opens"] ?? "";
    // what it asked about last time must not stand there while the next question is on its way, or does not come
    if (link?.hasAttribute("hx-get")) document.getElementById(id)?.replaceChildren();
    if (link && openDialog(id)) event.preventDefault();
    if (!("commandForElement" in HTMLButtonElement.prototype)) runCommand(event);
  });
}

/** Opens it and answers true, or false when there is no such dialog: then the link leads to the page instead. */
export function openDialog(id: string): boolean {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (!dialog.open) dialog.showModal();
  return true;
}

function runCommand(event: Event): void {
  const button = around<HTMLButtonElement>(event, "button[commandfor]");
  const dialog = document.getElementById(button?.getAttribute("commandfor") ?? "");
  if (!(dialog instanceof HTMLDialogElement)) return;
  const command = button?.getAttribute("command");
  if (command === "show-modal" && !dialog.open) dialog.showModal();
  if (command === "close") dialog.close();
}
