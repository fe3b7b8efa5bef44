/** Areas that take a file, dropped or chosen. With `data-post` on the input the file goes there with visible progress. */

import { all, around, csrfToken, word } from "./page";
import { say } from "./toasts";

const AREA = "[data-drop]";

export function startFiles(): void {
  for (const kind of ["dragover", "dragleave", "drop"] as const) {
    document.addEventListener(kind, (event) => {
      const area = around<HTMLElement>(event, AREA);
      if (!area) return;
      event.preventDefault();
      area.classList.toggle("over", kind === "dragover");
      if (kind === "drop") take(area, event.dataTransfer?.files);
    });
  }
  document.addEventListener("change", (event) => {
    const area = around<HTMLElement>(event, AREA);
    if (area && event.target instanceof HTMLInputElement && event.target.type === "file") send(event.target, area);
  });
}

function take(area: HTMLElement, files: FileList | undefined): void {
  const input = area.querySelector<HTMLInputElement>("input[type=file]");
  if (!input || !files?.length) return;
  input.files = files;
  send(input, area);
}

/** Without `data-post` the surrounding form sends the file in the ordinary way. */
function send(input: HTMLInputElement, area: HTMLElement): void {
  const address = input.dataset["post"];
  if (!input.files?.length) return;
  if (!address) return void input.form?.requestSubmit();
  const name = input.name || "file";
  const data = new FormData(input.form ?? undefined);
  // the form has them already when the input has a name; twice would be twice 2 GB
  data.delete(name);
  for (const file of input.files) data.append(name, file);
  const request = new XMLHttpRequest();
  all("[role=alert]", area.parentElement ?? area).forEach((old) => old.remove());
  const progress = showProgress(area);
  request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
  request.addEventListener("load", () => (progress(null), finish(request, area)));
  request.addEventListener("error", () => (progress(null), say(word("offline"))));
  request.open("POST", address);
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.setRequestHeader("Accept", "application/json");
  request.send(data);
}

/** The answer is a page to go to, or a sentence saying why not. */
function finish(request: XMLHttpRequest, area: HTMLElement): void {
  const answer = parsed(request.responseText);
  if (request.status < 300 && answer.url) location.assign(answer.url);
  else if (request.status >= 300) refuse(area, answer.reason ?? word("failed"));
}

/** Beside the area until the next try: a toast would be gone before a long reason is read. */
function refuse(area: HTMLElement, reason: string): void {
  const told = document.createElement("p");
  told.className = "notice act";
  told.setAttribute("role", "alert");
  told.textContent = reason;
  area.after(told);
  // or the same file, mended, could not be chosen again
  all<HTMLInputElement>("input[type=file]", area).forEach((input) => (input.value = ""));
}

function parsed(text: string): { url?: string; reason?: string } {
  try {
    return JSON.parse(text) as { url?: string; reason?: string };
  } catch {
    return {};
  }
}

function showProgress(area: HTMLElement): (share: number | null) => void {
  all("progress, output", area).forEach((old) => old.remove());
  const bar = document.createElement("progress");
  const told = document.createElement("output");
  bar.max = 1;
  area.append(bar, told);
  return (share) => {
    if (share === null) return void (bar.remove(), told.remove());
    bar.value = share;
    told.textContent = word("sent", Math.floor(share * 100));
  };
}
