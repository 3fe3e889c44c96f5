// Without a network the page works as it last did: the network is asked first, so that nothing is ever out of date,
// and what it does not answer comes from the copies made after the first live trace.
const CACHE = "moescope-1";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("moescope-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("message", (event) => {
  const files = event.data?.keep;
  if (Array.isArray(files)) event.waitUntil(keep(files));
});

async function keep(files) {
  const cache = await caches.open(CACHE);
  await Promise.all(files.map(async (url) => {
    try {
      const response = await fetch(url, { cache: "no-cache" });
      if (!response.ok) return;
      const config = url.endsWith("/config.json") ? await response.clone().json() : undefined;
      await cache.put(url, response);
      if (config) await keep([new URL(config.shared_tokenizer ? "../tokenizer.json" : "tokenizer.json", url).href]);
    } catch {
      // Gone offline meanwhile: the older copy stays.
    }
  }));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith((async () => {
    try {
      return await fetch(request);
    } catch (error) {
      const cache = await caches.open(CACHE);
      const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true })
        ?? (request.mode === "navigate" ? await cache.match(self.registration.scope) : undefined);
      if (kept) return kept;
      throw error;
    }
  })());
});
