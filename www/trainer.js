// The trainer's worker: start its binary, watched.
import init from "../trainer.js";
import { start } from "./watch.js";

await start(init, new URL("../trainer_bg.wasm", import.meta.url), "trainer");
