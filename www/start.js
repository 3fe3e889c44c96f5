// Starts the page's binary, says so where that cannot work, and keeps a copy of everything for use without a network.
const fallback = document.getElementById("fallback");

async function start() {
  if (typeof WebAssembly !== "object") throw new Error("it has no WebAssembly");
  const app = await import("../app.js");
  await app.default({ module_or_path: new URL("../app_bg.wasm", import.meta.url) });
}

start().then(keep, (error) => {
  if (fallback) fallback.textContent = `This browser could not start the page (${error.message}). A current Chrome, Edge, Firefox or Safari can; if this is one, reload the page.`;
});

// After the first live trace every file that the page needs has been used once: the service worker keeps those.
async function keep() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(new URL("../sw.js", import.meta.url));
    await window.moescope?.ready;
    const { active } = await navigator.serviceWorker.ready;
    const model = document.querySelector('meta[name="moescope-model"]')?.content ?? "";
    const near = (path) => new URL(path, document.baseURI).href;
    const seen = performance.getEntriesByType("resource").map((entry) => entry.name);
    const own = ["./", "worker.js", "worker_bg.wasm", "www/engine.js"].map(near);
    const files = (name) => ["config.json", "model.safetensors", "tokenizer.json", "card.json"]
      .map((file) => near(model.replace(/[^/]*\/$/, `${name}/`) + file));
    const post = (urls) => active?.postMessage({ keep: [...new Set(urls)].filter((url) => url.startsWith(location.origin)) });
    post([...seen, ...own, ...files(window.moescope.model)]);
    // Whichever model is chosen later is kept too.
    window.moescope.keep = (name) => post(files(name));
  } catch {
    // Private windows and file: addresses have no service worker; the page does not need one.
  }
}
