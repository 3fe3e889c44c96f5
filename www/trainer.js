// The trainer worker's first lines: start its binary, and let the page hear of what stops it.
import init from "../trainer.js";

self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  setTimeout(() => { throw event.reason; });
});

try {
  await init({ module_or_path: new URL("../trainer_bg.wasm", import.meta.url) });
} catch (error) {
  const why = error?.message ?? error;
  setTimeout(() => { throw new Error(`The trainer’s code could not be started (${why})`); });
}
