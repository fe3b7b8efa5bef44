/** «14 分钟前» goes on counting; after an hour the day and clock that the server sent along stand there instead. */

import { all, word } from "./page";

const MINUTE = 60_000;

export function startTimes(): void {
  window.setInterval(() => document.hidden || refresh(), MINUTE / 2);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}

function refresh(): void {
  const now = Date.now();
  for (const time of all<HTMLTimeElement>("time[data-when]")) {
    const minutes = Math.floor((now - Date.parse(time.dateTime)) / MINUTE);
    const told = minutes < 0 ? null : minutes < 1 ? word("now") : minutes < 60 ? word("minutes", minutes) : time.dataset["when"];
    if (told && time.textContent !== told) time.textContent = told;
  }
}
