// The representatives' pages open at once and say so when there is no network. Kept: style, scripts, icon and the page
// "offline". Never kept: anything about a person, and anything under /video/.
"use strict";
const store = "bright-kitchen-1";
const offline = "/parent/offline";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(store).then((cache) => cache.add(new Request(offline, { credentials: "omit" }))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== store).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

async function asset(request) {
  const cache = await caches.open(store);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    // An asset has its content in its address: older ones of the same name are of no use.
    const path = new URL(request.url).pathname;
    for (const old of await cache.keys()) {
      if (new URL(old.url).pathname === path) await cache.delete(old);
    }
    await cache.put(request, answer.clone());
  }
  return answer;
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (address.pathname.startsWith("/parent/assets/") && address.search.startsWith("?v=")) {
    event.respondWith(asset(request));
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match(offline)) || Response.error()));
  }
});
