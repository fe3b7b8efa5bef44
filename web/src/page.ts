/** Finding things on the page, and the page's own words (data attributes of <body>, translated on the server). */

export type Word = "now" | "minutes" | "fresh" | "sent" | "failed" | "offline";

export function all<T extends Element>(selector: string, root: ParentNode = document): T[] {
  return Array.from(root.querySelectorAll<T>(selector));
}

/** The closest ancestor of an event's target, or null. */
export function around<T extends Element>(event: Event, selector: string): T | null {
  return event.target instanceof Element ? event.target.closest<T>(selector) : null;
}

/** A sentence in the reader's language; `{n}` becomes the figure. */
export function word(name: Word, n?: number | string): string {
  const text = document.body.getAttribute(`data-words-${name}`) ?? "";
  return n === undefined ? text : text.replace("{n}", String(n));
}

export function csrfToken(): string {
  const headers = document.body.getAttribute("hx-headers");
  return headers ? String((JSON.parse(headers) as Record<string, unknown>)["X-CSRFToken"] ?? "") : "";
}

/** Can it be seen and used? Hidden tabs, closed popovers and disabled buttons cannot. */
export function isUsable(element: HTMLElement): boolean {
  return element.checkVisibility() && !(element as HTMLButtonElement).disabled;
}

/** Typing somewhere: single keys belong to the text, not to us. */
export function isTyping(event: Event): boolean {
  const target = event.target;
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}
