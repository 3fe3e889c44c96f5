// The trainer's worker: start its binary, watched.
import { start } from "./watch.js";

await start("trainer", import.meta.url, "trainer");
