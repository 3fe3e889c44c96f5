// Starts the page's binary, says so where that cannot work, and keeps a copy of everything for use without a network.
// There are two: `app` paints first, and `studio`, with every screen, takes its place when a visitor goes further, or from
// the start where the address asks for more than the first screen.
import { failed, load, refusal } from "./load.js";

const further = /[#&](screen=(compare|train)|view=method)(&|$)/;
// `?b=…`: which build this is.
let { search } = new URL(import.meta.url);
window.moescopeStarting = true; // For the script in index.html.

let running = false;

async function binary(name) {
  const { module, code, builds: [build] } = await load(name, search);
  const own = build ? `?b=${build}` : "";
  if (search && own !== search && (running || !(await everywhere(own)))) {
    throw failed(`${name}.js and ${name}_bg.wasm are of another version than this page`, "updating");
  }
  // What is asked for from now on, workers too (src/app/worker.rs), is of that build.
  if (own) search = window.moescopeBuild = own;
  return () => {
    running = true;
    return module.default({ module_or_path: code });
  };
}

// Whether the server has the workers of that build too: then it is this page that a browser had kept.
async function everywhere(build) {
  if (!build) return false;
  const response = await fetch(new URL(`engine.js${build}`, import.meta.url)).catch(() => undefined);
  return Boolean(response?.ok) && (await response.text()).includes(build);
}

// Why the script of a worker cannot run, in the words of www/watch.js: browsers do not tell the page.
window.moescopeWhy = async (script) => {
  for (const name of [script, `www/watch.js${search}`]) {
    const error = await refusal(name);
    if (error) return `no-code ${error.help} ${error.message}`;
  }
  return "";
};

// Called by the light page. It goes only once everything that comes next is here.
async function whole(give) {
  const run = await binary("studio");
  window.moescopeHanded = give();
  const caught = hold();
  window.moescope.leave();
  await run();
  caught();
  keep();
}

// Keeps files that are dropped while neither page listens; the function that it gives drops them again on the one that does.
function hold() {
  const dropped = [];
  const hear = (event) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    if (event.type === "drop") dropped.push([...event.dataTransfer.files]);
  };
  const kinds = ["dragover", "drop"];
  kinds.forEach((kind) => window.addEventListener(kind, hear));
  // The page listens from its first frame on.
  return () => requestAnimationFrame(() => requestAnimationFrame(() => {
    kinds.forEach((kind) => window.removeEventListener(kind, hear));
    for (const files of dropped) {
      const dataTransfer = new DataTransfer();
      files.forEach((file) => dataTransfer.items.add(file));
      document.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
    }
  }));
}

async function start() {
  if (typeof WebAssembly !== "object") throw new Error("it has no WebAssembly");
  let studio = further.test(location.hash);
  const run = await binary(studio ? "studio" : "app").catch((error) => {
    if (!studio) throw error;
    // The light page asks for it again, says what is missing, and works without it.
    studio = false;
    return binary("app");
  });
  await parsed();
  await run();
  if (!studio) window.moescope.whole = whole;
}

// This file is asked for before the rest of the page is read.
function parsed() {
  if (document.readyState !== "loading") return Promise.resolve();
  return new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}

// What to do where code of the page cannot be had, by the word that www/load.js says.
const HELP = {
  missing: "The server lacks a file of this page, or cannot be reached: reload the page, or tell whoever serves it.",
  updating: "The server is being updated, or something between it and here keeps old copies: wait a moment and, with a connection, reload the page.",
  type: "Browsers run scripts that are sent as text/javascript only: whoever serves the page must set that type for .js files.",
};

start().then(keep, async (error) => {
  const ready = Promise.reject(error);
  ready.catch(() => {}); // Nobody may be waiting.
  window.moescope ??= { ready };
  await parsed();
  document.getElementById("help")?.remove();
  const fallback = document.getElementById("fallback");
  const help = HELP[error.help] ?? "A current Chrome, Edge, Firefox or Safari can start it; if this is one, reload the page.";
  if (fallback) fallback.textContent = `The page could not be started (${error.message}). ${help}`;
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
    const binaries = ["app", "studio", window.moescope.engine ?? "engine_cpu"].flatMap((name) => [`${name}.js${search}`, `${name}_bg.wasm${search}`]);
    const scripts = ["load", "engine", "reader", "watch"].map((name) => `www/${name}.js${search}`);
    const own = ["./", ...binaries, ...scripts].map(near);
    // The tokenizer follows from config.json.
    const files = (name) => ["config.json", "model.safetensors", "card.json"]
      .map((file) => near(model.replace(/[^/]*\/$/, `${name}/`) + file));
    const post = (urls) => active?.postMessage({ keep: [...new Set(urls)].filter((url) => url.startsWith(location.origin)), build: search });
    post([...seen, ...own, ...files(window.moescope.model)]);
    // Whichever model is chosen later is kept too.
    window.moescope.keep = (name) => post(files(name));
  } catch {
    // Private windows and file: addresses have no service worker; the page does not need one.
  }
}
