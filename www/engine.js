// The worker's first lines: start the engine's binary, and let the page hear of what stops it.
import init from "../worker.js";

// The page's beat: answered between any two pieces of work.
self.addEventListener("message", (event) => {
  if (event.data !== "ping") return;
  event.stopImmediatePropagation();
  self.postMessage("pong");
});

// The page, once it is told, asks for this lock too, and gets it when this worker is no more, however it ended.
await new Promise((go) => {
  if (!navigator.locks) return go();
  const hold = (lock) => {
    if (lock) self.postMessage("held");
    go();
    return lock && new Promise(() => {});
  };
  navigator.locks.request(self.name, { ifAvailable: true }, hold).catch(go);
});

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
