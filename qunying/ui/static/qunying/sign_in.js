// Shows what needs passkeys only where the browser has them, and says why one did not work.
(() => {
  const place = document.querySelector("[data-passkey-trouble]");
  const note = document.querySelector("[data-passkey-note]");
  if (!place || !note) return;

  const REASONS = { NotAllowedError: "stopped", AbortError: "stopped", SecurityError: "address", InvalidStateError: "known" };

  const say = (reason) => {
    const shown = note.content.cloneNode(true);
    shown.firstElementChild.setAttribute("role", "alert");
    shown.querySelector("span").textContent = place.getAttribute(`data-words-${reason}`);
    place.replaceChildren(shown);
  };

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(REASONS[event.detail.exception?.name] ?? "other");
  });

  const parts = document.querySelectorAll("[data-passkeys]");
  if ("PublicKeyCredential" in window) parts.forEach((part) => { part.hidden = false; });
  else if (document.querySelector("[data-passkeys] .primary")) say("address");
})();
