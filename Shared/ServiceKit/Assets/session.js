// Keeps the session of a visible page alive, and keeps one form from being sent twice. Everything works without it.
"use strict";
(() => {
  const renewalInterval = 5 * 60 * 1000; // a token lives 15 minutes: two renewals may fail
  let lastRenewal = Date.now();

  async function renew() {
    if (document.visibilityState !== "visible" || Date.now() - lastRenewal < renewalInterval) return;
    lastRenewal = Date.now();
    try {
      await fetch("/registry/session/renew", { credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" } });
    } catch {
      lastRenewal = Date.now() - renewalInterval + 30 * 1000; // offline: again in half a minute
    }
  }

  if (document.body.dataset.signedIn === "staff") {
    setInterval(renew, 30 * 1000);
    document.addEventListener("visibilitychange", renew);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.method === "post") {
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 8000); // a failed upload may be tried again
    }
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
