// Forms that survive a lost connection: what is typed is kept on this device, sent with the same one-time key as soon as the
// connection is back, and says when it was entered. Without this script the forms work as any other.
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-offline]")) keepAlive(form);

  function keepAlive(form) {
    const say = form.dataset;
    const status = document.querySelector("[data-offline-status]");
    const key = `bk-form:${form.getAttribute("action")}`;
    const retryInterval = 10 * 1000;
    const hidden = new Set(["_csrf", "_form", "entered_at"]);
    // A wrong clock of the device does not make a wrong time: the server said what time it was when the page came.
    const skew = say.now ? Date.parse(say.now) - Date.now() : 0;
    let timer = null;
    let pending = null; // what is being sent: its button, key and time stay the same until the server has answered
    // Other scripts of the page read on the form: data-edited-at, when it was last filled in (RFC 3339, the server's clock);
    // data-is-sending while `pending` waits for its answer; data-is-restored. They tell with the event bk:stored that the
    // server has a draft of everything typed.
    function now() { return localTime(new Date(Date.now() + skew)); }
    function setPending(value) {
      pending = value;
      if (value) say.isSending = "yes";
      else delete say.isSending;
    }

    function tell(text) {
      if (!status) return;
      status.textContent = text;
      status.hidden = text === "";
    }
    function values() {
      return [...new FormData(form)].filter(([name, value]) => !hidden.has(name) && typeof value === "string");
    }
    function keep() {
      try {
        localStorage.setItem(key, JSON.stringify({ values: values(), editedAt: say.editedAt, pending }));
      } catch { /* storage is full or forbidden */ }
    }
    function forget() {
      try { localStorage.removeItem(key); } catch { /* nothing was kept */ }
    }
    function field(name) { return form.querySelector(`input[name="${name}"]`); }

    async function send() {
      clearTimeout(timer);
      if (!pending) return;
      field("_form").value = pending.key;
      field("entered_at").value = pending.enteredAt;
      const body = new URLSearchParams(new FormData(form));
      body.set("do", pending.action);
      tell(say.sending);
      let answer;
      try {
        answer = await fetch(form.getAttribute("action"), {
          method: "POST", credentials: "same-origin", body, headers: { Accept: "text/html" },
        });
      } catch {
        tell(say.offline);
        timer = setTimeout(send, retryInterval);
        return;
      }
      const path = new URL(answer.url).pathname;
      if (answer.redirected && (path.startsWith("/registry/") || path.startsWith("/parent/"))) {
        tell(say.signedOut);
        return;
      }
      if (answer.status >= 500) {
        tell(say.offline);
        timer = setTimeout(send, retryInterval);
        return;
      }
      if (answer.redirected && answer.ok) {
        forget();
        location.assign(answer.url);
        return;
      }
      // The server refused it: let it show the page with its reasons. Nothing was stored, the key may be used again.
      const action = document.createElement("input");
      action.type = "hidden";
      action.name = "do";
      action.value = pending.action;
      form.append(action);
      setPending(null);
      keep();
      form.submit();
    }

    form.addEventListener("input", () => {
      say.editedAt = now();
      // Another content is another command: it gets its own key and its own time.
      if (pending) {
        setPending(null);
        clearTimeout(timer);
        field("_form").value = newKey();
        field("entered_at").value = "";
      }
      keep();
    });
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      const action = button && button.name === "do" ? button.value : "submit";
      if (button && button.dataset.chooseAll) return;
      event.preventDefault();
      delete form.dataset.sent; // session.js guards native submissions; here the key does
      if (!pending) setPending({ key: field("_form").value, action, enteredAt: say.editedAt || now() });
      keep();
      send();
    });
    for (const button of form.querySelectorAll("[data-choose-all]")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        for (const choice of form.querySelectorAll(`input[type=radio][value="${button.dataset.chooseAll}"]`)) choice.checked = true;
        form.dispatchEvent(new Event("input"));
      });
    }
    window.addEventListener("online", send);
    form.addEventListener("bk:stored", () => { if (!pending) forget(); });

    // What did not reach the server comes back, with its key: sending it twice changes nothing.
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { kept = null; }
    if (kept && Array.isArray(kept.values) && !document.querySelector("[role=alert]")) {
      for (const choice of form.querySelectorAll("input[type=radio]:enabled, input[type=checkbox]:enabled")) choice.checked = false;
      for (const [name, value] of kept.values) {
        for (const target of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
          if (target.matches(":disabled")) continue;
          if (target.type === "radio" || target.type === "checkbox") {
            if (target.value === value) target.checked = true;
          } else {
            target.value = value;
          }
        }
      }
      setPending(kept.pending);
      if (kept.editedAt) say.editedAt = kept.editedAt;
      say.isRestored = "yes";
      tell(say.restored);
      if (pending) send();
    }
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  }

  // RFC 3339 with the device's offset: the true time of the entry.
  function localTime(date) {
    const pad = (number, width = 2) => String(number).padStart(width, "0");
    const offset = -date.getTimezoneOffset();
    return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}:`
      + `${pad(date.getSeconds())}${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  }
})();
