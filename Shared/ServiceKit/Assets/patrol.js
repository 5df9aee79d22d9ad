// The patrol workplace: proves viewing by a sign of life every 5 s, captures without leaving the page, and saves what was
// typed as a draft; offline.js keeps it while the connection is away. Without these scripts the forms do the same.
"use strict";
(() => {
  const form = document.querySelector("[data-patrol-sheet]");
  if (!form) return;
  const say = form.dataset;
  const token = form.querySelector("input[name=_csrf]").value;
  const camera = form.querySelector("input[name=camera]");
  const heartbeatInterval = 5000;
  const saveDelay = 1500;

  function post(path, body) {
    return fetch(path, {
      method: "POST", credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token },
      body: JSON.stringify(body),
    });
  }

  // Signs of life: only while the picture really advances and the page is seen.
  const video = form.querySelector("video");
  const progress = form.querySelector(".view-progress progress");
  const viewed = form.querySelector("[data-viewed]");
  let lastTime = -1;
  async function beat() {
    if (!video || !camera || video.paused || video.currentTime === lastTime || document.visibilityState !== "visible") {
      if (video) lastTime = video.currentTime;
      return;
    }
    lastTime = video.currentTime;
    try {
      const answer = await post(say.heartbeat, { camera_id: camera.value });
      if (!answer.ok) return;
      const state = await answer.json();
      progress.value = Math.min(state.viewed_seconds, state.minimum_seconds);
      viewed.textContent = viewed.textContent.replace(/\d+/, String(state.viewed_seconds));
      viewed.closest(".view-progress").classList.toggle("is-done", state.is_enough);
    } catch {
      // The connection is away: this stretch does not count, the next sign of life starts anew.
    }
  }
  if (video) {
    beat();
    setInterval(beat, heartbeatInterval);
  }

  // Capture in place; the server takes the picture from the stream itself.
  const captureStatus = form.querySelector("[data-capture-status]");
  const list = form.querySelector("[data-evidence-list]");
  let shots = list ? list.querySelectorAll("figure").length : 0;
  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    made.append(...children);
    return made;
  }
  function addShot(evidence, label) {
    shots += 1;
    const time = (evidence.camera_time || evidence.server_time).replace("T", " ").slice(0, 23);
    const picture = (width) => element("img", { src: evidence.thumbnail, alt: `${label} ${time}`, ...(width ? { width } : {}) });
    list.append(element("figure", {},
      element("a", { href: evidence.file, target: "_blank", rel: "noopener" }, picture()),
      element("figcaption", {}, element("span", { class: "pill" }, label), " ",
        element("span", { class: "muted num" }, time), " ",
        element("span", { class: "mono muted" }, evidence.hash.slice(0, 12)))));
    form.querySelector("[data-no-evidence]")?.remove();
    for (const choices of form.querySelectorAll("[data-shots]")) {
      choices.querySelector("[data-no-shots]")?.remove();
      choices.append(element("label", { class: "choice" },
        element("input", { type: "checkbox", name: `e.${choices.dataset.shots}`, value: evidence.evidence_id }),
        element("span", {}, picture(80), ` ${label} ${shots}`)));
    }
  }
  for (const button of form.querySelectorAll("[data-capture]")) {
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const buttons = form.querySelectorAll("[data-capture]");
      buttons.forEach((other) => { other.disabled = true; });
      captureStatus.textContent = say.capturing;
      try {
        const answer = await post(say.evidence, { camera_id: camera.value, kind: button.dataset.capture });
        const body = await answer.json();
        if (answer.ok) {
          addShot(body, button.textContent.trim());
          captureStatus.textContent = `${say.captured} · ${body.hash.slice(0, 12)}`;
        } else {
          captureStatus.textContent = body.detail || say.captureFailed;
        }
      } catch {
        captureStatus.textContent = say.captureFailed;
      }
      buttons.forEach((other) => { other.disabled = false; });
    });
  }

  // What was typed: offline.js keeps it on this device; here it is sent to the server as a draft after a short pause.
  const saveStatus = form.querySelector("[data-save-status]");
  let timer = null;
  function tell(text) {
    saveStatus.textContent = text;
    saveStatus.hidden = text === "";
  }
  function findings() {
    const rows = new Map();
    for (const row of form.querySelectorAll(".check-row")) {
      const code = row.id.slice(2);
      rows.set(code, { code, evidence_ids: [] });
    }
    for (const [name, value] of new FormData(form)) {
      const row = /^[a-z]\./.test(name) && rows.get(name.slice(2));
      if (!row || value === "") continue;
      switch (name[0]) {
        case "r": row.result = value; break;
        case "n": row.note = value; break;
        case "x": row.no_evidence_reason = value; break;
        case "s": row.severity = Number(value); break;
        case "e": row.evidence_ids.push(value); break;
      }
    }
    return [...rows.values()];
  }
  async function save() {
    timer = null;
    if (say.isSending) return;
    if (say.submitted) {
      // A submitted sheet is changed only by submitting it again: what is typed waits on this device.
      tell(say.resubmit);
      return;
    }
    tell(say.saving);
    const path = form.getAttribute("action").split("#")[0].replace("/patrol/patrols/", "/patrol/api/v1/patrols/");
    try {
      const answer = await fetch(path, {
        method: "PUT", credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token },
        body: JSON.stringify({ findings: findings(), entered_at: say.editedAt }),
      });
      if (answer.ok) {
        // Something typed meanwhile is still only here.
        if (timer === null) form.dispatchEvent(new Event("bk:stored"));
        tell(say.saved);
      } else if (answer.status >= 500) {
        throw new Error("try again");
      } else {
        const body = await answer.json();
        tell(body.detail || say.offline);
      }
    } catch {
      tell(say.offline);
      if (timer === null) timer = setTimeout(save, 5000);
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, saveDelay);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = null;
  });
  window.addEventListener("online", () => { if (timer !== null) { clearTimeout(timer); save(); } });
  if (say.isRestored && !say.isSending) timer = setTimeout(save, saveDelay);

  // Keys: work through the checklist without the mouse. Active only while the focus is in the workplace and not in a text
  // field (WCAG 2.1.4), never together with Ctrl, Alt or Meta, except Ctrl+Enter, which submits the zone.
  const rows = [...form.querySelectorAll(".check-row")];
  const results = ["ok", "violation", "not_observable", "not_applicable"];
  function current() { return rows.findIndex((row) => row.contains(document.activeElement)); }
  function go(index) {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    const choice = row.querySelector("input[type=radio]:checked") || row.querySelector("input[type=radio]");
    if (choice && !choice.disabled) choice.focus();
    row.scrollIntoView({ block: "center" });
  }
  function pressButton(value) {
    const button = form.querySelector(`button[name="do"][value="${value}"]`);
    if (button && !button.disabled) button.click();
  }
  const sheet = form.querySelector(".workplace__sheet");
  if (sheet) sheet.tabIndex = -1;
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      pressButton("submit");
      return;
    }
    const isText = event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (event.key === "Escape" && isText) {
      go(current());
      return;
    }
    if (isText || event.ctrlKey || event.altKey || event.metaKey) return;
    const index = current();
    const chosen = results[Number(event.key) - 1];
    if (chosen && index >= 0) {
      const choice = rows[index].querySelector(`input[type=radio][value="${chosen}"]`);
      if (choice && !choice.disabled) {
        choice.checked = true;
        choice.dispatchEvent(new Event("input", { bubbles: true }));
        if (chosen === "ok" || chosen === "not_applicable") go(index + 1);
        else rows[index].querySelector("textarea")?.focus();
      }
    } else if (event.key === "j") go(index + 1);
    else if (event.key === "k") go(index - 1);
    else if (event.key === "n" && index >= 0) rows[index].querySelector("textarea")?.focus();
    else if (event.key === "c") pressButton("still");
    else if (event.key === "v") pressButton("clip");
    else return;
    event.preventDefault();
  });
  // The first key needs no click: the first row without a result has the focus.
  if (!document.querySelector("[role=alert]")) {
    const empty = rows.findIndex((row) => !row.querySelector("input[type=radio]:checked"));
    if (empty >= 0 && matchMedia("(pointer: fine)").matches) {
      rows[empty].querySelector("input[type=radio]")?.focus({ preventScroll: true });
    }
  }
})();
