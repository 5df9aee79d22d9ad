// Registers the service worker of the representatives' pages, so that they open at once and can be installed.
"use strict";
if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/parent/sw.js", { scope: "/parent/" }).catch(() => {}));
}
