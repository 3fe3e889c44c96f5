// Without a network the page works as it last did: the network is asked first, so that nothing is ever out of date,
// and what it does not answer comes from the copies made after the first live trace.
const CACHE = "moescope-2";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("moescope-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("message", (event) => {
  const { keep: files, build } = event.data ?? {};
  if (Array.isArray(files)) event.waitUntil(keep(files, build ?? ""));
});

// Keeps copies of files for the page of a build (`?b=…`; empty where there is none). The page itself is replaced last, and only
// by one of that build with all its scripts and binaries here: what is kept always fits together.
async function keep(files, build) {
  const cache = await caches.open(CACHE);
  const page = self.registration.scope;
  await Promise.all(files.filter((url) => url !== page).map((url) => copy(cache, url, build)));
  if (!files.includes(page)) return;
  const fits = await Promise.all(files.map((url) => url === page || !build || new URL(url).search !== build || cache.match(url)));
  const response = await fetch(page, { cache: "no-cache" }).catch(() => undefined);
  if (!response?.ok || !fits.every(Boolean) || !(await names(response, build))) return;
  await cache.put(page, response);
  for (const { url } of await cache.keys()) {
    const { search } = new URL(url);
    if (search.startsWith("?b=") && search !== build) await cache.delete(url);
  }
}

// Whether a file says that it is of that build, as every script, every binary and the page do.
async function names(response, build) {
  return (await response.clone().text()).includes(build.replace("?b=", ""));
}

async function copy(cache, url, build) {
  try {
    const response = await fetch(url, { cache: "no-cache" });
    if (!response.ok) return;
    // The server has another build by now, and answers with its file: the copy of this one stays.
    if (build && new URL(url).search === build && !(await names(response, build))) return;
    const config = url.endsWith("/config.json") ? await response.clone().json() : undefined;
    await cache.put(url, response);
    if (config) await copy(cache, new URL(config.shared_tokenizer ? "../tokenizer.json" : "tokenizer.json", url).href, build);
  } catch {
    // Gone offline meanwhile: the older copy stays.
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith((async () => {
    try {
      // Not the page that the browser itself has kept: it may be of a build of which nothing else is here.
      return await fetch(request, request.mode === "navigate" ? { cache: "no-cache" } : undefined);
    } catch (error) {
      const cache = await caches.open(CACHE);
      // A script of another build would not fit the page.
      const ignoreSearch = !new URL(request.url).search.startsWith("?b=");
      const kept = await cache.match(request, { ignoreSearch, ignoreVary: true })
        ?? (request.mode === "navigate" ? await cache.match(self.registration.scope) : undefined);
      if (kept) return kept;
      throw error;
    }
  })());
});
