"use strict";
// Keeps the list of rooms fresh while somebody looks at it. Without this the page works as well.

const EVERY = 5000;

async function refresh() {
  const shown = document.getElementById("rooms");
  // A link that has the focus must not be taken away.
  if (document.hidden || shown.contains(document.activeElement)) return;
  try {
    const answer = await fetch(document.querySelector("main").dataset.home);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("rooms");
    if (fresh && fresh.innerHTML !== shown.innerHTML) shown.replaceWith(fresh);
  } catch {
    // The server is away; the next time it may be back.
  }
}

setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);
