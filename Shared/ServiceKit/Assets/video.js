// Live pictures: shows the state, moves the watermark, reconnects without a storm, stops when the server ends the view.
// Markup: the partial bright/video, whose source is /video/open/{camera}?…. The view's session is asked for with
// GET /video/sessions/current?camera={camera}, then /video/sessions/{id}: { session_id, state, message, watermark }.
"use strict";
(() => {
  const pollInterval = 3000; // a revoked view must be gone within 5 seconds
  const watermarkInterval = 60 * 1000;
  const watermarkPlaces = 5;
  const longestPause = 30 * 1000;
  const slowAfter = 3; // pauses within a minute


  function attach(figure) {
    const video = figure.querySelector("video");
    const status = figure.querySelector(".video__status");
    const watermark = figure.querySelector(".video__watermark");
    if (!video || !status) return;
    const source = video.getAttribute("src");
    const opened = /\/video\/open\/([^/?]+)/.exec(source || "");
    const camera = opened ? decodeURIComponent(opened[1]) : "";
    let attempt = 0;
    let ended = false;
    let retry = null;
    let session = null;
    let own = watermark ? watermark.dataset.watermark : "";
    let lastTime = -1;
    let lastAdvance = Date.now();
    let pauses = [];

    function show(state, text) {
      status.textContent = text || status.dataset[state];
      status.classList.toggle("is-live", state === "live");
      figure.dataset.state = state;
    }

    function play() {
      const started = video.play();
      if (started) started.catch(() => {});
    }

    function connect() {
      retry = null;
      if (ended || !source) return;
      session = null;
      show("connecting");
      lastAdvance = Date.now();
      video.src = source;
      video.load();
      play();
    }

    // Full jitter: many pages that lost the same camera do not come back together.
    function reconnect() {
      if (ended || retry) return;
      show("lost");
      const ceiling = Math.min(longestPause, 1000 * 2 ** Math.min(attempt, 6));
      attempt += 1;
      retry = setTimeout(connect, 500 + Math.random() * ceiling);
    }

    function end(text) {
      ended = true;
      clearTimeout(retry);
      clearInterval(timer);
      video.pause();
      video.removeAttribute("src");
      video.load();
      show("ended", text);
    }

    // Nothing was ever shown: asks the door itself why. What is final stays on the screen; the rest is tried again.
    async function askTheDoor() {
      if (session || ended || !source) return;
      try {
        const answer = await fetch(source, { credentials: "same-origin", redirect: "manual", headers: { Accept: "application/problem+json" } });
        if (answer.ok || answer.type === "opaqueredirect" || answer.status >= 500) return;
        const problem = await answer.json();
        if (answer.status === 429) show("lost", problem.detail);
        else end(problem.detail);
      } catch {
        // The network is away: tried again like a lost picture.
      }
    }

    async function poll() {
      if (document.visibilityState === "visible") await ask();
      if (video.currentTime !== lastTime) {
        lastTime = video.currentTime;
        lastAdvance = Date.now();
      } else if (!video.paused && Date.now() - lastAdvance > 15000) {
        reconnect();
      }
    }

    async function ask() {
      const path = session ? encodeURIComponent(session) : `current?camera=${encodeURIComponent(camera)}`;
      try {
        const answer = await fetch(`/video/sessions/${path}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
        if (!answer.ok) {
          // Before the first picture there is no session yet; afterwards its absence is the end.
          // Who was signed out while watching is never asked about a session again: 401 is the end as well.
          if (session ? [401, 403, 404, 410].includes(answer.status) : answer.status === 401 && video.currentTime > 0) end();
          return;
        }
        const view = await answer.json();
        if (view.state === "ended") {
          if (session) end(view.message);
          return;
        }
        session = view.session_id;
        if (view.watermark) own = view.watermark;
      } catch {
        // The network is away: the picture itself tells.
      }
    }

    video.addEventListener("playing", () => {
      attempt = 0;
      show("live");
      if (!session && opened) ask(); // the sooner its session is known, the sooner its end is
    });
    video.addEventListener("error", async () => {
      if (ended) return;
      await ask(); // a revoked view is an end, not a fault
      await askTheDoor();
      reconnect();
    });
    // A live picture that ends was lost; a recording has been seen.
    video.addEventListener("ended", () => (opened ? reconnect() : show("ended")));
    video.addEventListener("stalled", () => {
      if (video.readyState < 2) show("lost");
    });
    const timer = setInterval(poll, pollInterval);

    const notice = figure.querySelector(".video__notice");
    const connection = navigator.connection;
    if (notice && connection && (connection.saveData || /2g|3g/.test(connection.effectiveType || ""))) notice.hidden = false;
    video.addEventListener("waiting", () => {
      pauses = pauses.filter((at) => Date.now() - at < 60 * 1000).concat(Date.now());
      if (notice) notice.hidden = pauses.length < slowAfter;
    });

    // Own buttons: the browser's full screen would show the picture without its watermark.
    const tools = figure.querySelector(".video__tools");
    if (tools) {
      const toggle = tools.querySelector("[data-tool=play]");
      const full = tools.querySelector("[data-tool=full]");
      const frame = figure.querySelector(".video__frame");
      video.removeAttribute("controls");
      tools.hidden = false;
      full.hidden = !frame.requestFullscreen;
      full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen()));
      toggle.addEventListener("click", () => {
        if (ended) return;
        if (video.paused) connect();
        else video.pause();
      });
      for (const name of ["play", "pause"]) {
        video.addEventListener(name, () => (toggle.textContent = video.paused ? toggle.dataset.play : toggle.dataset.pause));
      }
      video.addEventListener("contextmenu", (event) => event.preventDefault());
    }

    if (watermark) {
      let place = 0;
      // The server's text carries its own clock once the session is known.
      const stamp = () => {
        const now = new Date().toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
        watermark.textContent = /\d{2}:\d{2}/.test(own) ? own : `${own} ${now}`;
      };
      stamp();
      setInterval(stamp, 1000);
      setInterval(() => {
        place = (place + 1) % watermarkPlaces;
        watermark.dataset.place = String(place);
      }, watermarkInterval);
    }

    window.addEventListener("pagehide", () => {
      const token = document.querySelector("input[name=_csrf]");
      if (session && !ended && token) {
        const body = new URLSearchParams({ _csrf: token.value });
        navigator.sendBeacon(`/video/sessions/${encodeURIComponent(session)}/end`, body);
      }
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) connect();
    });
    play();
  }

  for (const figure of document.querySelectorAll("[data-video]")) attach(figure);
})();
