/**
 * Lists that go on by themselves without pushing what is being read.
 *
 * `<ol data-live="/address/" data-live-edge="end">` asks its address every few seconds with `after=<data-key of the newest
 * item>`; the answer is items, nothing more. Somebody at the edge sees them at once; anybody else gets «3 条新的».
 */

import htmx from "htmx.org";
import { all, word } from "./page";
import { say } from "./toasts";

const PAUSE_MS = 5000;
const NEAR_PX = 48;
const AWAY_MS = 60_000;

interface Waiting {
  items: Element[];
  button: HTMLButtonElement | null;
  failures: number;
}

const lists = new WeakMap<HTMLElement, Waiting>();

export function startLive(): void {
  all<HTMLElement>("[data-live]").forEach(follow);
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof Element) all<HTMLElement>("[data-live]", event.target).forEach(follow);
  });
}

function follow(list: HTMLElement): void {
  if (lists.has(list)) return;
  const waiting: Waiting = { items: [], button: null, failures: 0 };
  lists.set(list, waiting);
  toEnd(list);
  const again = async (): Promise<void> => {
    if (!list.isConnected) return;
    if (!document.hidden) await ask(list, waiting);
    window.setTimeout(() => void again(), Math.min(AWAY_MS, PAUSE_MS * 2 ** waiting.failures));
  };
  window.setTimeout(() => void again(), PAUSE_MS);
}

async function ask(list: HTMLElement, waiting: Waiting): Promise<void> {
  const address = new URL(list.dataset["live"] ?? "", location.href);
  address.searchParams.set("after", newestKey(list, waiting));
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (answer.headers.has("HX-Refresh")) return location.reload();
    if (!answer.ok) fail(waiting, "failed");
    else waiting.failures = 0;
    if (answer.ok && answer.status !== 204) arrive(list, waiting, await answer.text());
  } catch {
    fail(waiting, "offline");
  }
}

/** Said once when a list stops going on, not at every try: it looks as alive as before. */
function fail(waiting: Waiting, why: "failed" | "offline"): void {
  if (!waiting.failures) say(word(why));
  waiting.failures = Math.min(4, waiting.failures + 1);
}

function arrive(list: HTMLElement, waiting: Waiting, html: string): void {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const known = new Set([...all<HTMLElement>("[data-key]", list), ...waiting.items].map(keyOf));
  const items = Array.from(holder.content.children).filter((item) => !known.has(keyOf(item)));
  if (!items.length) return;
  waiting.items.push(...items);
  if (readsTheEdge(list)) show(list, waiting);
  else offer(list, waiting);
}

function offer(list: HTMLElement, waiting: Waiting): void {
  if (!waiting.button) {
    waiting.button = document.createElement("button");
    waiting.button.type = "button";
    waiting.button.className = `fresh at-${edge(list)}`;
    waiting.button.addEventListener("click", () => show(list, waiting));
    if (edge(list) === "end") list.after(waiting.button);
    else list.before(waiting.button);
  }
  waiting.button.textContent = word("fresh", waiting.items.length);
}

function show(list: HTMLElement, waiting: Waiting): void {
  const items = waiting.items.splice(0);
  waiting.button?.remove();
  waiting.button = null;
  if (edge(list) === "end") list.append(...items);
  else list.prepend(...items);
  items.forEach((item) => htmx.process(item));
  (edge(list) === "end" ? items.at(-1) : items[0])?.scrollIntoView({ block: "nearest" });
}

/** Newest first: items arrive newest first too, so the first waiting one is the newest. */
function newestKey(list: HTMLElement, waiting: Waiting): string {
  const shown = all<HTMLElement>("[data-key]", list);
  const newest = edge(list) === "end" ? (waiting.items.at(-1) ?? shown.at(-1)) : (waiting.items[0] ?? shown[0]);
  return newest ? keyOf(newest) : "";
}

function keyOf(item: Element): string {
  return item.getAttribute("data-key") ?? "";
}

function edge(list: HTMLElement): "start" | "end" {
  return list.dataset["liveEdge"] === "end" ? "end" : "start";
}

/** At the edge of the list's own scroll, or of the window's, and not selecting text. */
function readsTheEdge(list: HTMLElement): boolean {
  if (!(document.getSelection()?.isCollapsed ?? true)) return false;
  const scroller = scrollerOf(list);
  const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  return (edge(list) === "end" ? below : scroller.scrollTop) < NEAR_PX;
}

/** A stream that scrolls by itself begins where it goes on; a whole page is left where it is. */
function toEnd(list: HTMLElement): void {
  const scroller = scrollerOf(list);
  if (edge(list) === "end" && scroller !== document.scrollingElement) scroller.scrollTop = scroller.scrollHeight;
}

function scrollerOf(list: HTMLElement): Element {
  let element: HTMLElement | null = list;
  while (element) {
    if (element.scrollHeight > element.clientHeight && /auto|scroll/.test(getComputedStyle(element).overflowY)) return element;
    element = element.parentElement;
  }
  return document.scrollingElement ?? document.documentElement;
}
