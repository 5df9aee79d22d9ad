// The operator's page: asks every service for its state, now and every fifteen seconds, with the operator's own session.
(function () {
  "use strict";
  const nav = document.querySelector("[data-operations]");
  const said = document.querySelector("[data-said]");
  if (!nav) return;

  async function look(link) {
    const pill = link.querySelector("[data-pill]");
    let text = "?";
    let tone = "pill--error";
    try {
      const answer = await fetch(link.dataset.state, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.ok) {
        const state = await answer.json();
        const aside = state.dead_letters + state.parked_keys;
        text = state.ready ? (aside ? "! " + aside : "✓") : "✗";
        tone = state.ready ? (aside ? "pill--warn" : "pill--ok") : "pill--error";
      } else {
        text = String(answer.status);
      }
    } catch (error) {
      text = "✗";
    }
    if (pill.textContent !== text) {
      pill.textContent = text;
      pill.className = "pill " + tone;
      said.textContent = link.firstChild.textContent.trim() + " " + text;
    }
  }

  function lookAtAll() {
    if (!document.hidden) nav.querySelectorAll("[data-state]").forEach(look);
  }
  lookAtAll();
  setInterval(lookAtAll, 15000);
})();
