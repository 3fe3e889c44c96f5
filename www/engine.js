// The engine's worker: start its binary, watched.
import { start } from "./watch.js";

await start("worker", import.meta.url, "engine");
