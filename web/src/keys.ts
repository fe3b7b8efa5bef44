/** Keyboard: ⌘K, j/k between rows (or cases, where a page has such buttons; arrows too), single letters for buttons that
 *  carry `data-shortcut`, arrows in the search. */

import { openDialog } from "./dialogs";
import { all, isTyping, isUsable } from "./page";

const ROWS = "#main .rows > li, #main .table tbody tr, #main [data-row]";
const ACTIONS = "a[href], button, input, summary";
const OFFER = ".btn:not(.quiet)";
const SAME_AS: Record<string, string> = { ArrowRight: "arrow-j", ArrowLeft: "arrow-k" };

export function startKeys(): void {
  nameTheModifier();
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey) {
      if (openDialog("spot")) event.preventDefault();
      return;
    }
    const search = document.querySelector<HTMLElement>("#spot[open]");
    if (search) return moveInSearch(search, event);
    if (singleKeysAllowed(event) && pressed(SAME_AS[event.key] ?? event.key.toLowerCase())) event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", () => {
    const search = document.querySelector<HTMLElement>("#spot[open]");
    if (search) choose(search, 0);
  });
}

/** Keyboards without ⌘ say Ctrl. */
function nameTheModifier(): void {
  if (/Mac|iPhone|iPad/.test(navigator.userAgent)) return;
  for (const key of all<HTMLElement>("kbd")) key.textContent = (key.textContent ?? "").replace("⌘K", "Ctrl K").replace("⌘", "Ctrl");
}

function singleKeysAllowed(event: KeyboardEvent): boolean {
  const modified = event.metaKey || event.ctrlKey || event.altKey;
  const floating = document.querySelector("dialog[open], [popover]:popover-open");
  return !modified && !floating && !isTyping(event) && document.documentElement.dataset["keys"] !== "off";
}

function pressed(key: string): boolean {
  if (key === "/") return openDialog("spot");
  if (!/^(arrow-)?[a-z]$/.test(key)) return false;
  const button = all<HTMLElement>(`[data-shortcut="${key.replace("arrow-", "")}"]`).find(isUsable);
  button?.click();
  if (button || document.querySelector("[data-steps]")) return button !== undefined;
  return key === "j" ? moveRow(1) : key === "k" && moveRow(-1);
}

/** The next row's action takes the focus, so that Enter does what the row offers. */
function moveRow(step: number): boolean {
  const rows = all<HTMLElement>(ROWS).filter((row) => isUsable(row) && actionOf(row));
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + step));
  const row = rows[next];
  if (!row) return false;
  actionOf(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

/** Its button; where there is none but quiet ones, the first thing that leads anywhere. */
function actionOf(row: HTMLElement): HTMLElement | undefined {
  if (row.matches(ACTIONS)) return row;
  const found = all<HTMLElement>(ACTIONS, row).filter(isUsable);
  return found.find((action) => action.matches(OFFER)) ?? found.find((action) => action.matches("a, button")) ?? found[0];
}

function moveInSearch(search: HTMLElement, event: KeyboardEvent): void {
  const options = all<HTMLElement>("[role=option]", search);
  const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(search, Math.min(here + 1, options.length - 1));
  else if (event.key === "ArrowUp") choose(search, Math.max(here - 1, 0));
  else if (event.key === "Enter" && options[here]) follow(options[here], event);
  else return;
  event.preventDefault();
}

function choose(search: HTMLElement, place: number): void {
  all<HTMLElement>("[role=option]", search).forEach((option, i) => {
    option.id ||= `found-${i}`;
    option.setAttribute("aria-selected", String(i === place));
    if (i !== place) return;
    search.querySelector("input")?.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  });
}

function follow(option: HTMLElement, event: KeyboardEvent): void {
  if (!(option instanceof HTMLAnchorElement)) return option.click();
  if (event.metaKey || event.ctrlKey) window.open(option.href, "_blank", "noopener");
  else location.assign(option.href);
}
