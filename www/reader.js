// The worker that reads a file for the page: the page's own binary, which sees where it runs.
import init from "../studio.js";
import { start } from "./watch.js";

await start(init, new URL("../studio_bg.wasm", import.meta.url), "reader");
