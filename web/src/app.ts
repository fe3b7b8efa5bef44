/** The console's one small script. Pages read and work without it; it saves ways. */

import htmx from "htmx.org";
import { startCopying } from "./copy";
import { startDialogs } from "./dialogs";
import { startFiles } from "./files";
import { startKeys } from "./keys";
import { startLive } from "./live";
import { startTheme } from "./theme";
import { startTimes } from "./times";
import { startToasts } from "./toasts";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
htmx.config.scrollIntoViewOnBoost = false;
htmx.config.timeout = 30_000;
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  // an invalid form comes back as the same part with its errors, and so does what somebody else was quicker with
  { code: "409|422", swap: true },
  { code: "...", swap: false, error: true },
];

startTheme();
startCopying();
startDialogs();
startKeys();
startToasts();
startTimes();
startFiles();
startLive();
showCurrentTab();
drawPlots(document);
document.addEventListener("htmx:load", (event) => event.target instanceof Element && drawPlots(event.target));

/** A strip of tabs wider than a phone begins where the reader is. */
function showCurrentTab(): void {
  const tab = document.querySelector<HTMLElement>(".tabs [aria-current]");
  // not scrollIntoView, which would also leave the message that an address points at
  if (tab?.parentElement) tab.parentElement.scrollLeft = tab.offsetLeft - (tab.parentElement.clientWidth - tab.offsetWidth) / 2;
}

/** The plot library is large; only pages with plots load it. */
function drawPlots(root: ParentNode): void {
  if (!root.querySelector("[data-plot]")) return;
  void import("./plots.js").then(({ drawAll }) => drawAll(root));
}
