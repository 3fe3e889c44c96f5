// The worker's first lines: start the engine's binary, and let the page hear of what stops it.
import init from "../worker.js";

self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  setTimeout(() => { throw event.reason; });
});

try {
  await init({ module_or_path: new URL("../worker_bg.wasm", import.meta.url) });
} catch (error) {
  const why = error?.message ?? error;
  setTimeout(() => { throw new Error(`The engine’s code could not be started (${why})`); });
}
