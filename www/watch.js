// The first lines of every worker: the page must hear of its end, however it comes (src/app/heartbeat.rs).

import { load } from "./load.js";

// The page's beat: answered between any two pieces of work.
self.addEventListener("message", (event) => {
  if (event.data !== "ping") return;
  event.stopImmediatePropagation();
  self.postMessage("pong");
});

self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  setTimeout(() => { throw event.reason; });
});

// Runs a worker's code, and says so where it cannot start. First of all it says of which version it is, so that a page of
// another one need not guess what its messages mean.
export async function start(run) {
  self.postMessage(`version ${new URL(import.meta.url).search}`);
  // The page, once it is told, asks for this lock too, and gets it when this worker is no more.
  await new Promise((go) => {
    if (!navigator.locks || !self.name) return go();
    const hold = (lock) => {
      if (lock) self.postMessage("held");
      go();
      return lock && new Promise(() => {});
    };
    navigator.locks.request(self.name, { ifAvailable: true }, hold).catch(go);
  });
  try {
    await run();
  } catch (error) {
    const why = error?.message ?? error;
    // A file that is missing, or of another build, stays so for whoever asks again at once.
    self.postMessage(error?.help ? `no-code ${error.help} ${why}` : `not-started ${why}`);
    // A page of an older version knows no such words. One that does has ended this worker by then.
    setTimeout(() => { throw error; }, 2000);
  }
}

// The binary of that name, started, for a page of the build that stands behind `address`, the worker's.
export async function binary(name, address) {
  const { search } = new URL(address);
  const { module, code, builds: [build] } = await load(name, search);
  if (search && search !== `?b=${build}`) throw Object.assign(new Error("the server has another version of the page by now"), { help: "reload" });
  await module.default({ module_or_path: code });
  return module;
}
