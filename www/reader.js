// The worker that reads a file for the page: the page's own binary, which sees where it runs.
import { start } from "./watch.js";

await start("studio", import.meta.url, "reader");
