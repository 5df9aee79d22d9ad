// Live pictures: shows the state, moves the watermark, reconnects without a storm, stops when the server ends the view.
// Markup: the partial bright/video. Session: GET /video/sessions/{id} → { "state": "live" | "ended", "reason_text": "…" }.
"use strict";
(() => {
  const pollInterval = 3000; // a revoked view must be gone within 5 seconds
  const watermarkInterval = 60 * 1000;
  const watermarkPlaces = 5;
  const longestPause = 30 * 1000;

  function attach(figure) {
    const video = figure.querySelector("video");
    const status = figure.querySelector(".video__status");
    const watermark = figure.querySelector(".video__watermark");
    if (!video || !status) return;
    let source = video.getAttribute("src");
    let attempt = 0;
    let ended = false;
    let retry = null;
    let lastTime = -1;
    let lastAdvance = Date.now();

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

    // The address of the stream names its view session: /video/live/<session>/<camera>/index.m3u8
    function session() {
      const match = /\/video\/live\/([^/]+)\//.exec(video.currentSrc || "");
      return figure.dataset.session || (match && match[1]);
    }

    async function poll() {
      const id = session();
      if (id && document.visibilityState === "visible") {
        try {
          const answer = await fetch(`/video/sessions/${encodeURIComponent(id)}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
          if (answer.status === 404 || answer.status === 410 || answer.status === 401) return end();
          if (answer.ok) {
            const view = await answer.json();
            if (view.state === "ended") return end(view.reason_text);
          }
        } catch {
          // The network is away: the picture itself tells.
        }
      }
      if (video.currentTime !== lastTime) {
        lastTime = video.currentTime;
        lastAdvance = Date.now();
      } else if (!video.paused && Date.now() - lastAdvance > 15000) {
        reconnect();
      }
    }

    video.addEventListener("playing", () => {
      attempt = 0;
      show("live");
    });
    video.addEventListener("error", reconnect);
    video.addEventListener("ended", reconnect);
    video.addEventListener("stalled", () => {
      if (video.readyState < 2) show("lost");
    });
    const timer = setInterval(poll, pollInterval);

    if (watermark) {
      const own = watermark.dataset.watermark;
      let place = 0;
      const stamp = () => {
        const now = new Date().toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
        watermark.textContent = `${own} ${now}`;
      };
      stamp();
      setInterval(stamp, 1000);
      setInterval(() => {
        place = (place + 1) % watermarkPlaces;
        watermark.dataset.place = String(place);
      }, watermarkInterval);
    }

    window.addEventListener("pagehide", () => {
      const id = session();
      const token = document.querySelector("input[name=_csrf]");
      if (id && !ended && token) {
        const body = new URLSearchParams({ _csrf: token.value });
        navigator.sendBeacon(`/video/sessions/${encodeURIComponent(id)}/end`, body);
      }
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) connect();
    });
    play();
  }

  for (const figure of document.querySelectorAll("[data-video]")) attach(figure);
})();
