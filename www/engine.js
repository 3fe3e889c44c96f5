// The engine's worker: start its binary, watched.
import init from "../worker.js";
import { start } from "./watch.js";

await start(init, new URL("../worker_bg.wasm", import.meta.url), "engine");
